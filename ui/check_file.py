"""Checks one dropped file with the command that loads reports, in a process of its own; nothing is kept."""

from __future__ import annotations

import base64
import binascii
import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.settings import PROJECT_ROOT
from ui import reader

SECONDS = 60
_NOT_IN_NAMES = re.compile(r"[^\w .()\-]", re.UNICODE)


@dataclass(frozen=True)
class CheckedFile:
    """`status` 0 accepted, 1 partly, 2 refused; None where the check itself did not come to an end, with `problem`
    then a word key. `report` is what the command wrote as JSON; `workbook` the same report as XLSX.
    """

    name: str
    status: int | None
    content: bytes = b""
    report: dict[str, Any] | None = None
    workbook: bytes = b""
    problem: str = ""


def check_dropped(dropped: dict[str, Any]) -> CheckedFile:
    """Check what `drop_file` reported. The name is the reader's and is used as a label and an ending only."""
    name = clean_name(str(dropped.get("name", "")))
    content = dropped.get("content")
    if content is None:
        return CheckedFile(name, None, problem="check.too_large")
    try:
        received = base64.b64decode(str(content), validate=True)
    except binascii.Error:
        return CheckedFile(name, None, problem="check.failed")
    return run_check(name, received)


def clean_name(name: str) -> str:
    """The last part of a name, without anything that a path or a shell could read."""
    bare = _NOT_IN_NAMES.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(". -")
    return bare[-80:] or "tep"


def run_check(name: str, content: bytes) -> CheckedFile:
    """Run `python -m data.ingest --dry-run` on the bytes, in a folder that is gone afterwards. A file is compared with what its
    sender may see: what is found must not tell them the drafts of others."""
    seen_by = reader.audience().province
    with tempfile.TemporaryDirectory(prefix="baophu-check-") as directory:
        folder = Path(directory)
        (folder / "in").mkdir()
        path, workbook, report = folder / "in" / name, folder / "report.xlsx", folder / "report.json"
        path.write_bytes(content)
        command = [sys.executable, "-m", "data.ingest", "--dry-run", "--report", workbook, "--json", report, path]
        command += ["--seen-by", seen_by] if seen_by else []
        try:
            ended = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return CheckedFile(name, None, problem="check.slow")
        if ended.returncode not in (0, 1, 2) or not report.is_file():
            return CheckedFile(name, None, problem="check.failed")
        return CheckedFile(
            name,
            ended.returncode,
            content=content,
            report=json.loads(report.read_text("utf-8")),
            workbook=workbook.read_bytes() if workbook.is_file() else b"",
        )
