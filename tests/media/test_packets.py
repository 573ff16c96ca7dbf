"""The formats on the wire: RTCP, VP8 descriptors, the control channel."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import struct

import pytest

from signaling.media import rtcp, vp8
from signaling.media.control import Channel
from tests.media.wire import feedback, vp8_payload


def test_what_we_write_is_what_aiortc_reads() -> None:
    """Another implementation as the judge."""
    from aiortc import rtp

    block = rtcp.Block(9, 64, 1000, 0x1FFFF, 7, 0xABCD0123, 65536)
    data = rtcp.receiver_report([block]) + rtcp.picture_request(9) + rtcp.bitrate([9], 1_500_000)
    report, request, remb = rtp.RtcpPacket.parse(data)
    assert isinstance(report, rtp.RtcpRrPacket)
    [read] = report.reports
    assert (read.ssrc, read.fraction_lost, read.packets_lost) == (9, 64, 1000)
    assert (read.highest_sequence, read.jitter, read.lsr, read.dlsr) == (
        0x1FFFF, 7, 0xABCD0123, 65536,
    )  # fmt: skip
    assert isinstance(request, rtp.RtcpPsfbPacket)
    assert (request.fmt, request.media_ssrc) == (rtp.RTCP_PSFB_PLI, 9)
    assert isinstance(remb, rtp.RtcpPsfbPacket)
    bits, ssrcs = rtp.unpack_remb_fci(remb.fci)
    assert ssrcs == [9]
    assert bits == pytest.approx(1_500_000, rel=0.01)

    sender, names = rtp.RtcpPacket.parse(
        rtcp.sender_report(5, 12.5, 1 << 33 | 99, 3, 400) + rtcp.name(5, "slot-3")
    )
    assert isinstance(sender, rtp.RtcpSrPacket)
    info = sender.sender_info
    assert (sender.ssrc, info.rtp_timestamp, info.packet_count, info.octet_count) == (5, 99, 3, 400)
    assert isinstance(names, rtp.RtcpSdesPacket)
    assert names.chunks[0].ssrc == 5
    assert names.chunks[0].items == [(1, b"slot-3")]


def test_what_we_write_we_read() -> None:
    fir = struct.pack(">BBHIIIBxxx", 0x84, 206, 4, 1, 0, 77, 5)
    data = rtcp.sender_report(5, 12.5, 99, 3, 400) + rtcp.picture_request(6) + fir
    heard = rtcp.read(data)
    [report] = heard.reports
    assert (report.ssrc, report.timestamp) == (5, 99)
    assert report.ntp == pytest.approx(rtcp.ntp(12.5) / (1 << 32), abs=1e-5)
    assert report.middle == rtcp.ntp(12.5) >> 16 & 0xFFFFFFFF
    assert heard.pictures == [6, 77]


def test_any_bytes_can_be_read() -> None:
    pick = random.Random(3)
    whole = rtcp.sender_report(5, 1.0, 9, 3, 4) + rtcp.picture_request(6) + rtcp.receiver_report()
    for _ in range(3000):
        data = bytearray(whole[: pick.randrange(len(whole) + 1)])
        for _ in range(pick.randrange(4)):
            if data:
                data[pick.randrange(len(data))] = pick.randrange(256)
        rtcp.read(bytes(data))
        vp8.describe(os.urandom(pick.randrange(6)))


def test_transport_feedback_tells_when_what_arrived() -> None:
    sent = [(65533, 10.0), (65534, 10.0213), (65537, 10.02), (65538, 10.3), (65541, 10.301)]
    arrived = feedback(rtcp.transport_feedback(8, 300, 65531, sent))
    assert arrived.keys() == {65533, 65534, 1, 2, 5}
    for number, at in sent:
        assert arrived[number & 0xFFFF] == pytest.approx(at, abs=0.0003)


@pytest.mark.parametrize(
    ("payload", "key", "picture", "wide"),
    [
        (vp8_payload(300, key=True), True, 300, True),
        (vp8_payload(300, key=False, tl0=5), False, 300, True),
        (vp8_payload(30, key=True, narrow=True), True, 30, False),
        (b"\x10\x00rest", True, 0, False),
        (b"\x10\x01rest", False, 0, False),
        (b"\x00\x00rest", False, 0, False),  # Not the first packet of the frame.
        (b"\x11\x00rest", False, 0, False),  # A later partition.
    ],
)
def test_descriptors(payload: bytes, key: bool, picture: int, wide: bool) -> None:
    described = vp8.describe(payload)
    assert described is not None
    assert (described.keyframe, described.picture, described.wide) == (key, picture, wide)


def test_widening_keeps_the_rest() -> None:
    payload = vp8_payload(30, key=True, tl0=9, narrow=True)
    described = vp8.describe(payload)
    assert described is not None
    longer, again = vp8.widen(payload, described, 30)
    assert vp8.describe(longer) == again
    assert (again.picture, again.wide, again.tl0, again.keyframe) == (30, True, 9, True)
    assert longer[again.tl0_at :] == payload[described.tl0_at :]


async def test_the_channel_carries_messages_in_order_and_ends() -> None:
    left, right = socket.socketpair()
    here, there = await Channel.over(left), await Channel.over(right)
    for n in range(3):
        here.write({"n": n, "text": "和" * 1000 * n})
    here.close()
    assert [await there.read() for _ in range(3)] == [
        {"n": n, "text": "和" * 1000 * n} for n in range(3)
    ]
    assert await there.read() is None
    there.close()
    await asyncio.sleep(0)


async def test_a_frame_of_absurd_length_ends_the_channel() -> None:
    left, right = socket.socketpair()
    channel = await Channel.over(right)
    left.send(struct.pack(">I", 1 << 31) + b"{}")
    assert await channel.read() is None
    left.close()
    channel.close()
