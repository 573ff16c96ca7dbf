"""Where everybody's clock stands in ours.

A sender reports, from time to time, what its clock and a stream's timestamp are at the same moment.
The report that waited least on its way says best how far that clock is off; since clocks drift, the
least is looked for within half a minute before and after. What cannot be known is how long the
fastest report took: two people are out of step by as much as those ways differ.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from recordings.record import Report
from recordings.track import Track

WINDOW = 30_000_000
EVERY = 10_000_000
"""Microseconds between two points of a stream's line."""
OLDEST = 2_000_000
"""Microseconds on the way, beyond which a report is not believed."""

Anchor = tuple[int, int]
"""An unwrapped timestamp, and when by our clock what it belongs to was heard or seen."""


def signed(difference: int) -> int:
    """Of two 32-bit timestamps."""
    return ((difference + 0x80000000) & 0xFFFFFFFF) - 0x80000000


class Line:
    """One stream: from its timestamps to our clock. Straight between anchors, so that what came
    later is never earlier."""

    def __init__(self, rate: int, anchors: list[Anchor]) -> None:
        self.rate, self.anchors = rate, anchors
        self._times = [at for _, at in anchors]

    def capture(self, stamp: int, arrived: int) -> int:
        """`arrived` only says which turn of the timestamp's wheel it is."""
        n = min(max(bisect_right(self._times, arrived) - 1, 0), len(self.anchors) - 1)
        near, at = self.anchors[n]
        turned = near + signed(stamp - near)
        if turned < near and n > 0:
            n -= 1
        if n + 1 < len(self.anchors):
            (s0, t0), (s1, t1) = self.anchors[n], self.anchors[n + 1]
            while turned > s1 and n + 2 < len(self.anchors):
                n += 1
                (s0, t0), (s1, t1) = self.anchors[n], self.anchors[n + 1]
            if s0 <= turned <= s1:
                return t0 + (turned - s0) * (t1 - t0) // (s1 - s0)
            near, at = (s0, t0) if turned < s0 else (s1, t1)
        return at + (turned - near) * 1_000_000 // self.rate


def lines(tracks: Mapping[int, Track], reports: Iterable[Report]) -> dict[int, list[Anchor]]:
    """The anchors of every track that was reported on."""
    by_clock: dict[str, list[Report]] = {}
    for report in reports:
        if report.track in tracks:
            by_clock.setdefault(tracks[report.track].clock, []).append(report)
    found: dict[int, list[Anchor]] = {}
    for of_one in by_clock.values():
        of_one.sort(key=lambda report: report.at)
        for report, offset in zip(of_one, _least(of_one), strict=True):
            rate = tracks[report.track].rate
            _put(found.setdefault(report.track, []), report, offset, rate)
    return found


def _least(reports: list[Report]) -> Iterator[float]:
    """For each report the smallest of arrival minus sender's clock around it, in microseconds."""
    offsets = [report.at - report.ntp * 1e6 for report in reports]
    window: deque[int] = deque()
    ahead = 0
    for report in reports:
        while ahead < len(reports) and reports[ahead].at <= report.at + WINDOW:
            while window and offsets[window[-1]] >= offsets[ahead]:
                window.pop()
            window.append(ahead)
            ahead += 1
        while reports[window[0]].at < report.at - WINDOW:
            window.popleft()
        yield offsets[window[0]]


def _put(anchors: list[Anchor], report: Report, offset: float, rate: int) -> None:
    at = int(report.ntp * 1e6 + offset)
    if not report.at - OLDEST <= at <= report.at:
        at = report.at
    if not anchors:
        anchors.append((report.stamp, at))
        return
    stamp, before = anchors[-1]
    if at - before < EVERY:
        return
    # The wheel may have turned more than half since: our own clock says how far.
    expected = stamp + (at - before) * rate // 1_000_000
    turned = expected + signed(report.stamp - expected)
    # A sender whose timestamps jump begins anew there; the straight line would not hold.
    if abs(turned - expected) < rate and turned > stamp:
        anchors.append((turned, at))
