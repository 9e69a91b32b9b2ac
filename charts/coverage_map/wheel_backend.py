"""A build backend that zips `assets/` and `pyproject.toml` into a wheel, and nothing else.

Streamlit finds a packaged component only in an installed distribution that has its pyproject.toml inside. The usual
backends would be downloaded at install time, outside the hash-pinned list; this one needs the standard library only.
"""

from __future__ import annotations

import base64
import hashlib
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
    for path in sorted((HERE / "assets").iterdir()):
        files[f"{PACKAGE}/assets/{path.name}"] = path.read_bytes()
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


def build_sdist(sdist_directory: str, config_settings: object = None) -> str:
    """Refuse: the component is only ever installed from this folder."""
    raise NotImplementedError("install the folder itself: pip install --no-deps ./charts/coverage_map")


def _record_line(name: str, data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(data)}\n"
