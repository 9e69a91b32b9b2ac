"""What a received file is, judged from outside: its first bytes and, for a zip, its table of contents.

Nothing of the content is parsed here; that happens in a child process (see `sandbox`).
"""

import zipfile
from dataclasses import dataclass
from pathlib import Path

from data.errors import IngestRefused

LARGEST_FILE = 30_000_000
LARGEST_EXPANDED = 120_000_000
LARGEST_RATIO = 200  # a sheet of figures shrinks to about a tenth; a bomb to a thousandth
RATIO_APPLIES_FROM = 20_000_000
MOST_ENTRIES = 2_000
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = bytes.fromhex("D0CF11E0A1B11AE1")
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".csv", ".txt", ".tsv")
TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
WORKBOOK_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))


@dataclass(frozen=True)
class Container:
    """`kind` is xlsx, xls or csv; `marks` are ids of rules the file as a whole is marked with."""

    kind: str
    marks: tuple[str, ...] = ()


def check_container(path: Path) -> Container:
    """What the file is. Raises IngestRefused for whatever cannot be a report or would unpack to too much."""
    file = path.name
    if not path.is_file():
        raise IngestRefused("INGEST-NOT-FOUND", "ingest.not_found", file=file)
    size = path.stat().st_size
    if size == 0:
        raise IngestRefused("INGEST-EMPTY-FILE", "ingest.empty_file", file=file)
    if size > LARGEST_FILE:
        raise IngestRefused("INGEST-SIZE", "ingest.file_too_large", file=file, megabytes=size // 1_000_000)
    with path.open("rb") as stream:
        begin = stream.read(512)
    if begin.startswith(ZIP_MAGIC):
        return check_zip(path)
    if begin.startswith(OLE_MAGIC):
        return check_ole(path)
    if is_markup(begin):
        raise IngestRefused("INGEST-HTML", "ingest.html", file=file)
    if path.suffix.lower() in TEXT_SUFFIXES:
        return Container("csv")
    raise IngestRefused("INGEST-NOT-XLSX", "ingest.not_a_workbook", file=file)


def is_markup(begin: bytes) -> bool:
    """Whether a file begins as HTML or XML does, whatever its encoding; web systems export such files as .xls."""
    bare = begin.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").lstrip(b"\xff\xfe \t\r\n").lower()
    return bare.startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta", b"<head", b"<style", b"<!--"))


def check_zip(path: Path) -> Container:
    """An .xlsx, from its table of contents alone."""
    file = path.name
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
        raise IngestRefused("INGEST-NOT-XLSX", "ingest.damaged", file=file) from problem
    expanded = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    swollen = expanded > RATIO_APPLIES_FROM and expanded / packed > LARGEST_RATIO
    if expanded > LARGEST_EXPANDED or len(entries) > MOST_ENTRIES or swollen:
        raise IngestRefused("INGEST-ZIP", "ingest.zip_too_large", file=file, megabytes=expanded // 1_000_000)
    names = [entry.filename for entry in entries]
    if any(entry.flag_bits & 1 for entry in entries):
        raise IngestRefused("INGEST-PASSWORD", "ingest.password", file=file)
    if len(set(names)) < len(names):
        # Two entries of one name: which of them is read depends on the program.
        raise IngestRefused("INGEST-NOT-XLSX", "ingest.damaged", file=file)
    if "xl/workbook.xml" not in names:
        raise IngestRefused("INGEST-NOT-XLSX", "ingest.not_a_workbook", file=file)
    marks = []
    if any(name.startswith("xl/externalLinks/") for name in names):
        marks.append("external_links")
    if any(name.startswith("xl/vbaProject") for name in names):
        marks.append("has_macros")
    return Container("xlsx", tuple(marks))


def check_ole(path: Path) -> Container:
    """An .xls of Excel 97-2003; a newer workbook behind a password is such a file too. Only names are searched for."""
    content = path.read_bytes()
    if ENCRYPTED_STREAM in content:
        raise IngestRefused("INGEST-PASSWORD", "ingest.password", file=path.name)
    if not any(name in content for name in WORKBOOK_STREAMS):
        raise IngestRefused("INGEST-NOT-XLSX", "ingest.not_a_workbook", file=path.name)
    return Container("xls")
