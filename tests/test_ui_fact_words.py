"""No note of data/facts stands in English before a Vietnamese reader, and every word of a note has its note."""

import csv
import re

import pytest

from data.settings import PROJECT_ROOT
from text.words import Words
from ui.fact_words import note_key, say_fact

SHOWN = {
    "published_coverage": ("wording", "source"),
    "population_year": ("source",),
    "published_commune_coverage": ("wording",),
    "targets": ("decision",),
}
ENGLISH = re.compile(
    r"\b(the|of|and|by|from|table|average|knowledge|computed|with|only|derived|target|estimate|highest|lowest|other|city|plan"
    r"|communes?|final|million|dump|series|counted|leaving|under|over)\b",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"https?://\S+|\S+\.(csv|zip|md)\b|CC BY-SA")


def notes() -> set[str]:
    found = set()
    for name, columns in SHOWN.items():
        with (PROJECT_ROOT / "data" / "facts" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            found |= {row[column] for row in csv.DictReader(file) for column in columns if row[column]}
    return found


def test_every_english_note_is_said_in_vietnamese():
    words = Words("vi")
    left = {note for note in notes() if ENGLISH.search(ADDRESS.sub("", say_fact(note, words)))}
    assert left == set()


def test_a_note_is_said_in_english_as_its_maker_wrote_it_and_a_quotation_with_its_meaning():
    meaning = re.compile(r'(?<=") \([^)]*\)')
    for note in notes():
        said = say_fact(note, Words("en"))
        assert meaning.sub("", said) == meaning.sub("", note)
        # "trên 99%" is a figure as it was published; a sentence in Vietnamese has its meaning behind it.
        sentences = [quoted for quoted in re.findall(r'"([^"]*)"', said) if len(quoted) > 25 and not quoted.isascii()]
        assert all(f'"{quoted}" (' in said for quoted in sentences), said


def test_no_two_notes_share_a_word_and_none_is_left_over():
    keys = {note_key(note) for note in notes()}
    own = {f"fact_note.{name}" for name in Words("vi").section("fact_note")}
    assert own <= keys and len({note for note in notes() if note_key(note) in own}) == len(own)


@pytest.mark.parametrize("nothing", [None, float("nan")])
def test_no_note_is_no_word(nothing):
    assert say_fact(nothing, Words("vi")) == ""
