"""Whoever goes leaves nothing behind in the worker."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path
from typing import Literal

import pytest
from aioice import Candidate
from aiortc.rtcdtlstransport import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)

from server.domain.ids import SeatId
from signaling.media import garbage, sdp
from signaling.media.certificate import Certificate
from signaling.media.downlink import Downlink
from signaling.media.ice import Ice, Network
from signaling.media.link import Ground, Link, in_memory
from signaling.media.plane import LinkId, LinkState, Signal, Signalled
from signaling.media.sdp import OPUS, VP8
from signaling.media.uplink import Uplink
from tests.media.peer import Room

ROUNDS, AT_ONCE = 20, 10


class Caller:
    """The least that can shake hands on both links; it sends no media."""

    def __init__(self, room: Room, seat: SeatId, certificate: RTCCertificate) -> None:
        self.room, self.seat, self.certificate = room, seat, certificate
        self.ends: list[tuple[Ice, RTCDtlsTransport]] = []

    async def call(self) -> None:
        """Connect both links; returns when the server says that they are."""
        links = await self.room.links(self.seat)
        up, down = self._end(controlling=True), self._end(controlling=False)
        send = [
            ("0", f"audio {OPUS}", ["a=sendonly", *sdp.voice_format(OPUS)]),
            ("1", f"video {VP8}", ["a=sendonly", *sdp.picture_format(VP8)]),
        ]
        await self._tell(links.up, "offer", sdp.write(self._about(up, "actpass"), send))
        offer = await self._told(links.down)
        receive = [(m.mid, f"{m.kind} {next(iter(m.codecs))}", ["a=recvonly"]) for m in offer.media]
        await self._tell(links.down, "answer", sdp.write(self._about(down, "passive"), receive))
        answer = await self._told(links.up)
        await asyncio.gather(_connect(*up, "client", answer), _connect(*down, "server", offer))
        both = {LinkState(self.seat, link, "connected") for link in (links.up, links.down)}
        await self.room.until(lambda: both <= set(self.room.log))

    async def hang_up(self) -> None:
        """Take the links away, at the server first."""
        await self.room.plane.close(self.seat)
        for ice, dtls in self.ends:
            await dtls.stop()
            await ice.close()

    def _end(self, *, controlling: bool) -> tuple[Ice, RTCDtlsTransport]:
        ice = Ice(Network(["127.0.0.1"]), controlling=controlling)
        ice.open_sockets()
        self.ends.append((ice, RTCDtlsTransport(ice, [self.certificate])))  # type: ignore[arg-type]
        return self.ends[-1]

    def _about(
        self, end: tuple[Ice, RTCDtlsTransport], setup: Literal["actpass", "passive"]
    ) -> sdp.Transport:
        ice, dtls = end
        prints = [(f.algorithm, f.value) for f in dtls.getLocalParameters().fingerprints]
        return sdp.Transport(ice.local_username, ice.local_password, prints, setup, ice.announced())

    async def _tell(self, link: LinkId, kind: Literal["offer", "answer"], text: str) -> None:
        await self.room.plane.signal(self.seat, Signal(link, kind, text))

    async def _told(self, link: LinkId) -> sdp.Description:
        def found() -> list[str]:
            signalled = [e.signal for e in self.room.log if isinstance(e, Signalled)]
            return [signal.sdp for signal in signalled if signal.link == link]

        await self.room.until(lambda: bool(found()))
        return sdp.read(found()[0])


async def _connect(ice: Ice, dtls: RTCDtlsTransport, role: str, remote: sdp.Description) -> None:
    ice.remote_username, ice.remote_password = remote.ufrag, remote.password
    for line in remote.candidates:
        await ice.add_remote_candidate(Candidate.from_sdp(line))
    dtls._set_role(role)
    await ice.connect()
    prints = [RTCDtlsFingerprint(kind, value) for kind, value in remote.fingerprints]
    await dtls.start(RTCDtlsParameters(prints))
    assert dtls.state == "connected"


def descriptors(pid: int) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


async def test_two_hundred_calls_leave_nothing_behind(room: Room) -> None:
    [pid] = room.plane.worker_pids
    certificate = RTCCertificate.generateCertificate()
    [before] = await room.plane.stats()
    sockets = descriptors(pid)
    for _ in range(ROUNDS):
        callers = [Caller(room, room.seat(f"{n}"), certificate) for n in range(AT_ONCE)]
        await asyncio.gather(*(caller.call() for caller in callers))
        [during] = await room.plane.stats()
        assert during.members == AT_ONCE
        assert during.links >= 2 * AT_ONCE
        await asyncio.gather(*(caller.hang_up() for caller in callers))
        room.log.clear()

    after = during
    async with asyncio.timeout(10):
        while after.links or after.tasks > before.tasks or descriptors(pid) > sockets:
            await asyncio.sleep(0.05)
            [after] = await room.plane.stats()
    assert (after.members, after.links, after.tasks) == (0, 0, before.tasks)
    assert descriptors(pid) == sockets


class Nobody:
    """Whom links tell nothing."""

    def on_signal(self, link: Link, kind: Literal["offer", "answer"], text: str) -> None: ...
    def on_state(self, link: Link, state: Literal["connected", "lost"]) -> None: ...


async def test_closed_links_go_without_the_collector() -> None:
    """It has to look through everything, so that it had better have nothing to do."""
    ground = Ground(Network(["127.0.0.1"]), Certificate.generateCertificate())
    gc.collect()
    before = len(in_memory)
    gc.disable()
    try:
        links: list[Link] = [Uplink("up", "a", ground, Nobody()), Downlink("d", ground, Nobody())]
        assert len(in_memory) == before + 2
        for link in links:
            link.close()
        del link
        links.clear()
        async with asyncio.timeout(30):
            while len(in_memory) > before:
                await asyncio.sleep(0.01)
    finally:
        gc.enable()


def test_garbage_is_collected_when_it_has_waited_or_is_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    collected: list[float] = []
    now = 0.0
    monkeypatch.setattr(gc, "collect", lambda: collected.append(now))
    monkeypatch.setattr(gc, "freeze", lambda: None)
    monkeypatch.setattr(gc, "disable", lambda: None)
    monkeypatch.setattr(garbage, "in_memory", range(10))
    collector = garbage.Garbage()
    collected.clear()
    for tenth in range(100):
        now = tenth / 10
        collector.look(10 if tenth < 20 else 9, now)
    assert collected == [5.0, 8.1]  # Since 2.0 there was something; as nothing went, again.
    monkeypatch.setattr(garbage, "in_memory", range(100))
    collector.look(100 - garbage.MUCH, 10.0)
    assert len(collected) == 3
