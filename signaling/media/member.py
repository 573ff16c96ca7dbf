"""A seat as the worker knows it."""

from __future__ import annotations

from dataclasses import dataclass, field

from signaling.media.downlink import Downlink
from signaling.media.level import Level
from signaling.media.minute import Minute
from signaling.media.plane import SLOTS
from signaling.media.uplink import Uplink


@dataclass(eq=False)
class Member:
    """Its links, its space, what it is sent, and what it was told."""

    seat: str
    up: Uplink | None = None
    down: Downlink | None = None
    coming: tuple[Uplink, Downlink] | None = None
    """Those that will take the place of these two, once both are connected."""
    space: str | None = None
    microphone: bool = False
    screen: int = 0
    """When its screen was switched on, counted; 0 while it is off."""
    pinned: frozenset[str] = frozenset()
    sizes: dict[str, int] | None = None
    """How large its page shows whom; None while it has not said."""
    slots: list[Member | None] = field(default_factory=lambda: [None] * SLOTS)
    shown: Member | None = None
    """Whose screen it receives."""
    spoke_at: float = 0.0
    """When it was last speaking in this space, or came."""
    level: Level | None = None
    """While its microphone is on in a space and its up link is there."""
    told: tuple[object, ...] = ((None,) * SLOTS, frozenset(), None)
    told_speakers: tuple[str, ...] = ()
    told_at: float = 0.0
    told_dead: bool = False
    told_how: str = "full"
    minute: Minute = field(default_factory=Minute)

    @property
    def links(self) -> tuple[Uplink | Downlink, ...]:
        """All it has."""
        return tuple(link for link in (self.up, self.down, *(self.coming or ())) if link)

    @property
    def sends(self) -> bool:
        return self.up is not None and self.up.connected

    @property
    def receives(self) -> bool:
        return self.down is not None and self.down.connected

    @property
    def speaking(self) -> bool:
        return self.level is not None and self.level.speaking

    def listen(self, now: float) -> None:
        """Take what its browser told of the last tenth of a second."""
        up = self.up
        if up is None or not (up.connected and self.microphone and self.space is not None):
            self.level = None
            return
        if self.level is None:
            self.level = Level(now)
        self.level.hear(up.levels if up.tells_levels else None, up.voice.top_at, now)
        if self.level.speaking:
            self.spoke_at = now

    def may_hear(self, who: Member) -> bool:
        """Whether the other is sent to it: both in one space, and connected."""
        together = who.space is not None and who.space == self.space and who is not self
        return together and who.sends and self.receives
