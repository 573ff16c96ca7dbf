"""Who is forwarded to whom.

A space has members; each member's down link has slots; the others of the space are put into them in
the order in which they came. `_settle` makes the slots what they should be after any change, first
taking out everybody who must not be there, then filling in. It runs without waiting, so between two
packets the routes are always whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from signaling.media.downlink import Downlink
from signaling.media.plane import SLOTS
from signaling.media.uplink import Uplink


@dataclass(eq=False)
class Member:
    """A seat as the worker knows it: its links, its space, what it is sent."""

    seat: str
    up: Uplink | None = None
    down: Downlink | None = None
    space: str | None = None
    microphone: bool = False
    slots: list[Member | None] = field(default_factory=lambda: [None] * SLOTS)
    told: tuple[object, ...] = ((None,) * SLOTS, frozenset())

    @property
    def sends(self) -> bool:
        return self.up is not None and self.up.connected

    @property
    def receives(self) -> bool:
        return self.down is not None and self.down.connected


class Router:
    """All members of one worker. `tell` gets (seat, slots, heard_by) whenever they changed."""

    def __init__(self, tell: Callable[[str, list[str | None], list[str]], None]) -> None:
        self._tell = tell
        self._members: dict[str, Member] = {}
        self._spaces: dict[str, list[Member]] = {}
        self._forwarded: Counter[tuple[str, str]] = Counter()
        self._packets_in = 0
        self._packets_out = 0

    # -- commands

    def open(self, seat: str, up: Uplink, down: Downlink) -> None:
        """Give the seat these links, in place of others."""
        member = self._member(seat)
        self._drop_links(member)
        member.up, member.down = up, down

    def close(self, seat: str) -> None:
        """Take the seat's links away, and forget the seat if it is in no space."""
        member = self._members.get(seat)
        if member is None:
            return
        self._drop_links(member)
        self._count()
        for pair in [p for p in self._forwarded if seat in p]:
            del self._forwarded[pair]
        self._forget(member)

    def enter(self, space: str, seat: str, microphone: bool) -> None:
        """Put the seat into the space. Raises RuntimeError when it is in another one."""
        member = self._member(seat)
        if member.space not in (None, space):
            raise RuntimeError("the seat is in another space")
        member.microphone = microphone
        if member.space is None:
            member.space = space
            self._spaces.setdefault(space, []).append(member)
        self._settle(self._spaces[space])

    def leave(self, space: str, seat: str) -> None:
        """Take the seat out; the last packet to and from it has been sent."""
        member = self._members.get(seat)
        if member is None or member.space != space:
            return
        others = self._spaces[space]
        others.remove(member)
        member.space = None
        self._settle([*others, member])
        if not others:
            del self._spaces[space]
        self._forget(member)

    def microphone(self, seat: str, on: bool) -> None:
        """Forward the seat's voice, or drop it."""
        member = self._members.get(seat)
        if member is None or member.space is None:
            return
        member.microphone = on
        self._settle(self._spaces[member.space])

    def links_changed(self, seat: str) -> None:
        """A link of the seat connected or was lost."""
        member = self._members.get(seat)
        if member is not None and member.space is not None:
            self._settle(self._spaces[member.space])

    # -- questions

    def routes(self, space: str) -> list[tuple[str, str]]:
        """(from, to) of all that is forwarded in the space now."""
        listeners = self._spaces.get(space, [])
        return [(who.seat, to.seat) for to in listeners for who in to.slots if who is not None]

    def links(self) -> Iterable[Uplink | Downlink]:
        """All links."""
        for member in list(self._members.values()):
            if member.up is not None:
                yield member.up
            if member.down is not None:
                yield member.down

    def stats(self) -> dict[str, Any]:
        """Packets since the start, and how many seats are known."""
        self._count()
        ups = [m.up for m in self._members.values() if m.up is not None]
        return {
            "in": self._packets_in + sum(up.packets_in for up in ups),
            "out": self._packets_out,
            "members": len(self._members),
            "forwarded": [(a, b, n) for (a, b), n in self._forwarded.items()],
        }

    # -- routes

    def _settle(self, members: list[Member]) -> None:
        now = monotonic()
        for to in members:
            for number, who in enumerate(to.slots):
                if who is not None and not _heard(who, to):
                    self._empty(to, number)
        for to in members:
            for who in members:
                if _heard(who, to) and who not in to.slots and None in to.slots:
                    to.slots[to.slots.index(None)] = who
            self._fill(to, now)
        self._tell_changes(members)

    def _empty(self, to: Member, number: int) -> None:
        to.slots[number] = None
        if to.down is not None:
            slot = to.down.slots[number]
            to.down.carries.pop(slot.picture.ssrc, None)
            slot.voice.detach()
            slot.picture.detach()

    def _fill(self, to: Member, now: float) -> None:
        for number, who in enumerate(to.slots):
            if who is None:
                continue
            assert to.down is not None
            assert who.up is not None
            slot = to.down.slots[number]
            to.down.carries[slot.picture.ssrc] = who.up
            slot.picture.attach(who.up.picture, now)
            if who.microphone:
                slot.voice.attach(who.up.voice, now)
            else:
                slot.voice.detach()

    def _count(self) -> None:
        """Take over what was counted where packets are sent."""
        for to in self._members.values():
            for lane in to.down.lanes.values() if to.down is not None else ():
                for seat, count in lane.take_sent().items():
                    self._forwarded[seat, to.seat] += count
                    self._packets_out += count

    def _tell_changes(self, members: list[Member]) -> None:
        for member in members:
            slots = [None if who is None else who.seat for who in member.slots]
            heard_by = [to.seat for to in members if member in to.slots]
            news = (tuple(slots), frozenset(heard_by))
            if news != member.told:
                member.told = news
                self._tell(member.seat, slots, heard_by)

    # -- members

    def _member(self, seat: str) -> Member:
        return self._members.setdefault(seat, Member(seat))

    def _forget(self, member: Member) -> None:
        if member.space is None and member.up is None and member.down is None:
            del self._members[member.seat]

    def _drop_links(self, member: Member) -> None:
        for link in (member.up, member.down):
            if link is not None:
                link.close()
        if member.space is not None:
            self._settle(self._spaces[member.space])
        self._count()
        if member.up is not None:
            self._packets_in += member.up.packets_in
        member.up = member.down = None


def _heard(who: Member, to: Member) -> bool:
    together = who.space is not None and who.space == to.space and who is not to
    return together and who.sends and to.receives
