"""Cells by their address, as a spreadsheet writes it."""

from functools import lru_cache


@lru_cache(maxsize=1024)
def column_letter(number: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
