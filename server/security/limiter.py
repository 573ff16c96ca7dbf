"""How often something may be tried. Counted in memory: a restart forgives."""

from __future__ import annotations

from functools import cache

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter


class Limiter:
    def __init__(self) -> None:
        self._window = SlidingWindowCounterRateLimiter(MemoryStorage())

    def allowed(self, limit: str, *key: str) -> bool:
        """Count one try of `key` against `limit` (`10/minute`, `10/minute;100/day`).

        False when a limit is reached; a refused try is not counted against the others.
        """
        items = _limits(limit)
        if not all(self._window.test(item, *key) for item in items):
            return False
        for item in items:
            self._window.hit(item, *key)
        return True

    def forgive(self, limit: str, *key: str) -> None:
        """Forget the tries of `key`: where only failures count, they are counted beforehand, or a
        hundred tries sent at once would all find the limit untouched.
        """
        for item in _limits(limit):
            self._window.clear(item, *key)


@cache
def _limits(limit: str) -> list[RateLimitItem]:
    return parse_many(limit)
