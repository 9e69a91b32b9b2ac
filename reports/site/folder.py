"""The folder of a build: made beside its place, moved there in one step, and only then the one that is served."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from reports.site.paths import public_address

CURRENT = "current"
KEPT = 2  # builds that stay: the one served, and the one before for readers in the middle of it


def begin(root: Path, name: str) -> Path:
    """An empty folder to build in."""
    part = root / f"{name}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    return part


def list_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def digest(folder: Path) -> str:
    """A hash of every file's name and content."""
    found = hashlib.sha256()
    for path in list_files(folder):
        found.update(f"{path.relative_to(folder).as_posix()}\n{path.stat().st_size}\n".encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


def publish(root: Path, part: Path, name: str) -> Path:
    """Give the finished folder its name (with the hash of its content, so that it is never one that is being read) and make
    it the one that is served."""
    target = root / f"{name}-{digest(part)}"
    if target.exists():
        shutil.rmtree(part)  # the same snapshot and code made the same files
    else:
        part.rename(target)
    os.utime(target)
    fresh = root / f".{CURRENT}.{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target.name)
    fresh.replace(root / CURRENT)
    remove_old(root, target)
    return target


def remove_old(root: Path, newest: Path) -> None:
    builds = [path for path in root.iterdir() if path.is_dir() and not path.is_symlink() and "-" in path.name]
    builds = [path for path in builds if path != newest and not path.name.endswith(".part") and is_build(path)]
    for old in sorted(builds, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


def is_build(path: Path) -> bool:
    """Whether a folder was written by us: nothing else that lies beside it is ever removed."""
    return (path / "robots.txt").is_file() and (path / "assets").is_dir()


def write_sitemap(folder: Path, pages: Sequence[str], address: str, made_on: date) -> None:
    """robots.txt, and where the public address is known the list of all pages with their last change."""
    lines = ["User-agent: *", "Allow: /"]
    if address:
        lines.append(f"Sitemap: {address}sitemap.xml")
        entries = "".join(
            f"<url><loc>{escape(address + public_address(page))}</loc><lastmod>{made_on.isoformat()}</lastmod></url>\n"
            for page in pages
        )
        (folder / "sitemap.xml").write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n',
            encoding="utf-8",
        )
    (folder / "robots.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
