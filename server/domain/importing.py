"""Importing 导入: bringing in what another system knows, from a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from server.domain.ids import ImportId, OrganisationId, UserId

LARGEST = 50 * 1024 * 1024
"""Bytes of the file."""
MOST_ROWS = 500_000
MOST_WRONG = 5_000
"""With more bad rows than this it is another file than was meant."""
MOST_COLUMNS = 200
BATCH = 250
"""Rows in one transaction: those who write meanwhile wait as long as it takes."""


class ImportKind(StrEnum):
    ORGANISATIONS = "organisations"
    USERS = "users"
    CASES = "cases"


class ImportState(StrEnum):
    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    DONE = "done"
    FAILED = "failed"


GOING = frozenset({ImportState.CHECKING, ImportState.IMPORTING})
"""The states in which the server goes through the file."""


@dataclass(frozen=True, slots=True)
class ImportJob:
    """`organisation` is where rows belong that don't name one. `file` is a blob, `encoding` how it
    is read. `columns` says which of ours each column of the file is, and what the check found out
    about the file as a whole. `checked`, `imported`, `wrong`: rows; `total` is 0 until known.
    `position`: how many rows of the file were gone through in this pass. `code`: why it failed.
    """

    id: ImportId
    by: UserId
    organisation: OrganisationId
    what: ImportKind
    state: ImportState
    file: str
    encoding: str
    columns: dict[str, Any]
    created_at: datetime
    total: int = 0
    checked: int = 0
    imported: int = 0
    wrong: int = 0
    position: int = 0
    rows_per_second: int = 0
    code: str = ""
    ended_at: datetime | None = None

    @property
    def good(self) -> int:
        return self.checked - self.wrong


@dataclass(frozen=True, slots=True)
class Mistake:
    """`row` as the file counts them, the headings being row 1. `line`: the row itself, sealed, with
    its first mistake."""

    row: int
    column: str
    code: str
    line: str = ""
