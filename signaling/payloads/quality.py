"""What a page says of the last minute: how the others came out there, and what slowed it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from signaling.media.plane import SLOTS
from signaling.payloads.base import Payload

_MS = SLOTS * 65_000
"""Of all slots together, in a minute that took a little longer."""


class Playback(Payload):
    """Null where the browser doesn't count it.

    `freezes`, `frozen_ms`: pictures that stood still; `concealed_ms`: sound that had to be
    invented; `dropped`: the share of pictures that came and weren't shown; `starved_s`: for how
    long its own picture was made smaller because the network was slow.
    """

    freezes: Annotated[int, Field(ge=0, le=10_000)] | None
    frozen_ms: Annotated[int, Field(ge=0, le=_MS)] | None
    concealed_ms: Annotated[int, Field(ge=0, le=_MS)] | None
    dropped: Annotated[float, Field(ge=0, le=1)] | None
    starved_s: Annotated[int, Field(ge=0, le=65)] | None
