"""The words of one language: every sentence a reader sees is said from the files of its folder, by key.

A folder per language (`vi/`, `en/`), a file per room or page; a section stands in one file only.

A key is `section.name`. A template holds named places only: `"còn {communes} xã chưa đạt"`. Numbers are written by
`text.formats` before they are put in, so a template never formats.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

LANGUAGES = ("vi", "en")
DEFAULT_LANGUAGE = "vi"

_FOLDER = Path(__file__).parent


class MissingWord(KeyError):
    """A key that the language file does not have, or a named place that was not filled."""


class Words:
    """`Words("vi").say("home.headline", rate="90,2%")`."""

    def __init__(self, lang: str) -> None:
        """ValueError for a language that has no file. The file is read once per process."""
        self.lang = lang
        self._templates = templates_of(lang)

    def say(self, key: str, **values: Any) -> str:
        """The sentence of `key` with its named places filled. MissingWord where the key or a value is missing."""
        try:
            template = self._templates[key]
        except KeyError:
            raise MissingWord(f"text/{self.lang} has no word {key!r}") from None
        try:
            return template.format_map(values)
        except KeyError as missing:
            raise MissingWord(f"text/{self.lang}: {key!r} needs a value for {missing}") from None

    def has(self, key: str) -> bool:
        return key in self._templates

    def keys(self) -> frozenset[str]:
        return frozenset(self._templates)

    def section(self, name: str) -> dict[str, str]:
        """All words of one section, by the part of the key after `name.`."""
        return dict(section_of(self.lang, name))

    def places(self, key: str) -> frozenset[str]:
        """The named places of a template."""
        return frozenset(
            field for _, field, _, _ in string.Formatter().parse(self._templates[key]) if field is not None
        )


@cache
def section_of(lang: str, name: str) -> Mapping[str, str]:
    """`Words.section`, read-only: three thousand keys are looked through once."""
    start = name + "."
    found = {key[len(start) :]: text for key, text in templates_of(lang).items() if key.startswith(start)}
    return MappingProxyType(found)


@cache
def templates_of(lang: str) -> Mapping[str, str]:
    """Every template of `vi` or `en` by its key, read-only."""
    if lang not in LANGUAGES:
        raise ValueError(f"there is no language {lang!r}; there are {LANGUAGES}")
    templates: dict[str, str] = {}
    for path in sorted((_FOLDER / lang).glob("*.toml")):
        for key, template in read_templates(path):
            if key in templates:
                raise ValueError(f"{path.name} says {key} again")
            templates[key] = template
    return MappingProxyType(templates)


def read_templates(path: Path) -> Iterator[tuple[str, str]]:
    """(key, template) of one file; nested sections join with a dot. ValueError for anything but text."""
    yield from _flatten("", tomllib.loads(path.read_text(encoding="utf-8")))


def _flatten(start: str, section: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in section.items():
        if isinstance(value, Mapping):
            yield from _flatten(f"{start}{name}.", value)
        elif isinstance(value, str):
            yield start + name, value
        else:
            raise ValueError(f"{start}{name} must be text, not {value!r}")
