"""Packets of a picture that did not come, and when they were asked for again."""

from __future__ import annotations

ASK_AGAIN_S = 0.08
"""Looked at ten times a second, that is each time."""
TRIES = 4
"""What did not come by then comes too late for the picture; its viewers ask for a keyframe."""
MOST = 128
"""As many are looked for at a time; a longer gap is a break, not a loss."""


class Gaps:
    """Those of one stream, by unwrapped sequence number."""

    def __init__(self) -> None:
        self._open: dict[int, tuple[int, float]] = {}

    def __len__(self) -> int:
        return len(self._open)

    def opened(self, first: int, end: int, now: float) -> list[int]:
        """From `first` until before `end` nothing came: what to ask for at once."""
        if end - first > MOST - len(self._open):
            self._open.clear()
            return []
        numbers = list(range(first, end))
        self._open.update((number, (1, now)) for number in numbers)
        return numbers

    def closed(self, number: int) -> None:
        """It came after all."""
        self._open.pop(number, None)

    def again(self, now: float) -> list[int]:
        """What to ask for once more, ascending; what was asked for often enough is given up."""
        due = [n for n, (_, at) in self._open.items() if now - at >= ASK_AGAIN_S]
        asked = []
        for number in due:
            tries, _ = self._open[number]
            if tries < TRIES:
                self._open[number] = tries + 1, now
                asked.append(number)
            else:
                del self._open[number]
        return sorted(asked)
