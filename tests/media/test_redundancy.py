"""Redundant voices: what is lost comes once more with the next packet, and never the words of
somebody to whom one was not yet listening."""

from __future__ import annotations

import random
import struct

import pytest
from aiortc.rtcdtlstransport import RTCCertificate

from signaling.media import red, sdp
from signaling.media.echo import Echoes
from signaling.media.ice import Network
from signaling.media.link import Ground
from signaling.media.sdp import OPUS, RED
from signaling.media.slot import Lane
from signaling.media.source import Voice
from signaling.media.uplink import Uplink
from tests.media.test_hostile import OFFER_LINES, PICTURE, VOICE
from tests.media.test_slot import FRAME
from tests.media.wire import Packet, Wire, voice


def packed(primary: bytes, *before: bytes, kind: int = OPUS) -> bytes:
    """As Chromium sends it: the frames before, oldest first, each 20 ms older than the next."""
    heads = b"".join(
        struct.pack(">I", 1 << 31 | kind << 24 | FRAME * (len(before) - n) << 10 | len(frame))
        for n, frame in enumerate(before)
    )
    return heads + bytes([kind]) + b"".join(before) + primary


def frames(packet: Packet) -> list[bytes]:
    """All that can be heard from one packet, its own frame last."""
    if packet.payload_type == OPUS:
        return [packet.payload]
    assert packet.payload_type == RED
    at, lengths = 0, []
    while packet.payload[at] & 0x80:
        lengths.append(struct.unpack_from(">I", packet.payload, at)[0] & 0x3FF)
        at += 4
    at += 1
    found = []
    for length in lengths:
        found.append(packet.payload[at : at + length])
        at += length
    return [*found, packet.payload[at:]]


def redundant() -> Voice:
    source = voice()
    source.may_repeat(63)
    return source


def lane_of(wire: Wire, *, reads: bool = True) -> Lane:
    lane = wire.lane(48000)
    lane.redundant = reads
    return lane


def say(source: Voice, name: str, first: int, count: int, at: float, *, repeats: int = 1) -> float:
    """Frames called a0, a1, … from that one on, each with those before it."""
    for n in range(first, first + count):
        before = [f"{name}{m}".encode() for m in range(max(0, n - repeats), n)]
        payload = packed(f"{name}{n}".encode(), *before)
        source.take(63, n & 0xFFFF, FRAME * n & 0xFFFFFFFF, payload, at + 0.02 * (n - first))
    return at + 0.02 * count


def test_whoever_reads_it_gets_all_and_others_the_frame_itself() -> None:
    wire = Wire()
    reads, plain, source = lane_of(wire), lane_of(wire, reads=False), redundant()
    for lane in (reads, plain):
        lane.attach(source, 1.0)
    say(source, "a", 10, 4, 1.0)
    mine = [frames(p) for p in wire.packets if p.ssrc == reads.ssrc]
    assert mine == [[b"a10"], [b"a10", b"a11"], [b"a11", b"a12"], [b"a12", b"a13"]]
    other = [p for p in wire.packets if p.ssrc == plain.ssrc]
    assert [p.payload for p in other] == [b"a10", b"a11", b"a12", b"a13"]
    assert {p.payload_type for p in other} == {OPUS}
    for lane in (reads, plain):
        numbers = [p.seq for p in wire.packets if p.ssrc == lane.ssrc]
        assert [n - numbers[0] & 0xFFFF for n in numbers] == [0, 1, 2, 3]
        assert lane.take_sent() == {"a": 4}


@pytest.mark.parametrize("repeats", [1, 2, 3])
def test_nothing_that_was_said_before_a_switch_comes_after_it(repeats: int) -> None:
    """The words before were for somebody else: a private talk, a microphone that was off."""
    wire = Wire()
    lane, first, second = lane_of(wire), redundant(), redundant()
    lane.attach(first, 1.0)
    now = say(first, "a", 100, 5, 1.0, repeats=repeats)
    lane.detach()
    now = say(second, "b", 2**16 - 3, 5, now, repeats=repeats)  # In private, with one from here.
    elsewhere = lane_of(wire)
    elsewhere.attach(second, now)
    now = say(second, "b", 2**16 + 2, 5, now, repeats=repeats)
    before = len(wire.packets)
    lane.attach(second, now)
    say(second, "b", 2**16 + 7, 6, now, repeats=repeats)
    heard = [frames(p) for p in wire.packets[before:] if p.ssrc == lane.ssrc]
    own = [f"b{2**16 + 7 + n}".encode() for n in range(6)]
    assert [found[-1] for found in heard] == own
    assert {name for found in heard for name in found} == set(own)
    assert len(heard[-1]) == repeats + 1, "and then it is redundant again"


