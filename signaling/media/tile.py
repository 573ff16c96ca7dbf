"""One picture line of a down link: whose picture is in it, in which layer, or how seldom."""

from __future__ import annotations

from collections.abc import Sequence

from signaling.media import ladder
from signaling.media.ladder import Rung
from signaling.media.slot import Lane
from signaling.media.source import Picture

STILL_S = 4.0
"""Between two stills. All receivers take theirs at the same time, from one keyframe."""
_COMES_S = 2.0
"""A layer that sent nothing for so long does not come."""


class Tile:
    """`fill`, then `take` the rung that was chosen for it."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.rung = Rung.NONE
        self.height: int | None = None
        """Of the tile on the page, in pixels; None while the page has not said."""
        self._layers: Sequence[Picture] = ()
        self._turn = 0
        self._seen = False

    @property
    def filled(self) -> bool:
        return bool(self._layers)

    def fill(self, layers: Sequence[Picture]) -> None:
        """From now on it is this person's: the large layer, and the small one if there is one."""
        self._layers = layers

    def empty(self) -> None:
        """Nobody's: when this returns, nothing is sent in it any more."""
        self._layers, self.rung = (), Rung.NONE
        self.lane.detach()

    def asks(self, now: float) -> ladder.Picture:
        """What the ladder has to know of it."""
        bits = [p.bits if now - p.top_at < _COMES_S else None for p in self._layers]
        large, small = bits[0], bits[1] if len(bits) > 1 else None
        if large is None and small is None:
            large = 0.0  # Neither has begun; whichever does will be known in a second.
        wanted = ladder.wanted(self.height) if self._read else Rung.NONE
        return ladder.Picture(wanted, large, small, self.rung)

    @property
    def _read(self) -> bool:
        return all(self.lane.reads(layer) for layer in self._layers)

    def unread(self, now: float) -> bool:
        """It would be seen, it comes, and the receiver's browser can't show what comes."""
        comes = any(now - layer.top_at < _COMES_S for layer in self._layers)
        return comes and self.height != 0 and not self._read

    def take(self, rung: Rung, now: float) -> None:
        """Send that much of it."""
        if rung != self.rung:
            self._turn = 0
        self.rung = rung
        if rung == Rung.NONE:
            self.lane.pause()
        elif rung != Rung.STILL:
            self.lane.attach(self._layers[0 if rung == Rung.LARGE else -1], now)

    def every_tenth(self, now: float) -> None:
        """A still, if it is time for one: a keyframe and what follows it within a tenth or two."""
        if self.rung != Rung.STILL:
            return
        if self.lane.running:
            if self._seen:
                self.lane.pause()
            self._seen = not self._seen
        elif (turn := int(now / STILL_S)) != self._turn:
            self._turn, self._seen = turn, False
            self.lane.attach(self._layers[-1], now)
