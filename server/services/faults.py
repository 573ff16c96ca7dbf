"""What went wrong on our side, as far as people can be told more than that."""

from __future__ import annotations

import errno
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
POSTGRESQL_FULL = "53100"
SQLITE_FULL = {"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"}
"""The second: no room for the index of its write-ahead log."""

CODES = {"unknown", "disk_full"}
"""All that `code` says."""


def code(error: BaseException) -> str:
    """`disk_full`, or `unknown`. Nothing was kept in either case: transactions are whole."""
    return "disk_full" if any(_full(one) for one in _behind(error)) else "unknown"


def _full(error: BaseException) -> bool:
    return (
        (isinstance(error, OSError) and error.errno in FULL)
        or getattr(error, "sqlite_errorname", "") in SQLITE_FULL
        or getattr(error, "sqlstate", "") == POSTGRESQL_FULL
    )


def _behind(error: BaseException) -> Iterator[BaseException]:
    """The error, what it was raised from or during, and what a driver said."""
    left, seen = [error], set[int]()
    while left:
        one = left.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        behind = [one.__cause__, one.__context__]
        if isinstance(one, DBAPIError):
            behind.append(one.orig)
        if isinstance(one, BaseExceptionGroup):
            behind.extend(one.exceptions)
        left.extend(other for other in behind if other is not None)
