"""The rules hold for a session that is saved and loaded again after every step.

The same random sequences as in the domain, by a server that is killed after each commit: what is
loaded equals what was saved, and goes on by the same rules.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest
from hypothesis import settings

from server.domain.session import Session
from server.store import sessions
from server.store.store import Store
from server.store.types import metadata
from tests.domain.machine import Command
from tests.domain.test_rules import Meeting
from tests.store import world
from tests.store.test_sessions import assert_same


class StoredMeeting(Meeting):
    """A machine's steps are one transaction, in a database in memory that goes with it."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.runner.run(self._begin())

    async def _begin(self) -> None:
        store = Store("sqlite://")
        self.stack.push_async_callback(store.close)
        self.conn = await self.stack.enter_async_context(store.write())
        await self.conn.run_sync(metadata.create_all)
        place = await world.make(self.conn)
        self.session.case, self.session.organisation = place.case.id, place.station.id
        await sessions.insert(self.conn, self.session)
        self.session = await self._loaded(self.session)

    def carry_out(self, command: Command) -> None:
        before = self.session
        super().carry_out(command)
        if self.session is not before:
            self.session = self.runner.run(self._again(self.session))

    async def _again(self, session: Session) -> Session:
        assert isinstance(session, sessions.Stored)
        await sessions.save(self.conn, session)
        loaded = await self._loaded(session)
        assert_same(loaded, session)
        loaded.happened = session.happened
        return loaded

    async def _loaded(self, session: Session) -> sessions.Stored:
        loaded = await sessions.load(
            self.conn,
            session.id,
            new_space_id=session.new_space_id,
            new_seat_id=session.new_seat_id,
            patience=session.patience,
        )
        assert loaded is not None
        return loaded

    def teardown(self) -> None:
        self.runner.run(self.stack.aclose())
        self.runner.close()


TestStoredMeeting = pytest.mark.slow(StoredMeeting.TestCase)
# Every step is saved and loaded again: a quarter of the sequences shows what that loses.
TestStoredMeeting.settings = settings(max_examples=max(5, settings().max_examples // 4))
