"""`kill -9` of the server or of the worker: everybody is back where they were, by themselves."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time

import pytest
from playwright.async_api import expect

from bench.browser import Person
from tests.browser.room import SOON_S, Room, until

pytestmark = pytest.mark.timeout(600)
"""The server starts three times, which takes half a minute each where everything else runs, too."""

log = logging.getLogger(__name__)
"""Says how soon: `pytest tests/browser/test_kills.py --log-cli-level=INFO`. Promised are 10 s after
a kill of the server, with its start, and 2 s after one of the worker, on a quiet machine.
"""


async def test_a_killed_server_brings_all_back(room: Room) -> None:
    """In the joint meeting first, then in a caucus."""
    host, alice, opponent = room.everybody
    await room.gather()
    await room.admit()
    await room.shares(room.everybody)
    took = await server_killed(room, room.everybody)
    log.info("server killed in the joint meeting: %s s", took)
    await room.stand(Joint=room.everybody)
    await room.shares(room.everybody)

    await host.on_card(alice.name, "Private talk").click()
    await room.stand(Private=(host, alice), Your_side=(opponent,))
    await room.shares((host, alice), (opponent,))
    took = await server_killed(room, (host, alice), (opponent,))
    log.info("server killed in a caucus: %s s", took)
    await room.stand(Private=(host, alice), Your_side=(opponent,))
    await room.shares((host, alice), (opponent,))


async def test_a_killed_worker_is_replaced(room: Room) -> None:
    """The session goes on meanwhile: no sentence changes, nobody has to do a thing."""
    await room.gather()
    await room.admit()
    await room.shares(room.everybody)
    before, made = room.heyi.worker, await links(room.everybody)
    said = [await person.status.inner_text() for person in room.everybody]
    spaces = spaces_of(room)

    killed = time.time()
    os.kill(before, signal.SIGKILL)
    took = await back(killed, made, room.everybody)
    log.info("worker killed: %s s", took)

    assert room.heyi.worker != before
    assert spaces_of(room) == spaces
    assert [await person.status.inner_text() for person in room.everybody] == said
    await room.shares(room.everybody)


async def server_killed(room: Room, *groups: tuple[Person, ...]) -> float:
    """Kill it, start it again, and say after how many seconds everyone was back."""
    spaces, made = spaces_of(room), [await links(group) for group in groups]
    killed = time.time()
    room.heyi.kill()
    for person in room.everybody:
        await expect(person.page.get_by_text("Reconnecting")).to_be_visible()
        await expect(person.status).to_contain_text("This page reconnects by itself")
    await asyncio.to_thread(room.heyi.start)
    took = await asyncio.gather(
        *(back(killed, m, group) for m, group in zip(made, groups, strict=True))
    )
    await until(lambda: _same(room, spaces), "everyone is in the same space as before")
    return max(took)


async def links(people: tuple[Person, ...]) -> list[int]:
    return [await person.links() for person in people]


async def back(killed: float, made: list[int], people: tuple[Person, ...]) -> float:
    """Seconds until all of these hear and see each other again, on links made since the kill."""
    found = await asyncio.gather(
        *(
            person.back(
                since,
                [other.tone for other in people if other is not person],
                len(people) - 1,
                SOON_S,
            )
            for person, since in zip(people, made, strict=True)
        )
    )
    moments = [moment for at in found for moment in at.values()]
    assert None not in moments, f"not back within {SOON_S} s: {found}"
    return round(max(moment for moment in moments if moment) - killed, 2)


def spaces_of(room: Room) -> list[str]:
    return [person.told["changed"]["view"]["space"] for person in room.everybody]


async def _same(room: Room, spaces: list[str]) -> bool:
    return spaces_of(room) == spaces
