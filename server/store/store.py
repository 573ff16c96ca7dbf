"""The way to the database: one transaction to read in, one to write in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from time import perf_counter
from typing import Any, TypeVar

from sqlalchemy import Connection, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

T = TypeVar("T")

TRIES = 5
"""How often what was begun is begun anew, because others held what it needed."""
_CLASHES = {"40001", "40P01"}
"""PostgreSQL's names for a transaction that it ends so that others can go on."""

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
SQLITE_WAIT_MS = 10_000
"""How long one process waits for another's write (the command line beside a running server)."""


class Store:
    """One database, SQLite or PostgreSQL. `sqlite:///…` and `postgresql://…` are both right.

    On SQLite there is one writer at a time and every writing transaction says so at its start
    (BEGIN IMMEDIATE): begun on SQLite's defaults, two of them lose one's work without an error.
    """

    def __init__(self, database_url: str) -> None:
        self.engine = engine_for(database_url)
        self.sqlite = self.engine.dialect.name == "sqlite"
        # SQLite's connections read only or write too: to tell each before every transaction is
        # one statement more. A database in memory has but one connection.
        kept = self.sqlite and self.engine.url.database
        self._reading = engine_for(database_url, reading=True) if kept else self.engine
        self._writing = asyncio.Lock() if self.sqlite else nullcontext()
        self.timed: Callable[[str, float], None] = lambda _kind, _seconds: None
        """Told of each transaction, `read` or `write`, from the wait for its turn to its end."""

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """All that is read in it is of one moment. Nothing can be written."""
        options = {} if self.sqlite else {"isolation_level": "REPEATABLE READ"}
        began = perf_counter()
        try:
            async with self._reading.connect() as conn:
                conn = await conn.execution_options(**options, postgresql_readonly=True)
                async with conn.begin():
                    yield conn
        finally:
            self.timed("read", perf_counter() - began)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Commits at the end; nothing has happened when an exception leaves it."""
        began = perf_counter()
        try:
            async with self._writing, self.engine.connect() as conn:
                conn = await conn.execution_options(writing=True)
                async with conn.begin():
                    yield conn
        finally:
            self.timed("write", perf_counter() - began)

    async def close(self) -> None:
        await self.engine.dispose()
        await self._reading.dispose()


def clashed(error: DBAPIError) -> bool:
    """Whether nothing is wrong with it but the moment: done anew it may succeed."""
    return getattr(error.orig, "sqlstate", None) in _CLASHES


async def again(work: Callable[[], Awaitable[T]]) -> T:
    """Do a whole transaction; when the database ended it for the sake of others, once more."""
    for _ in range(TRIES - 1):
        try:
            return await work()
        except DBAPIError as error:
            if not clashed(error):
                raise
    return await work()


def engine_for(database_url: str, *, reading: bool = False) -> AsyncEngine:
    """`reading`: on SQLite, its connections refuse to write."""
    url = make_url(database_url)
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    # Errors go to the log, so what was bound (names, words) must not be in them.
    engine = create_async_engine(
        url, hide_parameters=True, pool_pre_ping=url.drivername.startswith("postgresql")
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        if reading:
            event.listen(engine.sync_engine, "connect", _only_reads)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: `_begin_sqlite` does.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {SQLITE_WAIT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    # NORMAL may lose on a power failure what was acknowledged.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _only_reads(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA query_only = ON").close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    writing = options.get("writing", False)
    if options.get("migrating", False):
        # SQLite changes a table by making it anew, which must not take what refers to it along.
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
