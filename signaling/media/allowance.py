"""How many datagrams of a kind a link takes: more than any browser sends, and no flood."""

from __future__ import annotations


class Allowance:
    """So many at once, and so many more each tenth of a second."""

    __slots__ = ("_a_tenth", "_at_once", "left")

    def __init__(self, at_once: int, a_tenth: int) -> None:
        self._at_once = self.left = at_once
        self._a_tenth = a_tenth

    def take(self) -> bool:
        """Whether there is one left."""
        self.left -= 1
        return self.left >= 0

    def refill(self) -> None:
        """To be called ten times a second."""
        self.left = min(self._at_once, max(self.left, 0) + self._a_tenth)
