"""How often a page may send what nobody keeps."""

from __future__ import annotations

import time
from collections.abc import Callable

A_SECOND = 12
AT_ONCE = 4
"""What a network has held up comes all at the same moment."""


class Pace:
    """So many a second, and a few at the same moment; what is more is to be dropped."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._left, self._at = clock, float(AT_ONCE), clock()

    def allowed(self) -> bool:
        now = self._clock()
        self._left = min(AT_ONCE, self._left + (now - self._at) * A_SECOND)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
