"""The static edition of a store in which every name is an attack: plain pages, in which it is only text."""

import json
from pathlib import Path

import pytest
from hostile_store import MARK, make_hostile
from kept_stores import KeptStores
from static_site import list_pages, write_part
from test_attacks_names import READERS, read_markup

from data.settings import Settings

pytestmark = pytest.mark.fault
# What a page of ours may hold besides text: its own style sheet and scripts, by address, and pictures.
ALLOWED = frozenset({"meta", "link", "script", "img", "form", "style"})


@pytest.fixture(scope="module")
def folder(kept_stores: KeptStores, public_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    kept = kept_stores.copy("hostile-public", lambda settings: make_hostile(public_settings, settings.var_directory))
    settings = Settings(var_directory=kept.var_directory, edition="public")
    return write_part(settings, tmp_path_factory.mktemp("site"))


def test_on_every_page_of_the_static_edition_an_attack_is_only_text(folder: Path):
    told = ""
    for path in list_pages(folder):
        written = path.read_text("utf-8")
        read = read_markup(written.replace("<!DOCTYPE html>", "", 1), ALLOWED)
        assert read.found == [], path.relative_to(folder)
        for script in written.split("<script")[1:]:
            head, _, body = script.partition(">")
            inner = body.partition("</script>")[0]
            assert not inner.strip() or json.loads(inner), f"{path.name}: a script of data only"
            assert "src=" in head or "json" in head
        told += read.text
    assert MARK in told


def test_in_every_file_beside_the_pages_an_attack_is_only_text(folder: Path):
    found = 0
    for path in folder.rglob("*"):
        ending = "excel.csv" if path.name.endswith(".excel.csv") else path.suffix[1:]
        if path.is_file() and ending in READERS:
            READERS[ending](path.read_bytes())
            found += 1
    assert found > 10
