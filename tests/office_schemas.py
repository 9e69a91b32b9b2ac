"""A package of Office Open XML (PPTX, XLSX) held against the schemas and rules of Microsoft's own SDK, by a validator."""

from functools import cache
from pathlib import Path
from typing import Any


def find_schema_faults(made: bytes, folder: Path, ending: str) -> list[str]:
    """What Office may mend or refuse, each with its part and place; nothing where the package is as the standard has it."""
    path = folder / f"made.{ending}"
    path.write_bytes(made)
    return [f"{one.part_uri} {one.path}: {one.description}" for one in get_validator().validate(path).errors]


@cache
def get_validator() -> Any:
    """One for all files of a process: it reads two seconds of schemas, and then takes a tenth of a second for a workbook."""
    import openxml_audit as validator  # half a second that only its tests need

    return validator.OpenXmlValidator(file_format=validator.FileFormat.OFFICE_2019, max_errors=0)
