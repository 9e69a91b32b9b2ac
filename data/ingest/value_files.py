"""Value files: the map classes of every unit over the months of a programme, for the slider and play in the browser.

Layout: gzip of [u32 header length, little endian][JSON header][uint8 classes, unit-major]. The name is a hash of the
content.
"""

import gzip
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.ingest.matrices import SetFigures, SetLayout
from data.ingest.summaries import make_rule_id
from geo.units import order_hash
from indicators.classes import class_edges, classify, mark_absences
from indicators.rules import Programme, map_threshold


def encode_value_file(header: dict[str, object], classes: NDArray[np.uint8]) -> bytes:
    """The uncompressed bytes; `classes` is units × months."""
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    return len(text).to_bytes(4, "little") + text + np.ascontiguousarray(classes, dtype=np.uint8).tobytes()


def decode_value_file(content: bytes) -> tuple[dict[str, object], NDArray[np.uint8]]:
    """Header and classes (units × months) of a compressed value file."""
    raw = gzip.decompress(content)
    size = int.from_bytes(raw[:4], "little")
    header = json.loads(raw[4 : 4 + size])
    return header, np.frombuffer(raw[4 + size :], dtype=np.uint8).reshape(header["unit_count"], len(header["periods"]))


def write_value_file(directory: Path, content: bytes) -> str:
    """Write once under the name of the content's hash; returns the name."""
    name = f"{hashlib.sha256(content).hexdigest()[:16]}.bin.gz"
    path = directory / name
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        partial = directory / f".{name}.partial"
        partial.write_bytes(gzip.compress(content, compresslevel=6, mtime=0))
        partial.replace(path)
    return name


def write_value_files(
    figures: SetFigures, layout: SetLayout, directory: Path, programmes: Mapping[str, Programme]
) -> pd.DataFrame:
    """Rows of the table `value_file`: one file per level and programme of the months of a boundary set."""
    rows = []
    for level in ("province", "district", "commune"):
        if level == "district" and not len(layout.districts):
            continue
        codes, population, insured = figures_of_level(figures, layout, level)
        absent = level_absences(figures, layout, level, len(codes))
        for programme in dict.fromkeys(name for name in figures.programmes if name):
            months = [number for number, name in enumerate(figures.programmes) if name == programme]
            header, classes = classify_months(figures, programmes[programme], months, population, insured, absent)
            header |= {
                "boundary_set": figures.boundary_set,
                "level": level,
                "programme": programme,
                "unit_count": len(codes),
                "order_hash": order_hash(codes),
            }
            rows.append(
                {
                    "boundary_set": figures.boundary_set,
                    "level": level,
                    "programme": programme,
                    "file_name": write_value_file(directory, encode_value_file(header, classes.T)),
                    "first_period": figures.periods[months[0]],
                    "last_period": figures.periods[months[-1]],
                }
            )
    return pd.DataFrame(rows)


def figures_of_level(
    figures: SetFigures, layout: SetLayout, level: str
) -> tuple[pd.Index, NDArray[np.int64], NDArray[np.int64]]:
    """Codes, population and insured (months × units) of a level; sums over the communes that reported both."""
    if level == "commune":
        return figures.codes, figures.population, figures.insured
    codes, index = (layout.provinces, layout.province) if level == "province" else (layout.districts, layout.district)
    known = (figures.population >= 0) & (figures.insured >= 0)
    sums = []
    for values in (figures.population, figures.insured):
        total = np.zeros((len(figures.periods), len(codes)), dtype=np.int64)
        np.add.at(total.T, index, np.where(known, values, 0).T)
        sums.append(total)
    reported = np.zeros((len(figures.periods), len(codes)), dtype=np.int64)
    np.add.at(reported.T, index, known.T.astype(np.int64))
    population, insured = (np.where(reported > 0, total, -1) for total in sums)
    return codes, population, insured


def level_absences(figures: SetFigures, layout: SetLayout, level: str, size: int) -> dict[str, NDArray[np.bool_]]:
    """Which units of a level are not applicable or held back, months × units: every unit inside them is."""
    if level == "commune":
        return {"not_applicable": figures.not_applicable, "held_back": figures.held_back}
    index = layout.province if level == "province" else layout.district
    inside = np.bincount(index[index >= 0], minlength=size)
    masks = {}
    for name, mask in (("not_applicable", figures.not_applicable), ("held_back", figures.held_back)):
        count = np.zeros((len(figures.periods), size), dtype=np.int64)
        np.add.at(count.T, index, mask.T.astype(np.int64))
        masks[name] = (count == inside) & (inside > 0)
    return masks


def classify_months(
    figures: SetFigures,
    programme: Programme,
    months: list[int],
    population: NDArray[np.int64],
    insured: NDArray[np.int64],
    absent: dict[str, NDArray[np.bool_]],
) -> tuple[dict[str, object], NDArray[np.uint8]]:
    """Header entries and classes (months × units). `edges` and `rules` hold an entry for each month from which they
    change."""
    periods = [figures.periods[number] for number in months]
    edge_list: list[dict[str, object]] = []
    rule_list: list[dict[str, object]] = []
    classes = np.empty((len(months), population.shape[1]), dtype=np.uint8)
    for place, number in enumerate(months):
        rule, in_force = map_threshold(programme, periods[place])
        edges = class_edges(rule, in_force=in_force)
        entry = edges.as_header()
        if not edge_list or {**entry, "from_period": edge_list[-1]["from_period"]} != edge_list[-1]:
            edge_list.append({**entry, "from_period": periods[place]})
            rule_list.append(
                {
                    "from_period": periods[place],
                    "rule_id": make_rule_id(programme.programme, rule) if rule and in_force else None,
                    "value": str(rule.value) if rule and in_force else None,
                    "operator": rule.operator if rule and in_force else None,
                }
            )
        marks = {name: mask[number] for name, mask in absent.items()}
        classes[place] = mark_absences(classify(insured[number], population[number], edges), **marks)
    simulated = [bool((figures.is_simulated[number] & (figures.insured[number] >= 0)).any()) for number in months]
    return {"periods": periods, "edges": edge_list, "rules": rule_list, "simulated": simulated}, classes
