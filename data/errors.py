"""Errors that a person can act on, kept apart from bugs.

A `UserError` carries a code and the key of a sentence in text/<language>/*.toml with the values that fill it. The edge (a page, a
command) catches this kind only; anything else is a bug and stays loud.
"""


class UserError(Exception):
    """Something a person can put right. `words_key` names the sentence in text/<language>/*.toml; `values` fill its
    placeholders."""

    def __init__(self, code: str, words_key: str, **values: object) -> None:
        self.code = code
        self.words_key = words_key
        self.values = values
        detail = ", ".join(f"{name}={value}" for name, value in values.items())
        super().__init__(f"{code} ({words_key}){': ' + detail if detail else ''}")

    def __reduce__(self) -> tuple[object, ...]:
        """How it travels from a process that does a part of the work: with its values, not its sentence."""
        return remake, (type(self), self.code, self.words_key, self.values)


def remake(kind: type[UserError], code: str, words_key: str, values: dict[str, object]) -> UserError:
    return kind(code, words_key, **values)


class StoreUnavailable(UserError):
    """There is no store that can be trusted: none was built, or no snapshot is whole."""


class IngestRefused(UserError):
    """A received file is refused as a whole: nothing of it reaches the store."""
