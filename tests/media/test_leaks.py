"""Whoever goes leaves nothing behind in the worker."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Literal

from aioice import Candidate
from aiortc.rtcdtlstransport import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)

from server.domain.ids import SeatId
from signaling.media import sdp
from signaling.media.ice import Ice, Network
from signaling.media.plane import LinkId, LinkState, Signal, Signalled
from signaling.media.sdp import OPUS, VP8
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
