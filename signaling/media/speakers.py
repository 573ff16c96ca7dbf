"""Who speaks in each space, and telling it to those who are there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from signaling.media.member import Member

TELL_AGAIN_S = 0.25
_LOUDER = 6.0
"""By so many dB somebody must be louder to go before another one: two who speak at a time must not
change places with every word."""

Tell = Callable[[dict[str, Any]], object]
"""Tells the server an event."""


class Speakers:
    """Those of all spaces. `listen` is called ten times a second for each."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._order: dict[str, list[Member]] = {}

    def listen(self, space: str, members: Sequence[Member], now: float) -> list[Member]:
        """Who speaks in the space now, loudest first; the members are told what is new to them."""
        for member in members:
            member.listen(now)
        speaking = ranked(self._order.get(space, []), [m for m in members if m.speaking])
        self._order[space] = speaking
        seats = tuple(member.seat for member in speaking)
        for member in members:
            if seats != member.told_speakers and now - member.told_at >= TELL_AGAIN_S:
                self._tell_speakers(member, seats, now)
            self._tell_dead(member, member.level is not None and member.level.dead)
        return speaking

    def left(self, member: Member) -> None:
        """It is in that space no more: nobody speaks for it, and it does not."""
        member.level = None
        if member.told_speakers:
            self._tell_speakers(member, (), 0.0)
        self._tell_dead(member, False)

    def forget(self, space: str) -> None:
        """Nobody is there any more."""
        self._order.pop(space, None)

    def _tell_speakers(self, member: Member, seats: tuple[str, ...], now: float) -> None:
        member.told_speakers, member.told_at = seats, now
        self._tell({"event": "speaking", "seat": member.seat, "speakers": seats})

    def _tell_dead(self, member: Member, dead: bool) -> None:
        if dead != member.told_dead:
            member.told_dead = dead
            self._tell({"event": "microphone", "seat": member.seat, "silent": dead})


def ranked(before: Sequence[Member], speaking: Sequence[Member]) -> list[Member]:
    """Loudest first, but only who is clearly louder goes past somebody who was before him."""
    order = [m for m in before if m in speaking]
    order += [m for m in speaking if m not in order]
    for number in range(1, len(order)):
        at = number
        while at and _loudness(order[at]) > _loudness(order[at - 1]) + _LOUDER:
            order[at - 1 : at + 1] = order[at], order[at - 1]
            at -= 1
    return order


def _loudness(member: Member) -> float:
    return member.level.loudness if member.level is not None else -127.0
