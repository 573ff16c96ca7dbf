"""The columns a table may have, by what they are called in either language."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from server.domain.errors import Refused
from server.words import LANGUAGES, N_, gettext, speaking

REASON = N_("What is wrong")
"""The heading of the last column of an error list, which is passed over when it comes back."""


@dataclass(frozen=True, slots=True)
class Column:
    """`heading` and `hint` are not yet translated."""

    name: str
    heading: str
    hint: str = ""
    required: bool = False


@dataclass(slots=True)
class Row:
    """One row of the file: what stands in it, by our names of the columns; `errors` by column.

    `n` as the file counts, the headings being row 1.
    """

    n: int
    cells: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, column: str) -> str:
        """Empty when the file has no such column."""
        return self.cells.get(column, "").strip()


class ColumnsMissing(Refused):
    """`columns` are those that the table must have."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__("import_columns_missing")
        self.columns = tuple(columns)


def matched(columns: Sequence[Column], headings: Sequence[str]) -> list[str | None]:
    """Which of ours each column of the file is; None: it is passed over. Raises ColumnsMissing."""
    known = {plain(name): c.name for c in columns for name in (c.name, *_said(c.heading))}
    found: list[str | None] = []
    for heading in headings:
        name = known.get(plain(heading))
        found.append(None if name in found else name)
    missing = [c for c in columns if c.required and c.name not in found]
    if missing:
        raise ColumnsMissing(missing)
    return found


def plain(words: str) -> str:
    """As headings and words in cells are compared: without case, width, spaces and signs."""
    text = unicodedata.normalize("NFKC", words).casefold()
    return "".join(c for c in text if c.isalnum())


def _said(heading: str) -> list[str]:
    said = []
    for language in LANGUAGES:
        with spoken(language):
            said.append(gettext(heading))
    return said


@contextmanager
def spoken(language: str) -> Iterator[None]:
    before = speaking.set(language)
    try:
        yield
    finally:
        speaking.reset(before)
