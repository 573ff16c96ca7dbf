"""A browser tries its network: its own sound comes back to it, and goes nowhere else."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.rtcdtlstransport import RTCCertificate

from server.domain.ids import SeatId
from signaling.media import echo
from signaling.media.embedded import EmbeddedPlane
from signaling.media.ice import Network
from signaling.media.link import Ground
from signaling.media.plane import BadSignal, LinkState, Signalled, Slots
from tests.media.peer import LOUD, Peer, Room, connection, hears
from tests.media.senses import Ear, Tone

HERTZ = 3000.0


class Prober:
    """A browser's connection for trying: one line of sound, there and back."""

    def __init__(self) -> None:
        self.connection: RTCPeerConnection = connection()
        self.ear = Ear()
        self.tone = Tone(HERTZ, 0.25)
        self.answer = ""
        self._listening: asyncio.Task[None] | None = None

    async def offer(self) -> str:
        self.connection.addTransceiver(self.tone, direction="sendrecv")
        self.connection.on("track", self._on_track)
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return self.connection.localDescription.sdp

    async def begin(self, room: Room, seat: str) -> None:
        self.answer = await room.plane.echo(room.seat(seat), await self.offer())
        await self.connection.setRemoteDescription(RTCSessionDescription(self.answer, "answer"))

    @property
    def hears(self) -> bool:
        return self.ear.level(HERTZ) > LOUD

    @property
    def ended(self) -> bool:
        """By the server, as far as this side knows."""
        return self.connection.connectionState == "closed"

    async def close(self) -> None:
        await self.connection.close()
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)

    def _on_track(self, track: MediaStreamTrack) -> None:
        self._listening = asyncio.create_task(self.ear.listen(track))


@asynccontextmanager
async def prober() -> AsyncIterator[Prober]:
    made = Prober()
    try:
        yield made
    finally:
        await made.close()


async def links(room: Room) -> int:
    [stats] = await room.plane.stats()
    return stats.links


async def until_links(room: Room, number: int, seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while await links(room) != number:
            await asyncio.sleep(0.05)


async def test_ones_own_sound_comes_back_and_nobody_else_hears_it(room: Room) -> None:
    a, b = await room.join("a", "b")
    for peer in (a, b):
        await peer.enter("joint")
    await room.until(lambda: hears(a, b) and hears(b, a))
    before = len(room.log)
    async with prober() as mine, prober() as others:
        await asyncio.gather(mine.begin(room, "a"), others.begin(room, "lobby"))
        await room.until(lambda: mine.hears and others.hears)
        statistics = await mine.connection.getStats()
        [inbound] = [s for s in statistics.values() if s.type == "inbound-rtp"]
        [outbound] = [s for s in statistics.values() if s.type == "outbound-rtp"]
        assert inbound.ssrc != outbound.ssrc
        assert inbound.packetsLost == 0
        remote = [s for s in statistics.values() if s.type == "remote-inbound-rtp"]
        assert not remote or remote[0].packetsLost == 0

        everybody: list[Peer] = [a, b]
        assert all(ear.level(HERTZ) < LOUD for p in everybody for ear in p.ears)
        assert not [e for e in room.log[before:] if isinstance(e, Slots | LinkState | Signalled)]
        pairs = {("a", "b"), ("b", "a")}
        assert set(await room.forwarded()) == pairs
        assert hears(a, b)
        assert hears(b, a)


async def test_the_answer_asks_for_sound_all_the_time_and_names_no_name(room: Room) -> None:
    async with prober() as mine:
        await mine.begin(room, "a")
        assert "usedtx" not in mine.answer
        assert mine.answer.count("m=") == 1
        assert "a=sendrecv" in mine.answer
        assert "a=candidate:" in mine.answer


async def test_nothing_is_sent_to_an_address_that_an_offer_only_names() -> None:
    ground = Ground(Network(["127.0.0.1"]), RTCCertificate.generateCertificate())
    echoes = echo.Echoes()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as third:
        third.bind(("127.0.0.1", 0))
        third.setblocking(False)
        named = f"a=candidate:9 1 udp 2147483647 127.0.0.1 {third.getsockname()[1]} typ host\r\n"
        async with prober() as mine, asyncio.timeout(10):
            offer = (await mine.offer()).replace("a=candidate:", f"{named}a=candidate:", 1)
            assert named in offer
            answer = echoes.answer("a", offer, ground)
            await mine.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
            while not mine.hears:
                await asyncio.sleep(0.01)
        with pytest.raises(BlockingIOError):
            third.recv(2000)
        for begun in echoes:
            begun.close()


async def test_it_ends_when_the_browser_goes_and_leaves_nothing_behind(room: Room) -> None:
    [before] = await room.plane.stats()
    async with prober() as mine:
        await mine.begin(room, "a")
        await room.until(lambda: mine.hears)
        assert await links(room) == before.links + 1
    await until_links(room, before.links)
    [after] = await room.plane.stats()
    assert after.members == before.members
    assert after.forwarded == {}


async def test_a_second_try_takes_the_place_of_the_first(room: Room) -> None:
    async with prober() as first, prober() as second:
        await first.begin(room, "a")
        await room.until(lambda: first.hears)
        await second.begin(room, "a")
        await room.until(lambda: second.hears and first.ended)
        await until_links(room, 1)


async def test_it_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page was only put away: it stays connected and would go on for ever."""
    monkeypatch.setattr(echo, "ECHO_S", 1.0)
    ground = Ground(Network(["127.0.0.1"]), RTCCertificate.generateCertificate())
    echoes = echo.Echoes()
    async with prober() as mine, asyncio.timeout(10):
        answer = echoes.answer("a", await mine.offer(), ground)
        await mine.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        while not mine.hears:
            await asyncio.sleep(0.01)
        assert len(echoes) == 1
        while len(echoes) or not mine.ended:
            await asyncio.sleep(0.01)


async def test_no_more_than_so_many_at_a_time(room: Room) -> None:
    async with prober() as mine:
        offer = await mine.offer()
        for number in range(echo.MOST_ECHOES):
            await room.plane.echo(room.seat(f"s{number}"), offer)
        with pytest.raises(BadSignal) as caught:
            await room.plane.echo(room.seat("one more"), offer)
        assert caught.value.code == "too_many"
        await room.plane.echo(room.seat("s3"), offer)  # In place of its own.


async def test_without_a_port_or_a_worker_there_is_none() -> None:
    plane = EmbeddedPlane(addresses=["127.0.0.1"], ports=(42316, 42316))
    async with prober() as mine, prober() as other:
        offer = await mine.offer()
        with pytest.raises(BadSignal) as caught:
            await plane.echo(SeatId("a"), offer)
        assert caught.value.code == "no_ports"
        await plane.start()
        try:
            await plane.echo(SeatId("a"), offer)
            with pytest.raises(BadSignal) as caught:
                await plane.echo(SeatId("b"), await other.offer())
            assert caught.value.code == "no_ports"
        finally:
            await plane.stop()
