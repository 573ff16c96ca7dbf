"""A browser's own sound, sent back to it: how it finds out what its network can do.

A connection of its own, which no space and no other seat has anything to do with: what comes in on
it goes out on it. Sequence numbers keep their gaps, so the browser finds the loss of both ways.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from time import monotonic
from typing import Literal

from signaling.media.link import Ground, Link
from signaling.media.packet import context
from signaling.media.sdp import BadDescription, Media
from signaling.media.slot import Lane
from signaling.media.uplink import Section, Uplink

ECHO_S = 12.0
"""How long one lasts: five seconds of trying, and a slow connection before."""
MOST_ECHOES = 24
"""At a time; each has ports of which the links of meetings must find some left."""


class TooMany(Exception):
    """As many as there may be are under way."""


class Echo(Uplink):
    """One line of sound, there and back, for all the time 50 packets a second."""

    direction = "sendrecv"
    dtx = redundant = False

    def __init__(self, seat: str, ground: Ground, owner: Echoes) -> None:
        super().__init__(f"echo of {seat}", seat, ground, owner)
        self._back: Lane | None = None
        self._over = asyncio.get_running_loop().call_later(ECHO_S, self.lose)

    async def candidate(self, text: str) -> None:
        """Asked for by people who have a link and no more: nothing is sent to an address but after
        a check came from there, so that nobody is sent anything who has not asked for it."""

    def sections(self, lines: list[Media]) -> list[Section]:
        if [(m.kind, m.direction) for m in lines] != [("audio", "sendrecv")]:
            raise BadDescription("an echo is one voice, there and back")
        mid, format_, attributes = self.accept(lines[0], self.voice)
        self._back = lane = Lane(int(format_.split(" ")[1]), self.voice.rate, "echo")
        attributes += ["a=msid:echo echo-voice", f"a=ssrc:{lane.ssrc} cname:{lane.cname}"]
        return [(mid, format_, attributes)]

    def ready(self) -> None:
        assert self._back is not None
        self._back.context = context(self.dtls._tx_srtp)
        self._back.send = self._send
        self._back.attach(self.voice, monotonic())

    def every_second(self, now: float) -> None:
        super().every_second(now)
        if self._back is not None and (report := self._back.report(now)):
            self.send_rtcp(report)

    def close(self) -> None:
        self._over.cancel()
        super().close()

    def _send(self, datagram: memoryview) -> None:
        pair = self.ice.nominated
        if pair is not None and not self.closed:
            pair.protocol.transport.sendto(datagram, pair.remote_addr)


class Echoes:
    """All that are under way, one a seat."""

    def __init__(self) -> None:
        self._by_seat: dict[str, Echo] = {}
        self._answer = ""

    def __len__(self) -> int:
        return len(self._by_seat)

    def __iter__(self) -> Iterator[Echo]:
        return iter(list(self._by_seat.values()))

    def answer(self, seat: str, offer: str, ground: Ground) -> str:
        """Begin the seat's echo, in place of an earlier one: who tries again may not know that the
        last try is still open here. Raises TooMany, BadDescription, OSError without a port.
        """
        if seat not in self._by_seat and len(self._by_seat) >= MOST_ECHOES:
            raise TooMany
        echo = Echo(seat, ground, self)
        try:
            echo.describe(offer)
        except BadDescription:
            echo.close()
            raise
        if earlier := self._by_seat.pop(seat, None):
            earlier.close()
        self._by_seat[seat] = echo
        return self._answer

    def on_signal(self, link: Link, kind: Literal["offer", "answer"], text: str) -> None:
        """Comes from within `describe`."""
        self._answer = text

    def on_state(self, link: Link, state: Literal["connected", "lost"]) -> None:
        if state == "lost":
            for seat in [s for s, echo in self._by_seat.items() if echo is link]:
                del self._by_seat[seat]
