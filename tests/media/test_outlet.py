"""A receiver that can't keep up loses pictures first, and keeps nobody else waiting."""

from __future__ import annotations

import errno
import socket
from collections.abc import AsyncIterator

import pytest

from signaling.media import outlet
from signaling.media.outlet import Outlet
from signaling.media.slot import Lane
from tests.gateway.house import until
from tests.media.wire import Wire, picture, voice, vp8_payload


class Way:
    """A link to one browser; datagrams that do not fit wait in the socket until they are read."""

    def __init__(self) -> None:
        self.ours, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        for end in (self.ours, self.theirs):
            end.setblocking(False)
        self.ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
        self.wire = wire = Wire()  # Its keys have to outlive the lanes.
        self.voice, self.picture = wire.lane(48000), wire.lane(90000)
        self.outlet = Outlet(self.ours, [self.voice], [self.picture])

    def read(self) -> list[tuple[int, int]]:
        """All that has come: of which stream, and its number."""
        found: list[tuple[int, int]] = []
        while True:
            try:
                data = self.theirs.recv(2048)
            except BlockingIOError:
                return found
            found.append((int.from_bytes(data[8:12], "big"), int.from_bytes(data[2:4], "big")))

    def of(self, lane: Lane, read: list[tuple[int, int]]) -> list[int]:
        return [number for ssrc, number in read if ssrc == lane.ssrc]


@pytest.fixture
async def ways() -> AsyncIterator[tuple[Way, Way]]:
    both = Way(), Way()
    yield both
    for way in both:
        way.outlet.close()
        way.ours.close()
        way.theirs.close()


async def test_pictures_go_first_voices_wait_and_nobody_else_does(ways: tuple[Way, Way]) -> None:
    slow, quick = ways
    speaker, camera = voice(), picture()
    for way in ways:
        way.voice.attach(speaker, 1.0)
        way.picture.attach(camera, 1.0)
    came: list[tuple[int, int]] = []

    def send(number: int) -> None:
        at = 1.0 + number / 50
        speaker.take(0, number, 960 * number, b"voice", at)
        payload = vp8_payload(number, key=number == 0, tl0=number & 0xFF) + bytes(400)
        camera.take(0x80, number, 1800 * number, payload, at)
        came.extend(quick.read())

    number = 0
    while slow.outlet.pictures_dropped < 10:
        send(number)
        number += 1
        assert number < 500
    assert slow.outlet.voices_dropped == 0
    assert quick.outlet.pictures_dropped == 0
    assert len(quick.of(quick.voice, came)) == len(quick.of(quick.picture, came)) == number

    read = slow.read()
    before = len(slow.of(slow.picture, read))
    assert before < number - 9
    # There is room again: the voices that were kept go before any picture.
    await until(lambda: slow.picture.send != outlet._refuse)
    read += slow.read()
    voices = slow.of(slow.voice, read)
    assert [n - voices[0] & 0xFFFF for n in voices] == list(range(number))
    assert len(slow.of(slow.picture, read)) == before
    # What was counted as sent is what came.
    assert sum(slow.voice.take_sent().values()) == number
    assert sum(slow.picture.take_sent().values()) == before
    send(number)
    assert len(slow.of(slow.picture, slow.read())) == 1


async def test_of_voices_the_oldest_go_when_too_many_wait(
    ways: tuple[Way, Way], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlet, "MOST_KEPT", 3)
    slow, _ = ways
    speaker = voice()
    slow.voice.attach(speaker, 1.0)
    number = 0
    while slow.outlet.voices_dropped < 2:
        speaker.take(0, number, 960 * number, bytes(300), 1.0 + number / 50)
        number += 1
        assert number < 500
    first = slow.of(slow.voice, slow.read())
    await until(lambda: slow.voice.send == slow.ours.send)
    last = slow.of(slow.voice, slow.read())
    assert [n - first[0] & 0xFFFF for n in last] == [number - 3, number - 2, number - 1]
    assert len(first) == number - 5


async def test_a_browser_that_is_gone_is_not_one_that_is_slow(ways: tuple[Way, Way]) -> None:
    way, _ = ways
    speaker, camera = voice(), picture()
    way.voice.attach(speaker, 1.0)
    way.picture.attach(camera, 1.0)
    gone = OSError(errno.ECONNREFUSED, "port unreachable")

    def refuse(datagram: memoryview) -> None:
        raise gone

    way.voice.send = way.picture.send = refuse
    speaker.take(0, 1, 960, b"voice", 1.0)
    camera.take(0x80, 1, 1800, vp8_payload(1, key=True), 1.0)
    assert way.outlet.pictures_dropped == way.outlet.voices_dropped == 0
    assert way.voice.send is way.picture.send is refuse
    assert way.voice.take_sent() == way.picture.take_sent() == {}
