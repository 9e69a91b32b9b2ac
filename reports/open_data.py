"""Open data: the public tables as Parquet and CSV, the outlines as GeoJSON, and a datapackage.json that describes them.

A folder per snapshot, so that an address with a snapshot in it never changes; `latest` names the newest. The same snapshot
gives the same files, byte for byte.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import UserError
from data.queries.open_data import OPEN_TABLES, OpenTable, open_rows, open_years
from data.store import Store
from geo.units import SETS_DIR, boundary_sets, load_units
from reports.table_files import guard

VERSION = "v1"
LATEST = "latest.json"
_ARROW = {
    "string": pa.string(),
    "yearmonth": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
_MEDIA = {"parquet": "application/vnd.apache.parquet", "csv": "text/csv", "geojson": "application/geo+json"}
_OUTLINE_LEVELS = {"provinces": "province", "districts": "district", "communes": "commune"}


def write_open_data(
    store: Store,
    directory: Path,
    licence: str,
    outlines: Path = SETS_DIR,
    on_step: Callable[[str], None] = lambda name: None,
) -> Path:
    """Write the folder of the store's snapshot under `directory`/v1 and make it the latest; returns the folder.

    `licence` is the name of the licence that the owner of the figures gives them.

    The store is that of the public edition: UserError for any other, so that nothing is given away that the edition holds
    back. `on_step` hears the name of every file begun.
    """
    if store.edition != "public":
        raise UserError("OPEN-NOT-PUBLIC", "files.open_not_public")
    root = directory / VERSION
    target = root / store.snapshot_id
    staging = root / f".{store.snapshot_id}.{os.getpid()}"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    resources = []
    for table in OPEN_TABLES:
        for year in open_years(store) if table.by_year else [""]:
            on_step(f"{table.name} {year}".strip())
            resources += write_table(staging, table, open_rows(store, table, year), year, licence)
    for boundary_set in boundary_sets():
        on_step(f"GeoJSON {boundary_set}")
        resources += list(write_outlines(staging, outlines / boundary_set, boundary_set))
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "bao-phu-bhyt",
        "title": "Bao phủ BHYT",
        "description": "Health-insurance coverage of Viet Nam by commune and month. Simulated figures carry is_simulated = true.",
        "version": store.snapshot_id,
        "licenses": [{"name": licence}],
        "resources": resources,
    }
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    (staging / "datapackage.json").write_text(text, encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    staging.replace(target)
    part = root / f".{LATEST}.{os.getpid()}"
    part.write_text(json.dumps({"snapshot": store.snapshot_id}) + "\n", encoding="utf-8")
    part.replace(root / LATEST)
    return target


def write_table(folder: Path, table: OpenTable, rows: pd.DataFrame, year: str, licence: str) -> list[dict[str, Any]]:
    """One table (of one year) as Parquet and CSV; their entries in the package."""
    schema = pa.schema([(name, _ARROW[kind]) for name, kind, _ in table.fields])
    arrow = pa.Table.from_pandas(rows[[name for name, *_ in table.fields]], schema=schema, preserve_index=False)
    arrow = arrow.replace_schema_metadata(None)
    stem = f"{table.name}_{year}" if year else table.name
    pq.write_table(arrow, folder / f"{stem}.parquet", compression="zstd")
    (folder / f"{stem}.csv").write_bytes(write_csv(arrow))
    return [
        describe(folder / f"{stem}.{ending}", stem if ending == "parquet" else f"{stem}-csv", table.description)
        | {"schema": describe_fields(table), "licenses": [{"name": licence}]}
        for ending in ("parquet", "csv")
    ]


def write_csv(table: pa.Table) -> bytes:
    """UTF-8, comma, point; unknown is empty; true and false in small letters; no text is a formula."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(table.column_names)
    columns = [
        [_plain(value) for value in column.to_pylist()] for column in (table[name] for name in table.column_names)
    ]
    writer.writerows(zip(*columns, strict=True))
    return target.getvalue().encode("utf-8")


def _plain(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return guard(value) if isinstance(value, str) else value


def describe_fields(table: OpenTable) -> dict[str, Any]:
    fields = [{"name": name, "type": kind, "description": about} for name, kind, about in table.fields]
    return {"fields": fields, "missingValues": [""]} | ({"primaryKey": list(table.key)} if table.key else {})


def describe(path: Path, name: str, description: str) -> dict[str, Any]:
    """The entry of one file: size and checksum are of its bytes."""
    data = path.read_bytes()
    ending = path.suffix.removeprefix(".")
    return {
        "name": name.lower().replace("_", "-"),
        "path": path.name,
        "description": description,
        "format": ending,
        "mediatype": _MEDIA[ending],
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
    }


def write_outlines(folder: Path, source: Path, boundary_set: str) -> Iterator[dict[str, Any]]:
    """The outlines of a boundary set as GeoJSON (RFC 7946: degrees, WGS 84), with code and name, under their own licence."""
    about = tomllib.loads((source / "SOURCE.toml").read_text("utf-8"))
    names = load_units(boundary_set).set_index("unit_code")["name"]
    for file, level in _OUTLINE_LEVELS.items():
        if not (source / f"{file}.parquet").is_file():
            continue
        frame = gpd.read_parquet(source / f"{file}.parquet")
        frame.insert(1, "name", frame["unit_code"].map(names))
        path = folder / f"outlines_{boundary_set}_{level}.geojson"
        path.write_text(frame.to_json(drop_id=True, ensure_ascii=False, to_wgs84=True), encoding="utf-8")
        yield describe(path, f"outlines_{boundary_set}_{level}", about["title"]) | {
            "licenses": [{"name": about["licence"].replace(" ", "-"), "path": about["licence_url"]}],
            "sources": [{"title": about["attribution"]}],
        }


def find_open_file(directory: Path, snapshot: str, name: str) -> Path | None:
    """The file behind an address `/open/v1/<snapshot or latest>/<name>`; None where there is none. Both parts are looked up
    among what is there, never joined to a path unseen.
    """
    root = directory / VERSION
    if snapshot == "latest":
        try:
            snapshot = json.loads((root / LATEST).read_text("utf-8"))["snapshot"]
        except (OSError, ValueError, KeyError):
            return None
    known = (
        {path.name: path for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")}
        if root.is_dir()
        else {}
    )
    if snapshot not in known:
        return None
    return {path.name: path for path in known[snapshot].iterdir()}.get(name)
