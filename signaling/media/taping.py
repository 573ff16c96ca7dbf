"""The recorder's seat in the worker: what those who are recorded send goes to the writer, too.

A space that is recorded has a *tape*: it names the seats that agreed, and nothing of anybody else
is handed on. Who is taken from it is off it when the command is answered: their sources lose it,
and what was gathered before goes to the writer. There is no queue in which a later packet could be.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from socket import socket as Socket

from recordings.tap import Tap, connect
from recordings.track import Track
from signaling.media import red
from signaling.media.member import Member
from signaling.media.packet import HEADER
from signaling.media.rtcp import SenderReport
from signaling.media.sdp import OPUS
from signaling.media.source import Picture, Source, Voice

PICTURE_EVERY_S = 10.0
"""A picture that needs no other is asked for: one can begin to play there."""
_REPORT = struct.Struct(">BBHIIIIII")
_SENDER_REPORT = 200


class TapedTrack:
    """One source, as it is handed to the writer: a bare RTP packet, without what concerns only the
    way it came (header extensions, padding, repetitions of earlier packets)."""

    def __init__(self, tap: Tap, number: int, source: Source) -> None:
        self._tap, self._number = tap, number
        self._red = source.red_type if isinstance(source, Voice) else -1
        self._ssrc = source.ssrc or 0

    def packet(self, kind: int, seq: int, stamp: int, payload: memoryview, now: float) -> None:
        """`kind`: the second byte of its header."""
        if kind & 0x7F == self._red:
            parts = red.read(payload, OPUS)
            if parts is None:
                return
            kind, payload = kind & 0x80 | OPUS, payload[parts.primary_at :]
        if payload:
            header = HEADER.pack(0x80, kind, seq, stamp, self._ssrc)
            self._tap.packet(self._number, header + payload, int(now * 1e6))

    def report(self, report: SenderReport, now: float) -> None:
        high, low = int(report.ntp), int(report.ntp % 1 * (1 << 32))
        packed = _REPORT.pack(
            0x80, _SENDER_REPORT, 6, report.ssrc, high, low, report.timestamp, 0, 0
        )
        self._tap.report(self._number, packed, int(now * 1e6))


class Taping:
    """One space, and who of it is recorded."""

    def __init__(self, to: Socket, number: int, first: int) -> None:
        self.number = number
        self.seats: frozenset[str] = frozenset()
        self._to = to
        self._tap = Tap(to, number)
        self._tracks = count(first)
        self._on: dict[Source, TapedTrack] = {}
        self._asked_at = 0.0

    def settle(self, members: Iterable[Member]) -> None:
        """Take on what those who are recorded send now, and take off all else."""
        wanted = {s: (m, kind) for m in members if m.seat in self.seats for s, kind in _sent(m)}
        gone = self._on.keys() - wanted.keys()
        for source in gone:
            source.taped = None
            del self._on[source]
        if gone:
            self._tap.flush()
        for source, (member, kind) in wanted.items():
            if source not in self._on:
                self._take_on(source, member, kind)

    def _take_on(self, source: Source, member: Member, kind: str) -> None:
        assert member.up is not None
        number = next(self._tracks)
        codec = source.codec if isinstance(source, Picture) else "opus"
        track = Track(number, member.seat, kind, codec, source.rate, member.up.ident)
        self._tap.track(track)
        source.taped = self._on[source] = TapedTrack(self._tap, number, source)
        self._asked_at = 0.0

    def every_tenth(self, now: float) -> None:
        self._tap.flush()
        if now - self._asked_at >= PICTURE_EVERY_S:
            self._asked_at = now
            for source in self._on:
                if isinstance(source, Picture):
                    source.want(now)

    def close(self) -> None:
        self.seats = frozenset()
        self.settle(())
        self._tap.flush()
        self._to.close()


class Tapes:
    """All spaces of a worker that are recorded. `spaces`: who is where, as the router has it."""

    def __init__(self, spaces: Mapping[str, Sequence[Member]]) -> None:
        self._spaces = spaces
        self._tapings: dict[str, Taping] = {}

    def tape(self, space: str, seats: Sequence[str], number: int, socket: str, first: int) -> None:
        """Of this space, these. A writer that isn't there is no fault of the media's."""
        taping = self._tapings.get(space)
        if taping is not None and taping.number != number:
            self.untape(space)
            taping = None
        if taping is None:
            if not seats:
                return
            try:
                to = connect(Path(socket))
            except OSError:
                return
            taping = self._tapings[space] = Taping(to, number, first)
        taping.seats = frozenset(seats)
        taping.settle(self._spaces.get(space, ()))

    def untape(self, space: str) -> None:
        if taping := self._tapings.pop(space, None):
            taping.close()

    def settle(self) -> None:
        """Somebody came, went, or is sending something else now."""
        for space, taping in self._tapings.items():
            taping.settle(self._spaces.get(space, ()))

    def every_tenth(self, now: float) -> None:
        for taping in self._tapings.values():
            taping.every_tenth(now)


def _sent(member: Member) -> Iterator[tuple[Source, str]]:
    """What somebody lets the others have: an open microphone, the camera's large picture, and the
    screen while it is shared."""
    up = member.up
    if up is None or not up.connected:
        return
    if member.microphone:
        yield up.voice, "audio"
    yield up.picture, "video"
    if member.screen:
        yield up.screen, "screen"
