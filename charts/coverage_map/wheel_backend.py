"""A build backend that puts the map's modules into one file and zips it into a wheel, with CSS and `pyproject.toml`.

Streamlit finds a packaged component only in an installed distribution that has its pyproject.toml inside. The usual
backends would be downloaded at install time, outside the hash-pinned list; this one needs the standard library only.
"""

from __future__ import annotations

import base64
import hashlib
import re
import tomllib
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
PACKAGE = "baophu_coverage_map"


def build_wheel(wheel_directory: str, config_settings: object = None, metadata_directory: object = None) -> str:
    """Write the wheel (PEP 517) and return its file name; the same sources give the same bytes."""
    project = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))["project"]
    info = f"{PACKAGE}-{project['version']}.dist-info"
    files = {f"{PACKAGE}/__init__.py": b"", f"{PACKAGE}/pyproject.toml": (HERE / "pyproject.toml").read_bytes()}
    files |= {f"{PACKAGE}/assets/{name}": data for name, data in list_assets().items()}
    files[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
        f"Summary: {project['description']}\nRequires-Python: {project['requires-python']}\n"
    ).encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: baophu\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = f"{info}/RECORD"
    files[record] = ("".join(_record_line(name, data) for name, data in files.items()) + f"{record},,\n").encode()
    wheel = f"{PACKAGE}-{project['version']}-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory) / wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return wheel


def list_assets() -> dict[str, bytes]:
    """Script, style and start script by the name they are installed under: with their content in it (`index.<hash>.js`), so that
    a browser may keep them for ever and an upgrade is never shown with the script of yesterday."""
    whole = {name: bundle_modules(HERE / "assets", name).encode() for name in ("index.js", "start.js")}
    whole |= {path.name: path.read_bytes() for path in sorted((HERE / "assets").glob("*.css"))}
    return {
        f"{Path(name).stem}.{hashlib.sha256(data).hexdigest()[:12]}{Path(name).suffix}": data
        for name, data in whole.items()
    }


def bundle_modules(folder: Path, entry: str) -> str:
    """Join a module and all that it imports into one: fifteen requests would be fetched anew with every page.

    Every module stands once, after those it imports; only the entry keeps its default export. All share one scope, so a
    name may be given only once at the top level (a second one is a syntax error, which the tests find).
    """
    done: dict[str, str] = {}

    def add(name: str) -> None:
        code = (folder / name).read_text("utf-8")
        for needed in re.findall(r'^import [^"]*"\./([\w.]+)";$', code, re.M):
            if needed not in done:
                add(needed)
        code = re.sub(r'^import [^"]*"\./[\w.]+";\n', "", code, flags=re.M)
        done[name] = re.sub(r"^export (?!default)", "", code, flags=re.M)

    add(entry)
    return "\n".join(f"// {name}\n{code}" for name, code in done.items())


def build_sdist(sdist_directory: str, config_settings: object = None) -> str:
    """Refuse: the component is only ever installed from this folder."""
    raise NotImplementedError("install the folder itself: pip install --no-deps ./charts/coverage_map")


def _record_line(name: str, data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(data)}\n"
