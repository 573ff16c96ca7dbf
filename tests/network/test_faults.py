"""What happens to networks and phones, and that the call comes back by itself each time."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import expect

from bench.browser import begins
from bench.line import ELSEWHERE, FAR
from tests.browser.room import AUDIBLE, listen
from tests.network.conftest import Call

pytestmark = [
    pytest.mark.beyond,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(1800),
]

BACK_S, BUSY = 5, 12
"""As promised; and how many times as long on a machine with other things to do."""
AWAY_S = 10
LOSSY_S = 10

log = logging.getLogger(__name__)
"""Says the figures: `pytest tests/network -m beyond --log-cli-level=INFO`."""


@asynccontextmanager
async def as_before(call: Call) -> AsyncIterator[None]:
    """Nobody was admitted anew, nobody is elsewhere, and the line is whole again afterwards."""
    seats = call.seats
    await call.carries(BACK_S * BUSY)
    try:
        yield
    finally:
        call.line.be()
    await call.carries(BACK_S * BUSY)
    assert call.seats == seats
    assert await call.host.on_card(call.alice.name, "Admit").count() == 0
    for person in call.both:
        await expect(person.status).to_have_text(begins("Joint"))


async def back(call: Call, since: float, what: str, after: int = 0) -> None:
    took = await call.carries(BACK_S * BUSY, after) - since
    log.info("%s: back after %.1f s", what, took)
    assert took < BACK_S * BUSY


@pytest.mark.parametrize("loss", [0.05, 0.1, 0.2])
async def test_loss_is_borne(call: Call, loss: float) -> None:
    async with as_before(call):
        made = [await person.links() for person in call.both]
        call.line.be(loss=loss)
        await asyncio.sleep(LOSSY_S)
        heard = await listen(*call.both)
        assert heard[call.alice.name].usual[call.host.tone] > AUDIBLE
        assert heard[call.host.name].usual[call.alice.tone] > AUDIBLE
        assert [await person.links() for person in call.both] == made


async def test_a_network_that_is_silent_for_a_while(call: Call) -> None:
    """Nobody is told that nothing passes: in a tunnel, behind a box that has lost its memory."""
    async with as_before(call):
        call.line.be(up=False)
        await asyncio.sleep(AWAY_S)
        await back(call, call.line.be(), "silence")


async def test_a_network_that_is_gone_for_a_while(call: Call) -> None:
    async with as_before(call):
        call.line.unplug()
        await asyncio.sleep(AWAY_S)
        call.line.plug()
        await back(call, call.line.be(), "unplugged")


async def test_another_address(call: Call) -> None:
    """From Wi-Fi to mobile data: the old address is gone, and nothing that was sent to it comes."""
    async with as_before(call):
        made = await call.alice.links()
        try:
            call.line.move(ELSEWHERE)
            await back(call, call.line.be(), "moved", made)
        finally:
            made = await call.alice.links()
            call.line.move(FAR)
        await back(call, call.line.be(), "moved back", made)


async def test_a_machine_that_sleeps(call: Call) -> None:
    """Long enough that the server has given its links up."""
    async with as_before(call):
        call.line.tell(call.line.far, signal.SIGSTOP)
        try:
            await asyncio.sleep(AWAY_S)
        finally:
            call.line.tell(call.line.far, signal.SIGCONT)
        await back(call, call.line.be(), "asleep")


async def test_without_udp_the_relay_is_found(call: Call) -> None:
    """The real coturn over TCP, once the firewall lets nothing else pass; and the straight way
    again for the next links."""
    async with as_before(call):
        made = await call.alice.links()
        await back(call, call.line.be(udp=False), "udp blocked", made)
        assert await call.alice.page.evaluate("ears.ways()") == ["relay/tcp", "relay/tcp"]
        assert "relay/tcp" not in await call.host.page.evaluate("ears.ways()")
