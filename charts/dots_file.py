"""A strip or funnel of the screen as a drawing for files: the same marks at one width.

On the screen, places across are percentages, so that a picture fits any width; programs that draw SVG for print know
neither percentages inside a page nor lines whose strength is kept while their picture is stretched.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

_SVG = "http://www.w3.org/2000/svg"
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # a name may hold them, no XML may
_ACROSS = ("x", "x1", "x2", "cx", "width")


def fix_width(markup: str, width: int) -> str:
    """The SVG of `charts.dots.frame` at `width` pixels: percentages become pixels, the stretched picture of the limits its
    lines where they fall, and what only a click needs goes."""
    root = ET.fromstring(CONTROL.sub("", markup).replace("<svg ", f'<svg xmlns="{_SVG}" ', 1))
    for part in root.iter():
        for name in _ACROSS:
            if (value := part.get(name, "")).endswith("%"):
                part.set(name, f"{float(value[:-1]) * width / 100:.2f}")
    for place, part in enumerate(list(root)):
        if part.tag == f"{{{_SVG}}}svg":
            root[place] = _unstretch(part, width)
    said = root.attrib.pop("aria-label", "")
    for part in root.iter():
        for name in ("class", "data-act", "data-value", "vector-effect"):
            part.attrib.pop(name, None)
    root.set("viewBox", f"0 0 {width} {root.get('height')}")
    root.set("font-family", "Be Vietnam Pro")
    title = ET.Element(f"{{{_SVG}}}title")
    title.text = said
    root.insert(0, title)
    ET.register_namespace("", _SVG)
    return ET.tostring(root, encoding="unicode")


def _unstretch(picture: ET.Element, width: int) -> ET.Element:
    """A picture of 100 × 100 that fills the width, as a group of lines in pixels."""
    top, height = float(picture.get("y", "0")), float(picture.get("height", "0"))
    group = ET.Element(f"{{{_SVG}}}g")
    for line in picture:
        pairs = (pair.split(",") for pair in line.get("points", "").split())
        line.set(
            "points", " ".join(f"{float(x) * width / 100:.2f},{top + float(y) * height / 100:.2f}" for x, y in pairs)
        )
        group.append(line)
    return group
