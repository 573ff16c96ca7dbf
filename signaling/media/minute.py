"""How a seat's links were in a minute, added up once a second from what is counted anyway."""

from __future__ import annotations

from collections import Counter
from typing import Any, get_args

from signaling.media.downlink import Downlink
from signaling.media.plane import How
from signaling.media.source import Source
from signaling.media.uplink import Uplink

LOOKS = 60
FEWEST_LOOKS = 15
"""What was shorter says nothing."""
_FEWEST_PACKETS = 100
"""Of fewer many may be lost by chance."""
_GOOD_PART = 4
"""What was so for a quarter of the minute was noticed."""
_WORST_FIRST: tuple[How, ...] = get_args(How)[::-1]


class _Line:
    """Packets of one source, or of all that a receiver is sent."""

    def __init__(self) -> None:
        self._counted: object = None
        self._before = (0.0, 0.0)
        self.expected = self.lost = 0.0

    def add(self, counted: object, expected: float, lost: float) -> bool:
        """What `counted` has had so far; another one, after a rebuild, begins anew. Whether
        anything came."""
        if counted is not self._counted:
            self._counted, self._before = counted, (0.0, 0.0)
        more = expected - self._before[0]
        self.expected += more
        # What seemed lost may have come late, or have been sent again.
        self.lost += lost - self._before[1]
        self._before = expected, lost
        return more > 0

    def take(self) -> float | None:
        """The share lost since the last time."""
        expected, lost, self.expected, self.lost = self.expected, self.lost, 0.0, 0.0
        return min(1.0, max(0.0, lost / expected)) if expected >= _FEWEST_PACKETS else None


class _Mean:
    def __init__(self) -> None:
        self._sum, self._count = 0.0, 0

    def add(self, value: float) -> None:
        self._sum += value
        self._count += 1

    def take(self) -> float | None:
        mean = self._sum / self._count if self._count else None
        self._sum, self._count = 0.0, 0
        return mean


class Minute:
    """Of one seat. `look` once a second while it is in a space; `take` when it is `full`."""

    def __init__(self) -> None:
        self._looks = 0
        self._voice, self._picture, self._down = _Line(), _Line(), _Line()
        self._jitter, self._trip, self._held = _Mean(), _Mean(), _Mean()
        self._up_bits, self._down_bits = _Mean(), _Mean()
        self._hows: Counter[How] = Counter()

    @property
    def full(self) -> bool:
        return self._looks >= LOOKS

    @property
    def tells(self) -> bool:
        """Whether it has become long enough to say anything."""
        return self._looks >= FEWEST_LOOKS

    def look(self, up: Uplink, down: Downlink, held: float) -> None:
        """`held`: for how long, in seconds, packets waited here lately."""
        self._looks += 1
        self._held.add(held)
        if _add(self._voice, up.voice):
            self._jitter.add(up.voice.jitter / up.voice.rate)
        _add(self._picture, up.picture)
        self._up_bits.add(sum(picture.bits for picture in up.pictures))
        reception = down.reception
        self._down.add(reception, reception.expected, reception.lost)
        if reception.round_trip is not None:
            self._trip.add(reception.round_trip)
        self._down_bits.add(down.bits)
        self._hows[down.how] += 1

    def take(self) -> dict[str, Any]:
        """The fields of a `plane.Quality`; another minute begins."""
        up = [loss for loss in (self._voice.take(), self._picture.take()) if loss is not None]
        figures = {
            "up_loss": max(up, default=None),
            "down_loss": self._down.take(),
            "jitter": self._jitter.take(),
            "round_trip": self._trip.take(),
            "up_bits": self._up_bits.take() or 0.0,
            "down_bits": self._down_bits.take() or 0.0,
            "how": self._how(),
            "held": self._held.take() or 0.0,
        }
        self._looks, self._hows = 0, Counter()
        return figures

    def _how(self) -> How:
        """The lowest rung that it was on, or below, for a good part of the time."""
        looks = 0
        for how in _WORST_FIRST:
            looks += self._hows[how]
            if looks * _GOOD_PART >= self._looks:
                return how
        return "full"


def _add(line: _Line, source: Source) -> bool:
    expected = source.top - source.first + 1 if source.top >= 0 else 0
    return line.add(source, expected, expected - source.received)
