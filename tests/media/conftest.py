"""Fixtures: a plane on loopback, and browsers that know no other network."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aioice.ice
import pytest

from signaling.media.embedded import EmbeddedPlane
from tests.media.peer import Room, running


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """aioice leaves 127.0.0.1 out; the tests use nothing else, so they need no network."""

    def addresses(use_ipv4: bool, use_ipv6: bool) -> list[str]:
        return ["127.0.0.1"]

    monkeypatch.setattr(aioice.ice, "get_host_addresses", addresses)


@pytest.fixture
def plane() -> EmbeddedPlane:
    return EmbeddedPlane(addresses=["127.0.0.1"])


@pytest.fixture
async def room(plane: EmbeddedPlane) -> AsyncIterator[Room]:
    async for started in running(plane):
        yield started
