from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from server.store.store import Store
from tests.store.world import World, make


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    store = Store(database_url)
    yield store
    await store.close()


@pytest.fixture
async def world(store: Store) -> World:
    async with store.write() as conn:
        return await make(conn)
