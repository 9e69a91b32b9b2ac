"""Sets documents with Typst: PDF (tagged, PDF/UA-1, fonts embedded), PNG and SVG, without a browser and without the network.

A template (`reports/templates/*.typ`) reads one JSON text of content, already written in the reader's language, and the drawings
by name. Content is data: Typst shows it letter by letter, whatever stands in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import typst

from reports.typeface import fit_content, fit_text

FONTS = typst.Fonts(
    include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(Path(__file__).with_name("fonts"))]
)
TEMPLATES = Path(__file__).with_name("templates")
PNG_PPI = 192  # twice the 96 of a screen


def typeset(
    template: str,
    content: Mapping[str, Any],
    drawings: Mapping[str, str] | None = None,
    form: Literal["pdf", "png", "svg"] = "pdf",
    made_at: datetime | None = None,
) -> bytes | list[bytes]:
    """The document of a template (its name without ending).

    `drawings` are SVG texts by the file name that `content` names; `made_at` is the date inside the PDF (the same content and
    date give the same bytes). PNG and SVG of several pages come as a list.
    """
    # Handed over in memory: a document is made without writing a file anywhere.
    given = {name: fit_text(drawing) for name, drawing in (drawings or {}).items()}
    given["content"] = json.dumps(fit_content(content), ensure_ascii=False)
    compiler = typst.Compiler(
        str(TEMPLATES / f"{template}.typ"), root=str(TEMPLATES), font_paths=FONTS, sys_inputs=given
    )
    if form == "pdf":
        stamp = {} if made_at is None else {"timestamp": made_at}
        return compiler.compile(format="pdf", pdf_standards="ua-1", **stamp)
    return compiler.compile(format=form, ppi=PNG_PPI)
