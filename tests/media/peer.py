"""A browser for the tests: two aiortc connections that send a tone and listen for the others'."""

from __future__ import annotations

import asyncio
import re
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Literal

from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.rtp import is_rtcp

from server.domain.ids import SeatId, SessionId, SpaceId
from signaling.media import sdp
from signaling.media.embedded import EmbeddedPlane
from signaling.media.plane import (
    SLOTS,
    How,
    Ladder,
    LinkId,
    Links,
    LinkState,
    MicrophoneSilent,
    PlaneEvent,
    Signal,
    Signalled,
    Slots,
    Speaking,
)
from tests.media.senses import FIRST_SHADE, SHADE_STEP, Ear, Shade, Tone

SESSION = SessionId("session")


class Peer:
    """One seat's browser. It follows the plane's events; `room` hands them over."""

    def __init__(
        self,
        plane: EmbeddedPlane,
        seat: str,
        hertz: float,
        *,
        shade: int | None = None,
        screen_shade: int | None = None,
        small_shade: int | None = None,
        quiet: bool = False,
    ) -> None:
        self.plane = plane
        self.seat = SeatId(seat)
        self.hertz = hertz
        self.shade = shade
        self.screen_shade = screen_shade
        self.small_shade = small_shade
        """Of the camera's small layer, which is sent if there is one; the large one is rough."""
        self.links: Links | None = None
        self.slots: tuple[SeatId | None, ...] = (None,) * SLOTS
        self.heard_by: frozenset[SeatId] = frozenset()
        self.shown: SeatId | None = None
        """Whose screen is in the screen line, by what the plane says."""
        self.speakers: tuple[SeatId, ...] = ()
        self.how: How = "full"
        self.silent = False
        """Its microphone seems dead to the plane."""
        self.ears: list[Ear] = []
        self.screen = Ear()
        """What came out of the screen line."""
        self.states: dict[str, str] = {}
        self.up: RTCPeerConnection | None = None
        self.down: RTCPeerConnection | None = None
        self.alter: Callable[[str], str] = str
        """What becomes of a description before the server gets it."""
        self.keeps = False
        """The links it has go on when it is given others, until `let_go`."""
        self.former: list[RTCPeerConnection] = []
        self.feedback: dict[str, list[tuple[float, bytes]]] = {}
        """RTCP packets as they came on either link, "up" or "down": when, and which."""
        self._quiet = quiet
        self._loudness = 0.25
        self._wide: Callable[[], Awaitable[bytes]] | None = None
        """How the down link receives while it is not narrow."""
        self._tone: Tone | None = None
        self._picture: Shade | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def ready(self) -> bool:
        links = self.links
        return links is not None and all(
            self.states.get(link) == "connected" for link in (links.up, links.down)
        )

    @property
    def sent(self) -> int:
        """Frames of the tone so far."""
        return self._tone.frames if self._tone is not None else 0

    @property
    def sent_pictures(self) -> int:
        return self._picture.frames if self._picture is not None else 0

    @property
    def received(self) -> int:
        """Frames of sound and picture that came out of all lines."""
        return sum(ear.sound_frames + ear.picture_frames for ear in (*self.ears, self.screen))

    @property
    def received_pictures(self) -> int:
        """Frames of picture that came out of all slots."""
        return sum(ear.picture_frames for ear in self.ears)

    def lose(self, *, every: int) -> None:
        """From now on one media packet of so many gets lost on each way; sent again, it comes."""
        assert self.up is not None
        assert self.down is not None
        down, up = (c.getTransceivers()[0].receiver.transport for c in (self.down, self.up))
        receive, send, lost = down.transport._recv, up._send_rtp, set[bytes]()

        def loses(data: bytes) -> bool:
            name = data[2:4] + data[8:12]
            if (
                not 127 < data[0] < 192
                or is_rtcp(data)
                or int.from_bytes(name[:2], "big") % every
                or name in lost
            ):
                return False
            lost.add(name)
            return True

        async def received() -> bytes:
            while loses(data := await receive()):
                pass
            return data

        async def sent(data: bytes) -> None:
            if not loses(data):
                await send(data)

        down.transport._recv = received
        up._send_rtp = sent  # type: ignore[method-assign]

    def narrow(self, octets: float) -> None:
        """From now on no more than so many octets of media a second come down; the rest is lost.
        Said again, it is that many instead."""
        assert self.down is not None
        path = self.down.getTransceivers()[0].receiver.transport.transport
        receive = self._wide = self._wide or path._recv
        clock = asyncio.get_running_loop().time
        room, since = octets / 4, clock()

        async def received() -> bytes:
            nonlocal room, since
            while True:
                data = await receive()
                now = clock()
                room, since = min(octets / 4, room + octets * (now - since)), now
                if not 127 < data[0] < 192 or is_rtcp(data):
                    return data
                if room >= len(data):
                    room -= len(data)
                    return data

        path._recv = received

    def speak(self, loudness: float = 0.25) -> None:
        """Sound the tone from now on; at 0 as a microphone with a switch of its own does."""
        self._quiet, self._loudness = False, loudness
        if self._tone is not None:
            self._tone.loudness = loudness
            self._tone.sounds.set()

    def rest(self) -> None:
        """Send no packet of sound."""
        self._quiet = True
        if self._tone is not None:
            self._tone.sounds.clear()

    def server_ports(self) -> set[int]:
        """UDP ports of the server's ends, as far as they are known."""
        described = [c.remoteDescription for c in (self.up, self.down) if c is not None]
        return {
            int(line.split(" ")[5])
            for description in described
            if description is not None
            for line in description.sdp.splitlines()
            if line.startswith("a=candidate:")
        }

    @property
    def hears(self) -> set[SeatId]:
        """Who is in a slot, by what the plane says."""
        return {s for s in self.slots if s is not None}

    def level(self, other: Peer) -> float:
        """How loud the other's tone is in any slot."""
        return max((ear.level(other.hertz) for ear in self.ears), default=-120.0)

    async def on_event(self, event: PlaneEvent) -> None:
        if isinstance(event, Links):
            await self._reconnect(event)
        elif isinstance(event, Signalled):
            await self._on_signal(event.signal)
        elif isinstance(event, Slots):
            self.slots, self.heard_by, self.shown = event.slots, event.heard_by, event.screen
        elif isinstance(event, Speaking):
            self.speakers = event.speakers
        elif isinstance(event, MicrophoneSilent):
            self.silent = event.silent
        elif isinstance(event, Ladder):
            self.how = event.how
        elif isinstance(event, LinkState):
            self.states[event.link] = event.state

    async def enter(self, space: str, *, microphone: bool = True) -> None:
        await self.plane.enter(SpaceId(space), self.seat, microphone=microphone)

    async def leave(self, space: str) -> None:
        await self.plane.leave(SpaceId(space), self.seat)

    async def let_go(self) -> None:
        """Close the links that were kept."""
        for connection in self.former:
            await connection.close()
        self.former.clear()

    async def close(self) -> None:
        await self.let_go()
        for connection in (self.up, self.down):
            if connection is not None:
                await connection.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def _reconnect(self, links: Links) -> None:
        if self.keeps:
            self.former += [c for c in (self.up, self.down) if c is not None]
        else:
            await self.close()
        self.links = links
        self.feedback = {"up": [], "down": []}
        self.ears, self.screen = [Ear() for _ in range(SLOTS)], Ear()
        self.down = connection()
        self.down.on("track", self._on_track)
        self.up = connection()
        self._tone = Tone(self.hertz, self._loudness)
        if self._quiet:
            self._tone.sounds.clear()
        rough = self.small_shade is not None
        self._picture = None if self.shade is None else Shade(self.shade, rough=rough)
        screen = None if self.screen_shade is None else Shade(self.screen_shade)
        self.up.addTransceiver(self._tone, direction="sendonly")
        self.up.addTransceiver(self._picture or "video", direction="sendonly")
        self.up.addTransceiver(screen or "video", direction="sendonly")
        if self.small_shade is not None:
            self.up.addTransceiver(Shade(self.small_shade), direction="sendonly")
        await self.up.setLocalDescription(await self.up.createOffer())
        await self._send(links.up, "offer", self.up.localDescription.sdp)

    async def _send(self, link: LinkId, kind: Literal["offer", "answer"], text: str) -> None:
        await self.plane.signal(self.seat, Signal(link, kind, self.alter(text)))

    async def _on_signal(self, signal: Signal) -> None:
        assert self.links is not None
        assert self.up is not None
        assert self.down is not None
        if signal.link == self.links.up:
            await self.up.setRemoteDescription(described(signal))
            self._overhear(self.up, "up")
        elif signal.link == self.links.down:
            await self.down.setRemoteDescription(described(signal))
            self._overhear(self.down, "down")
            await self.down.setLocalDescription(await self.down.createAnswer())
            await self._send(signal.link, "answer", self.down.localDescription.sdp)

    def _overhear(self, connection: RTCPeerConnection, link: str) -> None:
        """Keep what the server says about the streams, before aiortc passes over most of it."""
        transport = connection.getTransceivers()[0].receiver.transport
        packets, handle = self.feedback[link], transport._handle_rtcp_data

        async def overheard(data: bytes) -> None:
            now = asyncio.get_running_loop().time()
            packets.extend((now, packet) for packet in apart(data))
            await handle(data)

        transport._handle_rtcp_data = overheard  # type: ignore[method-assign]

    def _on_track(self, track: MediaStreamTrack) -> None:
        assert self.down is not None
        mid = next(t.mid for t in self.down.getTransceivers() if t.receiver.track is track)
        assert mid is not None
        ear = self.screen if mid == str(2 * SLOTS) else self.ears[int(mid) // 2]
        self._tasks.append(asyncio.create_task(ear.listen(track)))


def described(signal: Signal) -> RTCSessionDescription:
    """The description with its candidates in the last section, where aiortc looks for them.

    Browsers take those of a bundle from its first one. And without the time of sending: from that
    aiortc would find out that the tests' machine is busy, and complain of its network.
    """
    lines = [line for line in signal.sdp.splitlines() if not line.endswith(sdp.SEND_TIME)]
    candidates = [line for line in lines if line.startswith("a=candidate:")]
    return RTCSessionDescription("\r\n".join(lines + candidates) + "\r\n", signal.kind)


def without_addresses(text: str) -> str:
    """As Chromium describes itself to a page without permissions."""
    name = "5f6a0f0e-2d1c-4b52-9d0e-4f5a1c2b3d4e.local"
    return text.replace(" 127.0.0.1 ", f" {name} ")


def with_another_certificate(text: str) -> str:
    """As somebody in the middle would describe himself."""
    return re.sub(r"(?m)^(a=fingerprint:\S+ )..", r"\g<1>00", text)


LOUD = -30.0
SILENT = -60.0


def hears(listener: Peer, speaker: Peer) -> bool:
    """The speaker's tone is in what the listener plays."""
    return listener.level(speaker) > LOUD


def silent(listener: Peer, speaker: Peer) -> bool:
    """The speaker's tone is not in what the listener plays."""
    return listener.level(speaker) < SILENT


def sees(viewer: Peer, other: Peer) -> bool:
    """The other's shade is in the slot where the plane says it is."""
    if other.seat not in viewer.slots or other.shade is None:
        return False
    shade = viewer.ears[viewer.slots.index(other.seat)].shade
    return shade is not None and abs(shade - other.shade) < 12


def sees_small(viewer: Peer, other: Peer) -> bool:
    """The small layer of the other's is in the slot where the plane says it is."""
    if other.seat not in viewer.slots or other.small_shade is None:
        return False
    shade = viewer.ears[viewer.slots.index(other.seat)].shade
    return shade is not None and abs(shade - other.small_shade) < 12


def blind(viewer: Peer, other: Peer) -> bool:
    """The other's shade came out of no slot for three of its frames."""
    assert other.shade is not None
    since = asyncio.get_running_loop().time() - 0.3
    return all(ear.shades.get(other.shade, 0.0) < since for ear in viewer.ears)


Counts = dict[tuple[SeatId, SeatId], int]


def moved(before: Counts, after: Counts) -> set[tuple[SeatId, SeatId]]:
    """Between whom packets were forwarded meanwhile."""
    return {pair for pair, count in after.items() if count > before.get(pair, 0)}


def apart(compound: bytes) -> list[bytes]:
    """The packets of a compound RTCP packet."""
    packets = []
    while compound:
        (words,) = struct.unpack_from(">H", compound, 2)
        packets.append(compound[: 4 * words + 4])
        compound = compound[4 * words + 4 :]
    return packets


def connection() -> RTCPeerConnection:
    """A connection as a browser makes it, without outside servers."""
    return RTCPeerConnection(
        RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
    )


class Room:
    """A plane and its browsers."""

    def __init__(self, plane: EmbeddedPlane) -> None:
        self.plane = plane
        self.peers: dict[SeatId, Peer] = {}
        self.log: list[PlaneEvent] = []
        self.alter: Callable[[str], str] = str
        self._changed = asyncio.Event()
        self._pump = asyncio.create_task(self._run())

    async def join(
        self,
        *seats: str,
        shades: bool = False,
        screens: bool = False,
        layers: bool = False,
        quiet: bool = False,
        session: SessionId = SESSION,
    ) -> list[Peer]:
        """Give each seat a browser with a tone of its own; returns when all are connected."""
        made = []
        for seat in seats:
            number = len(self.peers)
            shade = FIRST_SHADE + SHADE_STEP * number
            peer = Peer(
                self.plane,
                seat,
                400.0 + 350.0 * number,
                shade=shade if shades or layers else None,
                screen_shade=shade + 5 * SHADE_STEP if screens else None,
                small_shade=shade + 4 * SHADE_STEP if layers else None,
                quiet=quiet,
            )
            peer.alter = self.alter
            self.peers[peer.seat] = peer
            made.append(peer)
            await self.plane.open(session, peer.seat)
        await self.until(lambda: all(peer.ready for peer in made))
        return made

    async def reload(self, peer: Peer) -> None:
        """As a page that was loaded again; returns when it is connected."""
        before = peer.links
        await self.plane.open(SESSION, peer.seat)
        await self.until(lambda: peer.links is not before and peer.ready)

    def seat(self, name: str) -> SeatId:
        return SeatId(name)

    async def links(self, name: str) -> Links:
        """Open a seat that has no browser; its newest links."""
        seat = self.seat(name)
        before = len(self.log)
        await self.plane.open(SESSION, seat)

        def newest() -> list[Links]:
            return [e for e in self.log[before:] if isinstance(e, Links) and e.seat == seat]

        await self.until(lambda: bool(newest()))
        return newest()[-1]

    async def forwarded(self) -> Counts:
        """Packets from one seat to another, as the worker counted them."""
        [stats] = await self.plane.stats()
        return stats.forwarded

    async def until(self, condition: Callable[[], bool], seconds: float = 20.0) -> float:
        """Wait until it holds; returns how long that took. Fails after that many seconds."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        while not condition():
            if self._pump.done():
                self._pump.result()
            if loop.time() - begun > seconds:
                raise AssertionError(f"did not happen within {seconds} s")
            await asyncio.sleep(0.01)
        return loop.time() - begun

    async def end(self) -> None:
        self._pump.cancel()
        await asyncio.gather(self._pump, return_exceptions=True)
        await asyncio.gather(*(peer.close() for peer in self.peers.values()))

    async def _run(self) -> None:
        async for event in self.plane.events():
            self.log.append(event)
            peer = self.peers.get(event.seat)
            if peer is not None:
                await peer.on_event(event)


async def running(plane: EmbeddedPlane) -> AsyncIterator[Room]:
    """A started plane and a room around it; everything ends afterwards."""
    await plane.start()
    room = Room(plane)
    try:
        yield room
    finally:
        await room.end()
        await plane.stop()
