"""A book of drawn screens: written in parts, joined, read from any thread; a damaged one is none."""

import threading
from pathlib import Path

from data.screen_book import BookPart, join_parts, open_book


def write_part(path: Path, screens: dict[bytes, bytes]) -> Path:
    part = BookPart(path)
    for name, drawn in screens.items():
        part.add(name, drawn)
    part.finish()
    return path


def test_parts_become_one_book_and_what_two_of_them_drew_stands_in_it_once(tmp_path: Path):
    parts = [
        write_part(tmp_path / "one", {b"a": b"A", b"both": b"1"}),
        write_part(tmp_path / "two", {b"both": b"1", b"c": b"C"}),
    ]
    path = tmp_path / "book"
    assert join_parts(parts, path) == 3
    assert [entry.name for entry in tmp_path.iterdir()] == ["book"], "the parts are gone, nothing is left half written"
    book = open_book(path)
    assert book is not None and book.count == 3
    found: list[bytes | None] = []
    reading = threading.Thread(target=lambda: found.extend(book.get(name) for name in (b"a", b"both", b"c", b"none")))
    reading.start()
    reading.join()
    assert found == [b"A", b"1", b"C", None]
    book.close()


def test_an_open_book_goes_on_being_read_when_another_takes_its_place(tmp_path: Path):
    path = tmp_path / "book"
    join_parts([write_part(tmp_path / "one", {b"a": b"old"})], path)
    book = open_book(path)
    join_parts([write_part(tmp_path / "two", {b"a": b"new"})], path)
    assert book is not None and book.get(b"a") == b"old"
    after = open_book(path)
    assert after is not None and after.get(b"a") == b"new"


def test_a_missing_or_damaged_file_is_no_book_and_a_damaged_page_no_screen(tmp_path: Path):
    assert open_book(tmp_path / "none") is None
    (tmp_path / "foreign").write_bytes(b"PK\x03\x04 not a book " * 40)
    assert open_book(tmp_path / "foreign") is None
    path = tmp_path / "book"
    names = [bytes([number]) * 16 for number in range(200)]
    join_parts([write_part(tmp_path / "one", {name: name * 500 for name in names})], path)
    data = bytearray(path.read_bytes())
    for place in range(4096 * 3, len(data), 4096):
        data[place : place + 64] = b"\xff" * 64
    path.write_bytes(data)
    book = open_book(path)
    assert book is None or [book.get(name) for name in names].count(None) > 0
