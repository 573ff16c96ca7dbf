"""When the worker collects garbage: what closed links leave behind, their parts being in circles.

By itself the collector is off: it would come in the middle of a sentence, and look through
everything there is, which takes 30 to 90 ms. What was there at the start (code, mostly) is frozen
and never looked at again; of each seat that has come since there are some hundred objects, of which
a hundred seats take 5 ms. That is done when something has been waiting for a while, or is much.
"""

from __future__ import annotations

import gc

from signaling.media.link import in_memory

PATIENCE_S = 3.0
MUCH = 40
"""Links; some megabytes."""


class Garbage:
    """One per process."""

    def __init__(self) -> None:
        gc.collect()
        gc.freeze()
        gc.disable()
        self._since: float | None = None

    def look(self, links: int, now: float) -> None:
        """Collect if it is time; `links`: those that are in use."""
        waste = len(in_memory) - links
        if waste <= 0:
            self._since = None
        elif self._since is None:
            self._since = now
        if waste >= MUCH or (self._since is not None and now - self._since >= PATIENCE_S):
            gc.collect()
            self._since = None
