"""What lets a browser find its bitrate and know its stream's clock: told often enough, not more."""

from __future__ import annotations

import asyncio
import itertools
import struct
from collections.abc import Callable

import aiortc.rtcrtpsender
import pytest
from aiortc import codecs
from aiortc.rtcrtpparameters import RTCRtcpFeedback, RTCRtpHeaderExtensionParameters
from aiortc.rtp import HeaderExtensions, HeaderExtensionsMap, RtpPacket

from signaling.media import sdp
from tests.media.peer import Peer, Room, hears
from tests.media.wire import feedback

SR, RR, RTPFB, PSFB = 200, 201, 205, 206
TRANSPORT_WIDE, REMB = (RTPFB, 15), (PSFB, 15)


def kind(packet: bytes) -> tuple[int, int]:
    """Packet type, and the format that feedback has."""
    return packet[1], packet[0] & 31 if packet[1] in (RTPFB, PSFB) else 0


def told(peer: Peer, link: str, what: tuple[int, int]) -> list[tuple[float, bytes]]:
    return [(at, packet) for at, packet in peer.feedback[link] if kind(packet) == what]


async def meanwhile(room: Room, peer: Peer, what: tuple[int, int]) -> list[bytes]:
    """Feedback of that kind on the up link in two seconds, by the clock of the reports."""
    reports = await a_second_apart(room, lambda: told(peer, "up", (RR, 0))[1:])
    assert reported(reports[-1][1]) == ssrcs(peer)
    since, until = reports[0][0], reports[2][0]
    return [packet for at, packet in told(peer, "up", what) if since <= at < until]


async def a_second_apart(
    room: Room, found: Callable[[], list[tuple[float, bytes]]]
) -> list[tuple[float, bytes]]:
    """The first three, which take two seconds on the server's clock."""
    await room.until(lambda: len(found()) >= 3, 6.0)
    reports = found()[:3]
    assert reports[2][0] - reports[0][0] > 1.5
    return reports


def ssrcs(peer: Peer) -> set[int]:
    assert peer.up is not None
    return {t.sender._ssrc for t in peer.up.getTransceivers()[:2]}  # The screen is not shared.


def reported(report: bytes) -> set[int]:
    """Of which streams a receiver report tells."""
    return {struct.unpack_from(">I", report, 8 + 24 * n)[0] for n in range(report[0] & 31)}


async def test_reports_every_second_and_arrivals_or_an_estimate_ten_times_a_second(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Arrivals to whoever knows transport-wide feedback, as all of today's browsers do."""
    [old] = await room.join("old", shades=True)
    sent = transport_wide(monkeypatch)
    [new] = await room.join("new", shades=True)
    estimates, arrivals = await asyncio.gather(
        meanwhile(room, old, REMB), meanwhile(room, new, TRANSPORT_WIDE)
    )
    assert 18 <= len(estimates) <= 22
    assert 15 <= len(arrivals) <= 22  # None is sent when nothing arrived meanwhile.
    assert not told(old, "up", TRANSPORT_WIDE)
    assert not told(new, "up", REMB)

    [picture] = {struct.unpack_from(">I", packet, 20)[0] for packet in estimates}
    assert picture in ssrcs(old)
    arrived = [feedback(packet) for _, packet in told(new, "up", TRANSPORT_WIDE)]
    numbers = [number for one in arrived for number in one]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))  # Each one, and once.
    assert numbers[-1] in sent


def transport_wide(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Teach aiortc to number its packets; returns the numbers as they are given out."""
    for media in ("audio", "video"):
        extension = RTCRtpHeaderExtensionParameters(id=5, uri=sdp.TRANSPORT_WIDE)
        known = [*codecs.HEADER_EXTENSIONS[media], extension]
        monkeypatch.setitem(codecs.HEADER_EXTENSIONS, media, known)
        for codec in codecs.CODECS[media]:
            understood = [*codec.rtcpFeedback, RTCRtcpFeedback(type="transport-cc")]
            monkeypatch.setattr(codec, "rtcpFeedback", understood)
    count, sent = itertools.count(100), list[int]()

    class Numbered(RtpPacket):
        def serialize(self, extensions_map: HeaderExtensionsMap = HeaderExtensionsMap()) -> bytes:  # noqa: B008
            if extensions_map.set(HeaderExtensions(transport_sequence_number=1))[1]:
                sent.append(next(count))
                self.extensions.transport_sequence_number = sent[-1]
            return super().serialize(extensions_map)

    monkeypatch.setattr(aiortc.rtcrtpsender, "RtpPacket", Numbered)
    return sent


async def test_the_clock_of_what_is_sent_down_every_second_and_a_sign_of_life_before(
    room: Room,
) -> None:
    a, b = await room.join("a", "b")
    await room.until(lambda: len(told(a, "down", (RR, 0))) >= 2, 5.0)
    assert not told(a, "down", (SR, 0))
    await a.enter("joint")
    await b.enter("joint")
    await room.until(lambda: hears(a, b))
    reports = await a_second_apart(room, lambda: told(a, "down", (SR, 0)))
    streams = {struct.unpack_from(">I", packet, 4)[0] for _, packet in reports}
    assert len(streams) == 1
    packets = [struct.unpack_from(">I", packet, 20)[0] for _, packet in reports]
    octets = [struct.unpack_from(">I", packet, 24)[0] for _, packet in reports]
    assert packets == sorted(set(packets))
    assert octets == sorted(set(octets))
