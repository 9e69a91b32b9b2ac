"""A package of Office Open XML (PPTX, XLSX) held against the schemas and rules of Microsoft's own SDK, by a validator."""

from pathlib import Path


def find_schema_faults(made: bytes, folder: Path, ending: str) -> list[str]:
    """What Office may mend or refuse, each with its part and place; nothing where the package is as the standard has it."""
    import openxml_audit as validator  # half a second that only its tests need

    path = folder / f"made.{ending}"
    path.write_bytes(made)
    found = validator.OpenXmlValidator(file_format=validator.FileFormat.OFFICE_2019, max_errors=0).validate(path)
    return [f"{one.part_uri} {one.path}: {one.description}" for one in found.errors]
