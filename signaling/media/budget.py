"""What a receiver's network carries, found out from what the receiver tells.

Without a complaint there is no limit. A complaint is loss, or that a browser's own estimate (REMB)
falls; it sets a limit, which grows again by itself. How high an estimate is means little: it
follows what is sent only slowly, but falls as soon as packets queue. Loss that does not get less
when less is sent is the air's and not ours: sending less would only take the picture away.
"""

from __future__ import annotations

from dataclasses import dataclass

LOSSY, FINE = 0.10, 0.03
"""The share lost from which it is a complaint, and up to which it is none; over some seconds,
because of few packets many may be lost by chance."""
LITTLE = 15_000.0
"""Bits of pictures a second; less is not what fills a network."""
_SURELY = 0.3
_SMOOTH = 0.4
NO_LIMIT = 4_000_000.0
"""A limit that has grown to this is none any more."""
LEAST = 20_000.0
PATIENCE_S, LONGEST_S = 5.0, 80.0
"""How long a limit stays before it grows; twice as long after each growth that went wrong."""
_GROWTH = 1.08
_KEPT = 0.85
"""Of what arrived: the queue that has built up must drain."""
_FALL = 0.95
"""An estimate below this share of the one before has fallen."""
_FIRST = 0.8
"""The first one has if it is that much below what is sent."""
_TRIAL_S = 10.0
"""A complaint so soon after a growth is its consequence."""
_MOST_AIR = 0.3
_SETTLED_S = 3.0
"""After sending less it takes so long until that shows in the loss."""


@dataclass(slots=True)
class Budget:
    """Of one receiver. `hear` once a second."""

    bits: float | None = None
    """A second, for all pictures together; None while nothing has shown a limit."""
    _patience: float = PATIENCE_S
    _complained_at: float = -1e9
    _grew_at: float = -1e9
    _estimate: float | None = None
    _loss: float = 0.0
    _air: float = 0.0
    """Loss that is there however little is sent."""
    _before: float = 0.0
    """The loss for which less was sent."""
    _former: float | None = None
    """The limit before."""

    def hear(self, loss: float | None, estimate: float | None, sent: float, now: float) -> None:
        """`loss`: the share of what was sent in the last second that did not arrive; `estimate`:
        the newest, of pictures; each None when nothing was told. `sent`: bits of pictures in that
        second."""
        loss = self._own(loss, now)
        before = _FIRST * sent if self._estimate is None else self._estimate
        fallen = estimate is not None and estimate < _FALL * before
        if estimate is not None:
            self._estimate = estimate
        self._loss += (loss - self._loss) * _SMOOTH
        if sent > LITTLE and (self._loss > LOSSY or loss > _SURELY or fallen):
            arrived = _KEPT * sent * (1 - loss)
            self._complain(min(arrived, estimate) if fallen and estimate else arrived, loss, now)
        elif self.bits is not None and self._loss <= FINE:
            self._grow(now)

    def _own(self, loss: float | None, now: float) -> float:
        """The loss without that of the air."""
        if loss is None:
            return 0.0
        if self._before and now - self._complained_at >= _SETTLED_S:
            if loss > self._before * 2 / 3:
                self._air = max(self._air, min(loss, _MOST_AIR))
                self.bits = self._former
            self._before = 0.0
        self._air = min(self._air, loss + FINE)
        return max(0.0, loss - self._air)

    def _complain(self, bits: float, loss: float, now: float) -> None:
        quiet = now - self._complained_at
        if quiet < _SETTLED_S:
            return  # The receiver still tells of what was sent before.
        if quiet > 3 * LONGEST_S:
            self._patience = PATIENCE_S
        elif now - self._grew_at < _TRIAL_S:
            self._patience = min(LONGEST_S, 2 * self._patience)
        self._former = self.bits
        self.bits = max(LEAST, min(bits, self.bits or bits))
        self._complained_at, self._before = now, loss + self._air

    def _grow(self, now: float) -> None:
        assert self.bits is not None
        if now - self._complained_at < self._patience:
            return
        self.bits *= _GROWTH
        self._grew_at = now
        if self.bits > NO_LIMIT:
            self.bits = None
