"""Write a folder that shows the map on a bare page with invented values, for looking and measuring.

    python charts/coverage_map/demo/write_demo.py FOLDER && python -m http.server --bind 127.0.0.1 --directory FOLDER

`index.html?message=data/<level>.bin` for level commune, district, province; `data/scope-<code>.bin` for one province.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))
from charts.coverage_map.message import pack_message  # noqa: E402

COMPONENT = ROOT / "charts" / "coverage_map"
PERIODS = [f"{year}-{month:02d}" for year in range(2016, 2027) for month in range(1, 13)]
EDGES = (60, 70, 80, 85, 90, 100)


def invent_rates(units: int) -> np.ndarray:
    """Rates in percent, unit by month: rising slowly, about 1 % unknown (NaN); the same every time."""
    rng = np.random.default_rng(85)
    rates = (
        rng.normal(78, 9, units)[:, None] + np.linspace(0, 12, len(PERIODS)) + rng.normal(0, 0.8, (units, len(PERIODS)))
    )
    rates[rng.random(rates.shape) < 0.01] = np.nan
    return rates


def write_level(folder: Path, header: dict[str, Any], level: str, boundary_set: str, manifest: dict[str, Any]) -> None:
    """Write message, value file and figures for hover of one level; for communes also one message per province."""
    names = json.loads(gzip.decompress((folder / "outlines" / manifest["names"]).read_bytes()))
    rates = invent_rates(len(names[level]["codes"]))
    classes = np.where(np.isnan(rates), 255, np.digitize(np.nan_to_num(rates), EDGES)).astype(np.uint8)
    order = {"unit_count": len(rates), "order_hash": manifest["order_hash"][level]}
    about = order | {"boundary_set": boundary_set, "level": level, "programme": "demo", "periods": PERIODS}
    (folder / "data" / f"{level}.values.gz").write_bytes(gzip.compress(_pack(about, classes.tobytes()), 9, mtime=0))
    at = PERIODS.index("2020-12")
    hundredths = np.where(np.isnan(rates[:, at]), 65535, np.floor(np.nan_to_num(rates[:, at]) * 100)).astype("<u2")
    missing = np.where(np.isnan(rates[:, at]), -1, np.maximum(0, 85 - np.nan_to_num(rates[:, at])) * 60).astype("<i4")
    (folder / "data" / f"{level}.2020-12.bin").write_bytes(_pack(order, hundredths.tobytes() + missing.tobytes()))
    header = header | {
        "boundary_set": boundary_set, "level": level, "order_hash": order["order_hash"],
        "outlines": f"outlines/{manifest[level]}", "names": f"outlines/{manifest['names']}",
        "values": f"data/{level}.values.gz", "rest": f"data/{level}.{{period}}.bin",
    }  # fmt: skip
    (folder / "data" / f"{level}.bin").write_bytes(pack_message(header, classes[:, at].copy()))
    for code, file in manifest["scopes"].items() if level == "commune" else ():
        scope = {"scope": code, "scope_outlines": f"outlines/{file}", "background": f"outlines/{manifest['province']}"}
        (folder / "data" / f"scope-{code}.bin").write_bytes(pack_message(header | scope, classes[:, at].copy()))


def _pack(header: dict[str, Any], body: bytes) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<I", len(text)) + text + body


def main(folder: Path, boundary_set: str = "2019-10") -> None:
    (folder / "data").mkdir(parents=True, exist_ok=True)
    shutil.copytree(ROOT / "static" / "outlines", folder / "outlines", dirs_exist_ok=True)
    shutil.copytree(COMPONENT / "assets", folder / "assets", dirs_exist_ok=True)
    page = (COMPONENT / "demo" / "index.html").read_text("utf-8").replace("../assets/", "./assets/")
    (folder / "index.html").write_text(page, encoding="utf-8")
    header = json.loads(re.search(r"```json\n(.*?)```", (COMPONENT / "README.md").read_text("utf-8"), re.S)[1])
    manifest = json.loads((folder / "outlines" / "manifest.json").read_text())[boundary_set]
    for level in ("province", "district", "commune"):
        if level in manifest:
            write_level(folder, header, level, boundary_set, manifest)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
