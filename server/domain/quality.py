"""How well a seat was connected in one minute: from figures to a word, and to the likely cause.

Figures say nothing of what was said. How much of a voice came is not among them: from that one
could tell who spoke for how long, which nobody keeps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

LOSSY = 0.05
"""The share of packets lost from which it is heard."""
UNEVEN_MS = 60
"""Jitter that a browser's buffer no longer evens out unnoticed."""
FAR_MS = 400
"""There and back: people begin to speak at the same time."""
HELD_MS = 40
"""How long packets waited in the server, on average: two of a voice come at once."""
FROZEN_MS = 3_000
CONCEALED_MS = 1_500
"""Sound that the browser had to invent, in a minute."""
DROPPED = 0.2
"""The share of pictures that came and could not be shown in time."""
STARVED_S = 30
"""So many seconds of the minute its picture was made smaller because the network was slow."""


class Grade(StrEnum):
    GOOD = "good"
    WEAK = "weak"
    AUDIO_ONLY = "audio_only"
    """Voices, and at most a still picture now and then."""


class Cause(StrEnum):
    """What explains most comes first."""

    SERVER = "server"
    BREAKS = "breaks"
    UP_LOSS = "up_loss"
    DOWN_LOSS = "down_loss"
    DOWN_SLOW = "down_slow"
    UP_SLOW = "up_slow"
    UNEVEN = "uneven"
    FAR = "far"
    OTHERS = "others"
    DEVICE = "device"


class Pictures(StrEnum):
    """How much of the others' pictures its network carried, for a good part of the minute."""

    FULL = "full"
    SMALL = "small"
    STILLS = "stills"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Carried:
    """What the server measured; None where there was too little to measure."""

    up_loss: float | None = None
    down_loss: float | None = None
    jitter_ms: int | None = None
    round_trip_ms: int | None = None
    up_kbits: int = 0
    """A second, of pictures: on average what it sent, and what it was sent."""
    down_kbits: int = 0
    pictures: Pictures = Pictures.FULL
    held_ms: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """What its page says of how that came out there; None where the browser doesn't tell."""

    freezes: int | None = None
    frozen_ms: int | None = None
    concealed_ms: int | None = None
    dropped: float | None = None
    starved_s: int | None = None


@dataclass(frozen=True, slots=True)
class Minute:
    """`breaks`: how often its links had to be built anew."""

    carried: Carried
    shown: Shown = Shown()
    breaks: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """`cause` is None where it was good."""

    grade: Grade
    cause: Cause | None = None


GOOD = Judgement(Grade.GOOD)


def judge(minute: Minute, sent_to_it: float = 0.0) -> Judgement:
    """`sent_to_it`: the share that the others lost on the way to the server: the worst of them."""
    cause = next(_causes(minute, sent_to_it), None)
    if cause is None:
        return GOOD
    bare = minute.carried.pictures in (Pictures.STILLS, Pictures.NONE)
    return Judgement(Grade.AUDIO_ONLY if bare else Grade.WEAK, cause)


def _causes(minute: Minute, sent_to_it: float) -> Iterator[Cause]:
    it, shown = minute.carried, minute.shown
    if it.held_ms >= HELD_MS:
        yield Cause.SERVER
    if minute.breaks:
        yield Cause.BREAKS
    if (it.up_loss or 0) >= LOSSY:
        yield Cause.UP_LOSS
    if (it.down_loss or 0) >= LOSSY:
        yield Cause.DOWN_LOSS
    if it.pictures is not Pictures.FULL:
        yield Cause.DOWN_SLOW
    if (shown.starved_s or 0) >= STARVED_S:
        yield Cause.UP_SLOW
    if (it.jitter_ms or 0) >= UNEVEN_MS:
        yield Cause.UNEVEN
    if (it.round_trip_ms or 0) >= FAR_MS:
        yield Cause.FAR
    yield from _on_the_page(shown, sent_to_it)


def _on_the_page(shown: Shown, sent_to_it: float) -> Iterator[Cause]:
    """Not its own network: what came out badly had gaps before, or the device is slow."""
    frozen = (shown.frozen_ms or 0) >= FROZEN_MS
    concealed = (shown.concealed_ms or 0) >= CONCEALED_MS
    if (frozen or concealed) and sent_to_it >= LOSSY:
        yield Cause.OTHERS
    if frozen or (shown.dropped or 0) >= DROPPED:
        yield Cause.DEVICE
    if concealed:
        yield Cause.UNEVEN
