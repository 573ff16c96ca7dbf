"""How often a page may send what nobody keeps, and how often a seat may ask for something."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from server.domain.ids import SeatId

A_SECOND = 12
AT_ONCE = 4
"""What a network has held up comes all at the same moment."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many a second, and a few at the same moment."""

    at_once: int
    a_second: int

    @property
    def rest_s(self) -> float:
        """After so many seconds without any, all of `at_once` is there again."""
        return self.at_once / self.a_second


POINTING = Limit(AT_ONCE, A_SECOND)
WAITING = Limit(20, 1)
"""Commands of whoever has a link and has not been let in: enough for the way in."""
INSIDE = Limit(60, 10)
HOSTING = Limit(300, 30)
"""Nobody taps so fast: it holds up programs only."""

SIGNALLING = {
    "signal": Limit(120, 20),
    "rebuild": Limit(6, 1),
    "pin": Limit(20, 5),
    "tiles": Limit(20, 5),
    "playback": Limit(6, 1),
}
"""By event. Two links, and what a browser says of each while they are negotiated; links are built
anew when they were silent for seconds."""

_ALL = (WAITING, INSIDE, HOSTING, *SIGNALLING.values())


class Pace:
    """What is more than the limit is to be dropped, or refused."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._spent, self.at = clock, 0.0, clock()

    def allowed(self, limit: Limit = POINTING) -> bool:
        now = self._clock()
        self._spent = max(0.0, self._spent - (now - self.at) * limit.a_second)
        self.at = now
        if self._spent + 1 > limit.at_once:
            return False
        self._spent += 1
        return True


class Paces:
    """Each seat's own, and still its own when its page comes again: who is held up does not get
    round it with a new connection."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._paces: dict[SeatId, Pace] = {}

    def __len__(self) -> int:
        return len(self._paces)

    def allowed(self, seat: SeatId, limit: Limit) -> bool:
        if seat not in self._paces:
            self._forget_rested()
            self._paces[seat] = Pace(self._clock)
        return self._paces[seat].allowed(limit)

    def _forget_rested(self) -> None:
        since = self._clock() - max(limit.rest_s for limit in _ALL)
        self._paces = {seat: pace for seat, pace in self._paces.items() if pace.at > since}
