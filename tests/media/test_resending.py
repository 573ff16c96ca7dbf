"""What is lost on its way comes again: asked for from the sender, and given to the receiver."""

from __future__ import annotations

import struct
from itertools import pairwise

from signaling.media import rtcp
from signaling.media.gaps import ASK_AGAIN_S, MOST, TRIES, Gaps
from signaling.media.source import Picture
from tests.media.peer import Room, sees
from tests.media.wire import Wire, picture, vp8_payload


def show(source: Picture, first: int, count: int, at: float, *, key: bool = True) -> float:
    """Pictures of one packet each, 30 a second, the first one whole; returns when the next is
    due."""
    for n in range(count):
        payload = vp8_payload(first + n & 0x7FFF, key=key and n == 0, tl0=first + n & 0xFF)
        source.take(0x80, first + n & 0xFFFF, 3000 * (first + n), payload, at + n / 30)
    return at + count / 30


def test_a_lost_packet_is_sent_again_octet_for_octet() -> None:
    wire = Wire()
    lane, source = wire.lane(90000), picture()
    lane.attach(source, 1.0)
    wire.lossy = lambda seq: len(wire.datagrams) == 4
    show(source, 65530, 10, 1.0)
    assert len(wire.packets) == 9
    number = wire.packets[2].seq + 1 & 0xFFFF
    wire.lossy = lambda seq: False

    lane.resend(number)
    assert wire.datagrams[-1] == wire.datagrams[3]
    numbers = sorted(p.seq - wire.packets[0].seq & 0xFFFF for p in wire.packets)
    assert numbers == list(range(10))
    assert lane.take_sent() == {"a": 11}


def test_nothing_from_before_a_switch_is_ever_sent_again() -> None:
    wire = Wire()
    lane = wire.lane(90000)
    first, second = picture(), picture()
    lane.attach(first, 1.0)
    now = show(first, 100, 5, 1.0)
    before = [p.seq for p in wire.packets]
    lane.detach()
    for number in before:
        lane.resend(number)
    lane.attach(second, now)
    # The second one has sent as many under the same numbers of its own, before this lane saw it.
    other = wire.lane(90000)
    other.attach(second, now)
    now = show(second, 95, 5, now)
    lane.detach()
    lane.attach(second, now)
    show(second, 100, 5, now)
    sent = len(wire.datagrams)
    for number in before:
        lane.resend(number)
    assert len(wire.datagrams) == sent


def test_what_was_not_sent_is_not_sent_again() -> None:
    wire = Wire()
    lane, source = wire.lane(90000), picture()
    lane.attach(source, 1.0)
    show(source, 0, 400, 1.0)
    mine = [p.seq for p in wire.packets]
    sent = len(wire.datagrams)
    lane.resend(mine[-1] + 1 & 0xFFFF)  # Not yet.
    lane.resend(mine[0] - 1 & 0xFFFF)  # Never.
    lane.resend(mine[0])  # Too long ago.
    assert len(wire.datagrams) == sent
    lane.resend(mine[-1])
    lane.resend(mine[-200])
    assert len(wire.datagrams) == sent + 2


def test_what_was_sent_before_a_pause_can_be_asked_for_and_nothing_since() -> None:
    wire = Wire()
    lane, other, source = wire.lane(90000), wire.lane(90000), picture()
    for one in (lane, other):
        one.attach(source, 1.0)
    now = show(source, 0, 3, 1.0)
    mine = [p.seq for p in wire.packets if p.ssrc == lane.ssrc]
    lane.pause()
    show(source, 3, 3, now, key=False)
    sent = len(wire.datagrams)
    lane.resend(mine[-1] + 1 & 0xFFFF)
    assert len(wire.datagrams) == sent
    lane.resend(mine[-1])
    assert len(wire.datagrams) == sent + 1

    lane.attach(source, now)
    show(source, 6, 2, now)
    numbers = [p.seq for p in wire.packets if p.ssrc == lane.ssrc]
    assert {b - a & 0xFFFF for a, b in pairwise(numbers)} == {1}


def test_the_sender_is_asked_for_what_did_not_come_and_it_goes_where_it_belongs() -> None:
    wire = Wire()
    missed: list[list[int]] = []
    lane, source = wire.lane(90000), picture(missed=missed)
    lane.attach(source, 1.0)
    now = show(source, 65533, 2, 1.0)
    assert not missed
    now = show(source, 65533 + 5, 2, now, key=False)  # Three are missing, across the wrap.
    [asked] = missed
    assert [n & 0xFFFF for n in asked] == [65535, 0, 1]
    source.take(0x80, 0, 0, vp8_payload(0, key=False, tl0=0), now)
    source.every_tenth(now + ASK_AGAIN_S)
    assert [n & 0xFFFF for n in missed[-1]] == [65535, 1]
    numbers = [p.seq - wire.packets[0].seq & 0xFFFF for p in wire.packets]
    assert numbers == [0, 1, 5, 6, 3]


def test_nobody_is_asked_for_what_nobody_sees() -> None:
    missed: list[list[int]] = []
    source = picture(missed=missed)
    now = show(source, 1, 2, 1.0)
    show(source, 9, 2, now)
    assert not missed


def test_gaps_are_asked_for_a_few_times_and_given_up() -> None:
    gaps, now = Gaps(), 5.0
    assert gaps.opened(10, 13, now) == [10, 11, 12]
    assert gaps.again(now + 0.01) == []
    gaps.closed(11)
    for _ in range(TRIES - 1):
        now += 2 * ASK_AGAIN_S
        assert gaps.again(now) == [10, 12]
    assert gaps.again(now + 2 * ASK_AGAIN_S) == []
    assert not gaps
    assert gaps.opened(20, 20 + MOST + 1, now) == []  # A break, not a loss.
    assert not gaps


def test_what_is_missing_is_written_and_read() -> None:
    numbers = [0xFFFE, 0xFFFF, 0x10001, 0x1000E, 0x1000F, 0x10100]
    data = rtcp.missing(77, numbers)
    assert rtcp.read(data).missing == [(77, n & 0xFFFF) for n in numbers]
    from aiortc import rtp

    [packet] = rtp.RtcpPacket.parse(data)
    assert isinstance(packet, rtp.RtcpRtpfbPacket)
    assert (packet.fmt, packet.media_ssrc) == (rtp.RTCP_RTPFB_NACK, 77)
    assert [n & 0xFFFF for n in packet.lost] == [n & 0xFFFF for n in numbers]
    cut = data[:4] + data[8:]
    rtcp.read(cut)
    rtcp.read(struct.pack(">BBH", 0x81, 205, 0))


async def test_a_picture_survives_loss_on_both_ways(room: Room) -> None:
    """One packet in sixteen is lost on each way; aiortc asks for it, and answers when asked."""
    a, b = await room.join("a", "b", shades=True)
    await a.enter("joint")
    await b.enter("joint")
    await room.until(lambda: sees(a, b) and sees(b, a))
    a.lose(every=16)
    b.lose(every=16)
    frames = a.received_pictures
    await room.until(lambda: a.received_pictures >= frames + 40)
    [stats] = await room.plane.stats()
    assert stats.resent > 0
    assert stats.asked > 0
