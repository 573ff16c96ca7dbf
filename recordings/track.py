"""One stream of one person's: a voice, a picture or a screen, from one link to the server."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Track:
    number: int
    person: str
    """The id of a seat."""
    kind: str
    """`audio`, `video` or `screen`."""
    codec: str
    rate: int
    clock: str
    """Tracks that name the same one are stamped by the same sender's clock."""
