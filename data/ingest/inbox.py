"""Files that people handed in on the page that checks them: read by the next load, then moved out of the way."""

from pathlib import Path

from data.ingest.archive import find_archived, hash_received
from data.ingest.load import LoadResult
from data.settings import Settings


def list_inbox(settings: Settings) -> list[Path]:
    """The files that wait, in order of name; half-written ones are not among them."""
    if not settings.inbox_directory.is_dir():
        return []
    return sorted(path for path in settings.inbox_directory.iterdir() if path.is_file() and path.name[0] != ".")


def clear_inbox(paths: list[Path], result: LoadResult, settings: Settings) -> None:
    """After a load: what lies in the archive leaves the inbox; what was refused is set aside for a person to look at."""
    refused = {one.path for one in result.refused}
    for path in paths:
        if path in refused:
            settings.refused_directory.mkdir(parents=True, exist_ok=True)
            path.replace(settings.refused_directory / path.name)
        elif find_archived(hash_received(path), settings) is not None:
            path.unlink()
