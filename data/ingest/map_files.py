"""The table `value_file`: which map files belong to the snapshot.

The files of a programme are made anew where one of its months is; those of the others are taken over with the table.
"""

from collections.abc import Iterable
from pathlib import Path

from data.ingest.builder import SnapshotBuilder

# A boundary set and a programme.
ProgrammeKey = tuple[str, str]


def list_programmes(builder: SnapshotBuilder) -> dict[ProgrammeKey, set[str]]:
    """The months of every programme on every boundary set."""
    rows = builder.execute("SELECT boundary_set, programme, period FROM period WHERE programme IS NOT NULL").fetchall()
    found: dict[ProgrammeKey, set[str]] = {}
    for boundary_set, programme, period in rows:
        found.setdefault((boundary_set, programme), set()).add(period)
    return found


def drop_stale_files(builder: SnapshotBuilder, new_months: Iterable[str], directory: Path) -> set[ProgrammeKey]:
    """The programmes whose files have to be made: a month of theirs is new, or a file is not there. Their rows, and those
    of programmes that have no month any more, leave the table."""
    programmes, new = list_programmes(builder), set(new_months)
    files: dict[ProgrammeKey, list[str]] = {}
    rows = builder.execute("SELECT boundary_set, programme, file_name FROM value_file").fetchall()
    for boundary_set, programme, name in rows:
        files.setdefault((boundary_set, programme), []).append(name)
    fresh = {
        key
        for key, months in programmes.items()
        if key in files and not new & months and all((directory / name).is_file() for name in files[key])
    }
    for boundary_set, programme in files.keys() - fresh:
        builder.execute("DELETE FROM value_file WHERE boundary_set = ? AND programme = ?", [boundary_set, programme])
    return programmes.keys() - fresh
