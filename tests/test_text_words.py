"""Both languages say the same things, and nothing is said that is not written down."""

import pytest

from text.words import LANGUAGES, MissingWord, Words, read_templates

VI, EN = Words("vi"), Words("en")


def test_vietnamese_and_english_have_the_same_keys():
    assert VI.keys() ^ EN.keys() == frozenset()


def test_vietnamese_and_english_fill_the_same_places():
    # In [format] and [month] a language chooses: 12/2020 needs the number of a month, December 2020 its name.
    shared = [key for key in VI.keys() & EN.keys() if not key.startswith("format.")]
    assert {key: (VI.places(key), EN.places(key)) for key in shared if VI.places(key) != EN.places(key)} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_place_has_a_name_and_no_template_formats_a_number(lang):
    words = Words(lang)
    for key in sorted(words.keys()):
        for place in words.places(key):
            assert place.isidentifier(), key
        assert words.say(key, **dict.fromkeys(words.places(key), "x")).strip() or key.startswith("format."), key


def test_a_missing_key_or_a_place_left_empty_is_an_error():
    with pytest.raises(MissingWord, match=r"home\.nothing"):
        VI.say("home.nothing")
    with pytest.raises(MissingWord, match="value"):
        VI.say("rule.at_least")


def test_what_is_put_in_is_never_read_as_a_template():
    assert VI.say("rule.above", value="{value.__class__}") == "trên {value.__class__}"


def test_a_language_without_a_file_is_refused():
    with pytest.raises(ValueError, match="fr"):
        Words("fr")


def test_a_language_file_holds_text_only(tmp_path):
    path = tmp_path / "xx.toml"
    path.write_text("[home]\nmany = 3\n")
    with pytest.raises(ValueError, match=r"home\.many"):
        list(read_templates(path))


def test_a_section_is_read_without_its_name():
    assert VI.section("class")["met"] == "đạt"
