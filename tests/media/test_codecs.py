"""Pictures in VP8 and in H264, side by side in one meeting, and for whom one of them is nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest

from signaling.media import h264, sdp
from signaling.media.sdp import H264, VP8
from signaling.media.source import ASK_AGAIN_S, Picture
from signaling.media.vp8 import NOTHING
from tests.media.peer import Room, blind, hears, sees
from tests.media.test_hostile import OFFER_LINES, PICTURE, VOICE
from tests.media.wire import Wire, picture, picture_id, vp8_payload

SPS, PPS, IDR, SLICE = b"\x67\x42\xe0\x1f", b"\x68\xce", b"\x65\x88", b"\x41\x9a"
STAP_A = b"\x78\x00\x04" + SPS + b"\x00\x02" + PPS
FU_A_IDR, FU_A_SLICE = b"\x7c\x85\x88", b"\x7c\x81\x9a"


@pytest.mark.parametrize("payload", [SPS, STAP_A], ids=["alone", "together"])
def test_a_picture_begins_with_the_parameters_of_its_sequence(payload: bytes) -> None:
    assert h264.describe(payload).keyframe


@pytest.mark.parametrize(
    "payload", [PPS, IDR, SLICE, FU_A_IDR, FU_A_SLICE, b"", b"\x78", b"\x78\0"]
)
def test_and_with_nothing_else(payload: bytes) -> None:
    assert h264.describe(payload) == NOTHING


def h264_picture(asked: list[int] | None = None) -> Picture:
    source = picture(asked)
    source.codec = "h264"
    return source


def show(source: Picture, first: int, at: float, *payloads: bytes) -> float:
    for n, payload in enumerate(payloads):
        source.take(0x80, first + n, 3000 * (first + n), payload, at + n / 30)
    return at + len(payloads) / 30


def test_a_slot_goes_from_one_to_the_other_and_back_without_a_break() -> None:
    wire, asked = Wire(), list[int]()
    lane = wire.lane(90000)
    lane.types = {"vp8": VP8, "h264": H264}
    sent: list[tuple[int, bytes]] = []

    def overheard(datagram: memoryview) -> None:
        sent.append((datagram[1] & 127, bytes(datagram[2:4])))

    lane.send = overheard
    first, second, third = picture(asked), h264_picture(asked), picture(asked)
    lane.attach(first, 1.0)
    now = show(first, 10, 1.0, *(vp8_payload(7 + n, key=n == 0) for n in range(3)))
    lane.detach()
    lane.attach(second, now)
    now = show(second, 500, now + ASK_AGAIN_S, SLICE, FU_A_IDR)
    assert len(sent) == 3, "not before it can be read"
    assert len(asked) >= 3
    now = show(second, 502, now, STAP_A, IDR, SLICE)
    assert lane.resend(int.from_bytes(sent[-1][1], "big"))
    assert sent.pop() == sent[-1]
    lane.detach()
    lane.attach(third, now)
    show(third, 9000, now, vp8_payload(900, key=True), vp8_payload(901, key=False))
    assert [kind for kind, _ in sent] == [VP8] * 3 + [H264] * 3 + [VP8] * 2
    numbers = [int.from_bytes(number, "big") for _, number in sent]
    assert {b - a & 0xFFFF for a, b in pairwise(numbers)} == {1}


def test_who_cannot_read_it_is_sent_none_of_it() -> None:
    wire, asked = Wire(), list[int]()
    lane = wire.lane(90000)  # VP8 alone.
    first, second = picture(asked), h264_picture(asked)
    lane.attach(first, 1.0)
    now = show(first, 1, 1.0, vp8_payload(1, key=True))
    lane.attach(second, now)
    assert not lane.running
    assert not second.waiting
    now = show(second, 50, now, STAP_A, IDR)
    assert len(wire.packets) == 1
    lane.attach(first, now)
    show(first, 2, now, vp8_payload(2, key=True))
    assert [picture_id(p.payload) for p in wire.packets][1:] != []


def media(lines: str) -> sdp.Media:
    return sdp.read(OFFER_LINES + VOICE + lines).media[1]


def test_vp8_comes_first_and_of_h264_what_all_can_read() -> None:
    def offered(*codecs: tuple[int, str, str]) -> sdp.Media:
        numbers = " ".join(str(number) for number, _, _ in codecs)
        text = PICTURE.replace("SAVPF 96", f"SAVPF {numbers}").replace(
            "a=rtpmap:96 VP8/90000\r\n", ""
        )
        for number, name, parameters in codecs:
            text += f"a=rtpmap:{number} {name}/90000\r\na=fmtp:{number} {parameters}\r\n"
        return media(text)

    plain = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
    high = plain.replace("42e01f", "640c1f")
    single = plain.replace("mode=1", "mode=0")
    assert sdp.picture_types(offered((102, "H264", plain), (96, "VP8", ""))) == {
        "vp8": 96,
        "h264": 102,
    }
    assert next(iter(sdp.picture_types(offered((102, "H264", plain), (96, "VP8", ""))))) == "vp8"
    several = offered((100, "H264", high), (101, "H264", single), (102, "H264", plain.upper()))
    assert sdp.picture_types(several) == {"h264": 102}
    assert sdp.picture_types(offered((100, "H264", high), (45, "AV1", "profile=0"))) == {}


def only(name: str, *, when: str) -> Callable[[str], str]:
    """A browser that has just this one for pictures, as far as it is asked for `when`."""

    def altered(text: str) -> str:
        if when not in text:
            return text
        kept = {n for n, codec in re.findall(r"a=rtpmap:(\d+) (\w+)/90000", text) if codec == name}
        lines = []
        for line in text.splitlines():
            if line.startswith("m=video"):
                head, numbers = line.split("SAVPF ")
                line = head + "SAVPF " + " ".join(n for n in numbers.split() if n in kept)
            lines.append(line)
        return "\r\n".join(lines) + "\r\n"

    return altered


async def test_who_sends_h264_alone_is_seen_and_sees_the_others(room: Room) -> None:
    room.alter = only("H264", when="a=sendonly")
    [a] = await room.join("a", shades=True)
    room.alter = str
    b, c = await room.join("b", "c", shades=True)
    for peer in (a, b, c):
        await peer.enter("joint")
    pairs = [(x, y) for x in (a, b, c) for y in (a, b, c) if x is not y]
    await room.until(lambda: all(sees(x, y) and hears(x, y) for x, y in pairs), 60)
    assert {peer.how for peer in (a, b, c)} == {"full"}
    # The slot of who leaves goes to the next one, whatever that one sends.
    await b.leave("joint")
    await room.until(lambda: blind(c, b) and sees(c, a))


async def test_who_lacks_a_codec_is_told_so_and_gets_the_other_pictures(room: Room) -> None:
    room.alter = only("H264", when="a=sendonly")
    [a] = await room.join("a", shades=True)
    room.alter = only("VP8", when="a=recvonly")
    [b] = await room.join("b", shades=True)
    room.alter = str
    [c] = await room.join("c", shades=True)
    for peer in (a, b, c):
        await peer.enter("joint")
    await room.until(lambda: b.how == "unread" and sees(b, c) and sees(c, a) and hears(b, a), 60)
    assert (a.how, c.how) == ("full", "full")
    assert blind(b, a)
    await a.leave("joint")
    await room.until(lambda: b.how == "full" and sees(b, c))
