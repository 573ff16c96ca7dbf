from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from server.store.store import Store


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    store = Store(database_url)
    yield store
    await store.close()
