"""What Word processors and spreadsheets refuse in an Open XML package (PPTX, XLSX), as far as its parts show it."""

import io
import posixpath
import re
import xml.etree.ElementTree as ET
import zipfile

import openpyxl

_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"


def find_package_faults(made: bytes) -> list[str]:
    """Parts twice, of no declared type or not well-formed; relationships to nowhere or to the outside, or used without being
    declared; two shapes of one slide with one number; embedded workbooks that do not open."""
    package = zipfile.ZipFile(io.BytesIO(made))
    names = [name for name in package.namelist() if not name.endswith("/")]
    types = ET.fromstring(package.read("[Content_Types].xml"))
    endings = {str(entry.get("Extension")).lower() for entry in types.findall(f"{_TYPES}Default")}
    declared = {str(entry.get("PartName")).lstrip("/") for entry in types.findall(f"{_TYPES}Override")}
    faults = [f"{name} is there twice" for name in set(names) if names.count(name) > 1]
    faults += [f"{name} is declared and not there" for name in declared - set(names)]
    for name in names:
        if name != "[Content_Types].xml" and name not in declared and name.rpartition(".")[2].lower() not in endings:
            faults.append(f"{name} has no type")
        if name.endswith((".xml", ".rels")):
            ET.fromstring(package.read(name))
        if name.endswith(".rels"):
            faults += find_relation_faults(package, name, set(names))
        if re.fullmatch(r"ppt/slides/slide\d+\.xml", name):
            numbers = re.findall(rb'<p:cNvPr id="(\d+)"', package.read(name))
            faults += [f"{name} has two shapes of one number"] if len(numbers) != len(set(numbers)) else []
        if "/embeddings/" in name:
            openpyxl.load_workbook(io.BytesIO(package.read(name)))
    return faults


def find_relation_faults(package: zipfile.ZipFile, name: str, names: set[str]) -> list[str]:
    base, faults, known = posixpath.dirname(posixpath.dirname(name)), [], []
    for relation in ET.fromstring(package.read(name)):
        known.append(str(relation.get("Id")))
        target = str(relation.get("Target"))
        if relation.get("TargetMode") == "External":
            faults.append(f"{name} leads outside to {target}")
        elif (
            target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{base}/{target}").lstrip("/")
        ) not in names:
            faults.append(f"{name} leads nowhere: {target}")
    if len(known) != len(set(known)):
        faults.append(f"{name} has two relationships of one number")
    owner = posixpath.join(base, posixpath.basename(name).removesuffix(".rels"))
    used = re.findall(rb'r:(?:id|embed|link)="([^"]+)"', package.read(owner)) if owner in names else []
    return faults + [f"{owner} uses {one.decode()}, which is not declared" for one in used if one.decode() not in known]


def find_sheet_faults(made: bytes) -> list[str]:
    """Names of sheets that Excel cuts, and lists of choices that it refuses."""
    faults = []
    for sheet in openpyxl.load_workbook(io.BytesIO(made)):
        if len(sheet.title) > 31 or re.search(r"[\[\]:*?/\\]", sheet.title):
            faults.append(f"the name {sheet.title!r}")
        for choice in sheet.data_validations.dataValidation:
            if choice.type == "list" and str(choice.formula1).startswith('"') and len(str(choice.formula1)) > 257:
                faults.append(f"{sheet.title}: a list of {len(str(choice.formula1))} letters")
    return faults
