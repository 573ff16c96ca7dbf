"""When the worker collects garbage: what closed links leave behind, their parts being in circles.

By itself the collector is off: in the middle of a sentence it would look through everything there
is, 33 to 92 ms. What was there at the start is frozen and never looked at again.
"""

from __future__ import annotations

import gc

from signaling.media.link import in_memory


class Garbage:
    """One per process."""

    def __init__(self) -> None:
        gc.collect()
        gc.freeze()
        gc.disable()

    def look(self, links: int) -> None:
        """Collect if there is something; `links`: those that are in use."""
        if len(in_memory) > links:
            gc.collect()
