"""A database that fails as disks and networks do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.store import Store


class BreakingStore(Store):
    """Fails at the end of a transaction, when everything is written; set with `failing`.

    Nothing of it is kept, or, if `kept`, all of it is and only the answer is lost. If `blind`,
    nothing can be read from then on either.
    """

    failure: BaseException | None = None
    kept = False
    blind = False
    _unreadable = False

    @contextmanager
    def failing(
        self, failure: BaseException | None, *, kept: bool = False, blind: bool = False
    ) -> Iterator[None]:
        self.failure, self.kept, self.blind = failure, kept, blind
        try:
            yield
        finally:
            self.failure, self.kept, self.blind = None, False, False
            self._unreadable = False

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        async with super().write() as conn:
            yield conn
            if not self.kept:
                self._fail()
        self._fail()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        if self._unreadable:
            raise OSError("the database is gone")
        async with super().read() as conn:
            yield conn

    def _fail(self) -> None:
        if self.failure is not None:
            self._unreadable = self.blind
            raise self.failure