def test_a_switch_while_timestamps_wrap() -> None:
    wire = Wire()
    lane, source = lane_of(wire), redundant()
    wrap = 2**32 // FRAME
    say(source, "a", wrap - 2, 2, 1.0)
    lane.attach(source, 1.04)
    say(source, "a", wrap, 4, 1.04)
    heard = [frames(p) for p in wire.packets]
    assert heard[0] == [f"a{wrap}".encode()]
    assert [len(found) for found in heard] == [1, 2, 2, 2]


def test_after_a_pause_what_was_said_before_it_stays_with_those_who_heard_it() -> None:
    """With DTX the frame before may be a third of a second old."""
    wire = Wire()
    early, late, source = lane_of(wire), lane_of(wire), redundant()
    early.attach(source, 1.0)
    say(source, "a", 1, 2, 1.0)
    late.attach(source, 1.2)
    stamp = 2 * FRAME + 16000
    words = struct.pack(">I", 1 << 31 | OPUS << 24 | 16000 << 10 | 2) + bytes([OPUS]) + b"a2a3"
    source.take(63, 3, stamp, words, 1.3)
    assert frames(wire.packets[-1]) in ([b"a2", b"a3"], [b"a3"])
    assert {len(frames(p)) for p in wire.packets if p.ssrc == late.ssrc} == {1}
    assert [len(frames(p)) for p in wire.packets if p.ssrc == early.ssrc][-1] == 2


def test_plain_and_redundant_packets_of_one_voice_go_on_in_one_lane() -> None:
    """Browsers send what is too long for it, and noise in a pause, as it is."""
    wire = Wire()
    lane, source = lane_of(wire), redundant()
    lane.attach(source, 1.0)
    now = say(source, "a", 1, 2, 1.0)
    source.take(OPUS, 3, 3 * FRAME, b"a3", now)
    say(source, "a", 4, 1, now + 0.02)
    assert [p.payload_type for p in wire.packets] == [OPUS, RED, OPUS, RED]
    assert [p.marker for p in wire.packets] == [True, False, False, False]


def test_what_is_cut_off_or_of_another_kind_is_not_passed_on() -> None:
    whole = packed(b"primary", b"before")
    assert red.read(whole, OPUS) == (len(whole) - 7, FRAME)
    assert red.read(packed(b"alone"), OPUS) == (1, 0)
    assert red.read(packed(b"", b"before"), OPUS) is None
    assert red.read(packed(b"x", b"before", kind=0), OPUS) is None
    assert [n for n in range(len(whole) - 6) if red.read(whole[:n], OPUS)] == []
    pick = random.Random(2)
    for _ in range(3000):
        data = pick.randbytes(pick.randrange(12))
        found = red.read(data, OPUS)
        assert found is None or found.primary_at < len(data)
    wire = Wire()
    lane, source = lane_of(wire), redundant()
    lane.attach(source, 1.0)
    source.take(63, 1, FRAME, b"\xef\x00", 1.0)
    assert not wire.packets


@pytest.mark.parametrize("loss", [0.1, 0.2])
def test_most_of_what_is_lost_can_be_heard_all_the_same(loss: float) -> None:
    wire, pick = Wire(), random.Random(6)
    lane, source = lane_of(wire), redundant()
    lost = {n for n in range(1 << 16) if pick.random() < loss}
    wire.lossy = lost.__contains__
    lane.attach(source, 1.0)
    say(source, "a", 1, 2000, 1.0)
    heard = {name for p in wire.packets for name in frames(p)}
    assert len(wire.packets) < 2000 * (1 - loss / 2)
    assert 1 - len(heard) / 2000 < 1.5 * loss**2


async def test_it_is_agreed_on_where_the_browser_has_it() -> None:
    """And comes first in the answer, by which a browser knows what to send."""

    def answered(voice_lines: str) -> tuple[str, list[str], Voice]:
        ground = Ground(Network(["127.0.0.1"]), RTCCertificate.generateCertificate())
        link = Uplink("up", "a", ground, Echoes())
        try:
            offer = sdp.read(OFFER_LINES + voice_lines + PICTURE)
            _, formats, lines = link.sections(offer.media)[0]
            return formats, lines, link.voice
        finally:
            link.close()

    both = VOICE.replace("SAVPF 111", "SAVPF 111 63") + "a=rtpmap:63 red/48000/2\r\n"
    formats, lines, source = answered(both)
    assert formats == "audio 63 111"
    assert {"a=rtpmap:63 red/48000/2", "a=fmtp:63 111/111"} <= set(lines)
    assert "a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1" in lines
    assert source.told == 0xFF
    assert answered(VOICE)[0] == "audio 111"
    assert answered(both.replace("111", "109"))[0] == "audio 109"
