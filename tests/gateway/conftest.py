from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.gateway.house import House, a_house
from tests.store.world import World


@pytest.fixture
async def house(database_url: str, tmp_path: Path, world: World) -> AsyncIterator[House]:
    async with a_house(database_url, tmp_path, world) as house:
        yield house
