"""A lane is one stream to the browser, whoever is in it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from signaling.media.rtcp import SenderReport
from signaling.media.source import ASK_AGAIN_S, Voice
from tests.media.wire import Wire, picture, picture_id, voice, vp8_payload

FRAME = 960
SILENCE = b"\xf8\xff\xfe"


def speak(source: Voice, seq: int, count: int, at: float, stamp: int) -> float:
    """Frames of 20 ms from that sequence number on; returns when the next is due."""
    for n in range(count):
        number = (seq + n) & 0xFFFF
        source.take(0, number, (stamp + FRAME * n) & 0xFFFFFFFF, b"voice", at + 0.02 * n)
    return at + 0.02 * count


def steps(numbers: list[int], bits: int) -> list[int]:
    return [(b - a) & ((1 << bits) - 1) for a, b in pairwise(numbers)]


def test_switching_voices_goes_on_where_the_last_one_stopped() -> None:
    wire = Wire()
    lane = wire.lane(48000)
    first, second = voice(), voice()
    lane.attach(first, 100.0)
    now = speak(first, 65530, 20, 100.0, 0xFFFFF000)  # Across both wraps.
    lane.detach()
    lane.attach(second, now)
    speak(second, 9, 20, now + 1.0, 5)

    assert len({p.ssrc for p in wire.packets}) == 1
    assert set(steps([p.seq for p in wire.packets], 16)) == {1}
    ahead = steps([p.stamp for p in wire.packets], 32)
    assert all(0 < step < 1 << 31 for step in ahead)
    # The whole is as long as it took: 20 frames, a second, 20 frames.
    whole = wire.packets[-1].stamp - wire.packets[0].stamp & 0xFFFFFFFF
    assert whole == pytest.approx(48000 * (0.4 + 1.0 + 0.38), abs=48)


def test_silence_follows_who_leaves_and_the_next_one_begins_with_the_marker() -> None:
    wire = Wire()
    lane = wire.lane(48000)
    first, second = voice(), voice()
    lane.attach(first, 1.0)
    now = speak(first, 1, 3, 1.0, 0)
    lane.detach()
    assert [p.payload for p in wire.packets[3:]] == [SILENCE] * 3
    lane.attach(second, now)
    speak(second, 500, 2, now, 777)
    assert [p.marker for p in wire.packets] == [True, *[False] * 5, True, False]


def test_nothing_is_sent_after_detaching() -> None:
    wire = Wire()
    lane = wire.lane(48000)
    source = voice()
    lane.attach(source, 1.0)
    speak(source, 1, 3, 1.0, 0)
    lane.detach()
    sent = len(wire.packets)
    assert speak(source, 4, 3, 1.06, 4 * FRAME)
    assert len(wire.packets) == sent
    lane.detach()
    assert len(wire.packets) == sent


def test_many_quick_switches_do_not_run_ahead_of_time() -> None:
    wire = Wire()
    lane = wire.lane(48000)
    source = voice()
    now, seq = 10.0, 0
    for _ in range(50):
        lane.attach(source, now)
        speak(source, seq, 25, now, int(now * 48000))
        lane.detach()
        now, seq = now + 0.7, seq + 35
    whole = wire.packets[-1].stamp - wire.packets[0].stamp & 0xFFFFFFFF
    assert whole == pytest.approx(48000 * (now - 10.0), abs=48000 * 0.3)


def test_late_packets_keep_their_number_and_older_ones_than_the_first_are_dropped() -> None:
    wire = Wire()
    lane = wire.lane(48000)
    source = voice()
    speak(source, 100, 5, 1.0, 0)  # Nobody listens yet; 102 is on its way twice as long.
    lane.attach(source, 1.1)
    source.take(0, 105, 5 * FRAME, b"e", 1.1)
    source.take(0, 107, 7 * FRAME, b"g", 1.14)
    source.take(0, 102, 2 * FRAME, b"older", 1.141)
    source.take(0, 106, 6 * FRAME, b"f", 1.142)
    source.take(0, 108, 8 * FRAME, b"h", 1.16)
    assert [p.payload for p in wire.packets] == [b"e", b"g", b"f", b"h"]
    first = wire.packets[0].seq
    assert [(p.seq - first) & 0xFFFF for p in wire.packets] == [0, 2, 1, 3]


def test_older_packets_are_still_known_as_such_after_the_numbers_wrapped() -> None:
    wire = Wire()
    lane = wire.lane(48000)
    source = voice()
    lane.attach(source, 1.0)
    now = speak(source, 0, 70000, 1.0, 0)
    sent = len(wire.packets)
    source.take(0, 70000 - 3 & 0xFFFF, 0, b"late", now)
    assert len(wire.packets) == sent  # Sent before: the browser would take it for a replay.
    speak(source, 70000 & 0xFFFF, 1, now, 70000 * FRAME & 0xFFFFFFFF)
    assert len(wire.packets) == sent + 1


def test_no_picture_before_a_keyframe_and_one_is_asked_for() -> None:
    wire = Wire()
    asked: list[int] = []
    lane, source = wire.lane(90000), picture(asked)
    lane.attach(source, 1.0)
    assert asked == [8]
    source.take(0x80, 1, 0, vp8_payload(10, key=False), 1.01)
    assert asked == [8]  # Too soon to ask again.
    source.take(0x80, 2, 3000, vp8_payload(11, key=False), 1.0 + ASK_AGAIN_S)
    assert asked == [8, 8]
    assert wire.packets == []
    source.take(0, 3, 6000, vp8_payload(12, key=True), 1.1)
    source.take(0x80, 4, 6000, b"\x80\x80\x80\x0cmore", 1.1)
    assert len(wire.packets) == 2
    assert [p.marker for p in wire.packets] == [False, True]


@pytest.mark.parametrize("narrow", [False, True])
def test_picture_numbers_continue_across_sources(narrow: bool) -> None:
    wire = Wire()
    lane = wire.lane(90000)
    now = 1.0
    for start in (0x7FFE, 5, 120):
        source = picture()
        lane.attach(source, now)
        for n in range(5):
            payload = vp8_payload(start + n & 0x7FFF, key=n == 0, tl0=250 + n & 255, narrow=narrow)
            source.take(0x80, n, 3000 * n, payload, now)
            now += 1 / 30
        lane.detach()
    assert set(steps([picture_id(p.payload) for p in wire.packets], 15)) == {1}
    assert set(steps([p.payload[4] for p in wire.packets], 8)) == {1}
    assert set(steps([p.seq for p in wire.packets], 16)) == {1}
    assert len({bytes(p.payload[5:]) for p in wire.packets}) == 2  # Keyframes and others, whole.


def test_one_source_for_several_lanes_gives_each_its_own_numbers() -> None:
    wire = Wire()
    lanes = [wire.lane(90000) for _ in range(3)]
    source = picture()
    for lane in lanes:
        lane.attach(source, 1.0)
    for n in range(4):
        source.take(0x80, n, 3000 * n, vp8_payload(n, key=n == 0), 1.0 + n / 30)
    for lane in lanes:
        mine = [p for p in wire.packets if p.ssrc == lane.ssrc]
        assert set(steps([p.seq for p in mine], 16)) == {1}
        assert set(steps([picture_id(p.payload) for p in mine], 15)) == {1}
        assert lane.take_sent() == {"a": 4}
        assert lane.take_sent() == {}


def test_the_clock_of_a_source_comes_from_its_reports_not_from_how_late_a_packet_was() -> None:
    """Two switches to the same source, one packet late by 300 ms: the timestamps agree anyway."""
    wire = Wire()
    lane, source = wire.lane(48000), voice()
    ntp = 3_900_000_000.0
    source.take(0, 0, 0, b"a", 50.0)
    source.heard_report(SenderReport(7, ntp, 0, 0), 50.0)
    lane.attach(source, 51.0)
    source.take(0, 1, 48000, b"b", 51.0)
    lane.detach()
    lane.attach(source, 52.0)
    source.take(0, 2, 96000, b"c", 52.3)
    first, last = wire.packets[0], wire.packets[-1]
    assert (last.stamp - first.stamp) & 0xFFFFFFFF == pytest.approx(48000, abs=5)


def test_a_lying_report_moves_nothing() -> None:
    wire = Wire()
    lane, source = wire.lane(48000), voice()
    source.take(0, 0, 0, b"a", 50.0)
    source.heard_report(SenderReport(7, 5.0, 0, 0x12345678), 50.0)
    lane.attach(source, 50.1)
    source.take(0, 1, 4800, b"b", 50.1)
    lane.detach()
    lane.attach(source, 51.1)
    source.take(0, 2, 52800, b"c", 51.1)
    first, last = wire.packets[0], wire.packets[-1]
    assert (last.stamp - first.stamp) & 0xFFFFFFFF == pytest.approx(48000, abs=50)


def test_a_full_socket_loses_the_packet_and_nothing_else() -> None:
    wire = Wire()
    good, full, source = wire.lane(48000), wire.lane(48000), voice()

    def refuse(datagram: memoryview) -> None:
        raise BlockingIOError

    full.send = refuse
    full.attach(source, 1.0)
    good.attach(source, 1.0)
    speak(source, 0, 3, 1.0, 0)
    assert len(wire.packets) == 3
    assert (good.take_sent(), full.take_sent()) == ({"a": 3}, {})


def test_what_is_too_long_for_any_path_is_not_forwarded() -> None:
    wire = Wire()
    lane, source = wire.lane(48000), voice()
    lane.attach(source, 1.0)
    source.take(0, 0, 0, bytes(1401), 1.0)
    assert not wire.packets
    source.take(0, 1, 960, bytes(1400), 1.0)
    assert len(wire.packets) == 1
