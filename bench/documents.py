"""How long documents take: one of each kind warm, as a reader's click finds them, and all briefs of a level by the command.

One document: made in this process by the address that the page links to, of a place or month nobody has asked for yet (its
snapshot's questions are warm, the document is not). In bulk: the command itself, start of its processes included.
"""

from __future__ import annotations

import logging
import os
import statistics
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from subprocess import DEVNULL, run
from typing import Any

from bench.inputs import ROOT
from bench.load import prepare_public
from ui import loaders
from ui.takeaway import answer
from ui.takeaway.registry import PAGES
from ui.warm_up import warm_pages

MONTH, OTHER_MONTH = "2020-12", "2026-06"  # of 63 provinces, and of 34
SINGLE: Mapping[str, tuple[str, str, tuple[dict[str, str], ...]]] = {
    "brief of a province": ("profile", "brief.pdf", tuple({"unit": code} for code in ("38", "40", "79", "24", "96"))),
    "brief of the nation": ("profile", "brief.pdf", tuple({"period": f"2020-{month:02d}"} for month in range(6, 11))),
    "brief of a district": ("profile", "brief.pdf", tuple({"unit": code} for code in ("380", "412", "760", "213", "964"))),
    "brief of a commune": (
        "profile", "brief.pdf", tuple({"unit": code} for code in ("14818", "16717", "27457", "07255", "31999")),
    ),
    "workbook of 11,160 communes": ("home", "units.xlsx", tuple({"period": f"2020-{month:02d}"} for month in range(4, 7))),
    "workbook of a whole province": ("profile", "workbook.xlsx", tuple({"unit": code} for code in ("38", "40", "79"))),
    "evaluation report of the nation": ("emulation", "report.pdf", ({"round": "final"},)),
    "evaluation report of a province": (
        "emulation", "report.pdf", tuple({"round": "final", "unit": code} for code in ("38", "40", "79")),
    ),
    "slides of the meeting": ("meeting", "slides.pptx", tuple({"period": f"2020-{month:02d}"} for month in range(9, 12))),
    "map as picture": ("home", "map.png", tuple({"period": f"2020-{month:02d}"} for month in range(1, 4))),
}  # fmt: skip


def measure_documents(folder: Path) -> dict[str, Any]:
    """`single`: name -> median_ms, worst_ms, kb, count; `bulk`: name -> seconds, files, mb; `open_data`: the same."""
    logging.getLogger("streamlit").setLevel(logging.ERROR)
    loaders.warm_up()
    warm_pages()
    assert PAGES  # the registry imports every page's modules: the server has done so at its start
    single = {name: time_each(*one) for name, one in SINGLE.items()}
    bulk = {
        f"{month}, {lang}": time_command(folder / f"briefs_{month}_{lang}", "briefs", "--period", month, "--lang", lang)
        for month, lang in ((MONTH, "vi"), (OTHER_MONTH, "vi"))
    }
    public = prepare_public(folder / "public")
    open_data = time_command(folder / "open", "open-data", var=public.var_directory)
    return {"single": single, "bulk": bulk, "open_data": open_data}


def time_each(page: str, file: str, addresses: tuple[dict[str, str], ...]) -> dict[str, float]:
    """One of the kind that does not count, of another language: what it loads is there for the others."""
    answer.take(page, file, addresses[0] | {"lang": "en"})
    times, sizes = [], []
    for address in addresses:
        began = time.perf_counter()
        taken = answer.take(page, file, address)
        times.append(1000 * (time.perf_counter() - began))
        sizes.append(len(taken.body))
    return {
        "median_ms": statistics.median(times),
        "worst_ms": max(times),
        "kb": max(sizes) / 1000,
        "count": len(times),
    }


def time_command(into: Path, *words: str, var: Path | None = None) -> dict[str, float]:
    """`python -m reports …` from its start to its end, and what it wrote; `var`: of another data directory than ours."""
    began = time.perf_counter()
    run(
        [sys.executable, "-m", "reports", *words, "--into", str(into)],
        cwd=ROOT,
        check=True,
        env=os.environ | ({"BAOPHU_VAR": str(var)} if var else {}),
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    taken = time.perf_counter() - began
    files = [path for path in into.rglob("*") if path.is_file()]
    return {"seconds": taken, "files": len(files), "mb": sum(path.stat().st_size for path in files) / 1e6}
