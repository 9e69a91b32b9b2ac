"""The caption names everybody whose outlines are on the map."""

import pytest

from text.words import Words
from ui.captions import name_outlines


@pytest.mark.parametrize("language", ["vi", "en"])
def test_imported_outlines_are_named_with_those_that_fill_what_the_file_lacks(language: str):
    words = Words(language)
    source = {"attribution": "Cục Đo đạc", "licence": "nội bộ", "rest": ""}
    alone = name_outlines({"source": source}, words)
    assert "Cục Đo đạc (nội bộ)" in alone and "geoBoundaries" not in alone
    filled = name_outlines({"source": source | {"rest": "geoBoundaries (CC BY-SA 4.0)"}}, words)
    assert filled.startswith(alone) and filled.endswith("geoBoundaries (CC BY-SA 4.0)")
    assert "geoBoundaries" in name_outlines({}, words)
