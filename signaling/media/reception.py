"""What a receiver tells of its down link, added up between two looks at it."""

from __future__ import annotations

from collections.abc import Callable

from signaling.media import rtcp

_WRAP = 1 << 24


class Reception:
    """`hear` whenever it tells something; `take` once a second."""

    def __init__(self) -> None:
        self.round_trip: float | None = None
        """Seconds, by the newest report; for whoever wants to know."""
        self.expected = 0
        self.lost = 0.0
        """Packets since the beginning, and those of them that this receiver's network lost."""
        self._before: dict[int, tuple[int, int]] = {}
        self._expected = 0
        self._lost = 0.0
        self._bits: int | None = None

    def hear(self, heard: rtcp.Heard, upstream: Callable[[int], float | None], now: float) -> None:
        """`upstream(ssrc)`: the share of a stream that had been lost before it came to us, for
        which this receiver's network is not to blame; None for a stream that is not ours."""
        if heard.bits is not None:
            self._bits = heard.bits
        for block in heard.blocks:
            missed_before = upstream(block.ssrc)
            if missed_before is None:
                continue
            self._count(block, missed_before)
            trip = rtcp.round_trip(block, now)
            if trip is not None:
                self.round_trip = trip

    def take(self) -> tuple[float | None, int | None]:
        """The share lost, and the browser's estimate in bits a second, since the last look; None
        where nothing was told."""
        loss = min(1.0, self._lost / self._expected) if self._expected > 0 else None
        bits = self._bits
        self._expected, self._lost, self._bits = 0, 0.0, None
        return loss, bits

    def _count(self, block: rtcp.Block, missed_before: float) -> None:
        before = self._before.get(block.ssrc)
        self._before[block.ssrc] = block.highest, block.lost
        if before is None:
            return
        expected = (block.highest - before[0] + (1 << 31) & 0xFFFFFFFF) - (1 << 31)
        lost = (block.lost - before[1] + _WRAP // 2 & _WRAP - 1) - _WRAP // 2
        if expected > 0:
            own = max(0.0, lost - expected * missed_before)
            self._expected += expected
            self._lost += own
            self.expected += expected
            self.lost += own
