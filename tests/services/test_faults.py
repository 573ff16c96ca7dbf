"""What people are told when something breaks on our side."""

from __future__ import annotations

import errno
import sqlite3

import pytest
from asyncpg.exceptions import DiskFullError, UniqueViolationError
from sqlalchemy.exc import OperationalError

from server.services import faults


def full_sqlite() -> BaseException:
    """As SQLite itself says it."""
    with sqlite3.connect(":memory:") as database:
        database.execute("PRAGMA max_page_count = 2")
        with pytest.raises(sqlite3.OperationalError) as full:
            for n in range(100):
                database.execute(f"CREATE TABLE t{n} (x)")
    database.close()
    return full.value


def by_a_driver(error: BaseException) -> BaseException:
    return OperationalError("INSERT …", {}, error)


def during(error: BaseException) -> BaseException:
    """Raised while another was being handled."""
    later = ValueError("later")
    later.__context__ = error
    return later


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        by_a_driver(full_sqlite()),
        by_a_driver(DiskFullError("could not extend file")),
        during(OSError(errno.ENOSPC, "No space left on device")),
        ExceptionGroup("several", [ValueError(), OSError(errno.ENOSPC, "No space left")]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_full_disk_is_known_by_whoever_found_it(error: BaseException) -> None:
    assert faults.code(error) == "disk_full"


def test_all_else_is_unknown() -> None:
    around = ValueError("a circle")
    around.__context__ = around
    for error in (OSError(errno.EACCES, "no"), by_a_driver(UniqueViolationError("twice")), around):
        assert faults.code(error) == "unknown"
