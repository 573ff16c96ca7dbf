"""Who is forwarded to whom.

A space has members; each member's down link has slots; the others of the space are put into them in
the order in which they came. `_settle` makes the slots what they should be after any change, first
taking out everybody who must not be there, then filling in. It runs without waiting, so between two
packets the routes are always whole.

Where there are more members than slots, whoever speaks, or is pinned, and has no slot gets that of
the one who has been silent longest; nobody who speaks or is pinned gives up his own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import count
from time import monotonic
from typing import Any

from signaling.media.downlink import Downlink
from signaling.media.member import Member
from signaling.media.minute import Minute
from signaling.media.plane import SLOTS
from signaling.media.slot import Lane
from signaling.media.speakers import Speakers, Tell
from signaling.media.taping import Tapes
from signaling.media.tile import Tile
from signaling.media.uplink import Uplink


class Router:
    """All members of one worker. `tell` gets an event whenever something about a seat changed."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._speakers = Speakers(tell)
        self._members: dict[str, Member] = {}
        self._spaces: dict[str, list[Member]] = {}
        self._forwarded: Counter[tuple[str, str]] = Counter()
        self._packets_out = 0
        self._gone: Counter[str] = Counter()
        """What links that are closed had counted."""
        self._screens = count(1)
        self.tapes = Tapes(self._spaces)

    # -- commands

    def open(self, seat: str, up: Uplink, down: Downlink, *, beside: bool) -> None:
        """Give the seat these links, in place of others: at once, or `beside` those that work, as
        soon as they are connected."""
        member = self._member(seat)
        if beside and member.sends and member.receives:
            _close(member.coming or ())
            member.coming = up, down
        else:
            self._drop_links(member)
            member.up, member.down = up, down

    def close(self, seat: str) -> None:
        """Take the seat's links away, and forget the seat if it is in no space."""
        member = self._members.get(seat)
        if member is None:
            return
        if member.minute.tells:
            self._tell_minute(member)
        member.minute = Minute()
        member.screen, member.pinned, member.sizes = 0, frozenset(), None
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
        self._switch(member, microphone)
        if member.space is None:
            member.space, member.spoke_at = space, monotonic()
            self._spaces.setdefault(space, []).append(member)
        self._settle(self._spaces[space])

    def leave(self, space: str, seat: str) -> None:
        """Take the seat out; the last packet to and from it has been sent."""
        member = self._members.get(seat)
        if member is None or member.space != space:
            return
        others = self._spaces[space]
        others.remove(member)
        member.space, member.screen = None, 0
        self._settle([*others, member])
        self._speakers.left(member)
        if not others:
            del self._spaces[space]
            self._speakers.forget(space)
        self._forget(member)

    def microphone(self, seat: str, on: bool) -> None:
        """Forward the seat's voice, or drop it: in the slots where it is, and nothing else changes,
        however many are in the space."""
        member = self._members.get(seat)
        if member is not None and member.space is not None:
            self._switch(member, on)
            self.tapes.settle()
            now = monotonic()
            for to in self._spaces[member.space]:
                if to.down is not None and member in to.slots:
                    _voice(to.down.slots[to.slots.index(member)].voice, member, now)

    def screen(self, seat: str, on: bool) -> None:
        """Forward the seat's screen, or drop it."""
        member = self._members.get(seat)
        if member is not None and member.space is not None:
            if on != bool(member.screen):
                member.screen = next(self._screens) if on else 0
            self._settle(self._spaces[member.space])

    def pin(self, seat: str, others: list[str]) -> None:
        """Whose slots for this seat nobody takes."""
        member = self._members.get(seat)
        if member is not None:
            member.pinned = frozenset(others)
            if member.space is not None:
                self._settle(self._spaces[member.space])

    def tiles(self, seat: str, sizes: dict[str, int]) -> None:
        """How large this seat's page shows whom, in pixels of height; who is not in it is not
        seen."""
        member = self._members.get(seat)
        if member is not None:
            member.sizes = sizes
            self._fill(member, monotonic())

    def ladders(self) -> None:
        """Tell whose pictures are more or less now; to be called once a second."""
        for member in self._members.values():
            how = member.down.how if member.down is not None else "full"
            if how != member.told_how:
                member.told_how = how
                self._tell({"event": "ladder", "seat": member.seat, "how": how})

    def look(self, held: float) -> None:
        """How everybody's links do, and what came of it after a minute; to be called once a second.

        `held`: for how long, in seconds, packets waited here lately.
        """
        for member in self._members.values():
            if member.space is None or member.up is None or member.down is None:
                continue
            member.minute.look(member.up, member.down, held)
            if member.minute.full:
                self._tell_minute(member)

    def links_changed(self, seat: str) -> None:
        """A link of the seat connected or was lost."""
        member = self._members.get(seat)
        if member is None:
            return
        coming = member.coming
        if coming is not None and all(link.connected for link in coming):
            self._exchange_links(member, *coming)
        elif coming is not None and any(link.closed for link in coming):
            member.coming = None
            _close(coming)
        if member.space is not None:
            self._settle(self._spaces[member.space])

    def listen(self, now: float) -> None:
        """Find out who speaks; to be called ten times a second."""
        self.tapes.every_tenth(now)
        for space, members in self._spaces.items():
            speakers = self._speakers.listen(space, members, now)
            if len(members) > SLOTS + 1 and any(
                _asks(to, who) for to in members for who in speakers
            ):
                self._settle(members, speakers)

    # -- questions

    def routes(self, space: str) -> list[tuple[str, str]]:
        """(from, to) of all that is forwarded in the space now."""
        return [
            (who.seat, to.seat)
            for to in self._spaces.get(space, [])
            for who in {*to.slots, to.shown}
            if who is not None
        ]

    def links(self) -> Iterable[Uplink | Downlink]:
        """All links."""
        for member in list(self._members.values()):
            yield from member.links

    def stats(self) -> dict[str, Any]:
        """Packets since the start, and how many seats are known."""
        self._count()
        counts = Counter(self._gone)
        for member in self._members.values():
            counts.update(_counted(member))
        return {
            "in": counts["in"],
            "out": self._packets_out,
            "asked": counts["asked"],
            "resent": counts["resent"],
            "dropped": counts["dropped"],
            "voices_dropped": counts["voices_dropped"],
            "members": len(self._members),
            "forwarded": [(a, b, n) for (a, b), n in self._forwarded.items()],
        }

    # -- routes

    def _settle(self, members: Sequence[Member], speakers: Sequence[Member] = ()) -> None:
        self.tapes.settle()
        now = monotonic()
        screen = _screen(members)
        for to in members:
            for number, who in enumerate(to.slots):
                if who is not None and not to.may_hear(who):
                    self._empty(to, number)
            shown = screen if screen is not None and to.may_hear(screen) else None
            if to.shown is not shown:
                _show(to, shown)
        for to in members:
            pinned = [who for who in members if who.seat in to.pinned]
            for who in (*pinned, *members):
                if to.may_hear(who) and who not in to.slots and None in to.slots:
                    to.slots[to.slots.index(None)] = who
            for who in (*pinned, *speakers):
                if _asks(to, who):
                    self._exchange(to, who)
            self._fill(to, now)
        self._tell_changes(members)

    def _exchange(self, to: Member, who: Member) -> None:
        """Give somebody who has no slot there that of the one who was silent longest, if any."""
        silent = [s for s in to.slots if s and not (s.speaking or s.seat in to.pinned)]
        if silent:
            number = to.slots.index(min(silent, key=lambda s: s.spoke_at))
            self._empty(to, number)
            to.slots[number] = who

    def _empty(self, to: Member, number: int) -> None:
        to.slots[number] = None
        if to.down is not None:
            to.down.slots[number].voice.detach()
            to.down.tiles[number].empty()

    def _fill(self, to: Member, now: float) -> None:
        down = to.down
        if down is None:
            return
        filled: list[tuple[int, Tile]] = []
        for number, who in enumerate(to.slots):
            if who is None:
                continue
            assert who.up is not None
            voice, tile = down.slots[number].voice, down.tiles[number]
            tile.fill(who.up.layers)
            tile.height = None if to.sizes is None else to.sizes.get(who.seat, 0)
            filled.append((_rank(to, who), tile))
            _voice(voice, who, now)
        filled.sort(key=lambda ranked: ranked[0])
        down.order = [down.shown, *(tile for _, tile in filled)]
        down.choose(now)

    def _count(self) -> None:
        """Take over what was counted where packets are sent."""
        for to in self._members.values():
            for lane in to.down.lanes.values() if to.down is not None else ():
                for seat, packets in lane.take_sent().items():
                    self._forwarded[seat, to.seat] += packets
                    self._packets_out += packets

    def _tell_changes(self, members: Sequence[Member]) -> None:
        for member in members:
            slots = [None if who is None else who.seat for who in member.slots]
            heard_by = [to.seat for to in members if member in to.slots]
            screen = member.shown and member.shown.seat
            news = (tuple(slots), frozenset(heard_by), screen)
            if news != member.told:
                member.told = news
                event = {"event": "slots", "seat": member.seat, "slots": slots}
                self._tell({**event, "heard_by": heard_by, "screen": screen})

    def _tell_minute(self, member: Member) -> None:
        event = {"event": "quality", "seat": member.seat}
        self._tell({**event, "minute": member.minute.take()})

    # -- members

    def _member(self, seat: str) -> Member:
        return self._members.setdefault(seat, Member(seat))

    def _switch(self, member: Member, microphone: bool) -> None:
        if member.microphone != microphone:
            member.level = None
        member.microphone = microphone

    def _forget(self, member: Member) -> None:
        if member.space is None and member.up is None and member.down is None:
            del self._members[member.seat]

    def _exchange_links(self, member: Member, up: Uplink, down: Downlink) -> None:
        """The coming ones are connected: from here on they are the seat's. Nobody's slot changes,
        and whoever heard the old voice hears it until the new one begins."""
        self._count()
        self._gone.update(_counted(member))
        old = member.links[:2]
        if member.down is not None:
            member.down.empty()
        member.up, member.down, member.coming = up, down, None
        _show(member, member.shown)
        for to in self._spaces.get(member.space or "", ()):
            if to.shown is member and to.down is not None:
                to.down.shown.fill((up.screen,))
        _close(old)

    def _drop_links(self, member: Member) -> None:
        _close(member.links)
        if member.space is not None:
            self._settle(self._spaces[member.space])
        self._count()
        self._gone.update(_counted(member))
        member.up = member.down = member.coming = member.level = None


def _close(links: Iterable[Uplink | Downlink]) -> None:
    for link in links:
        link.close()


def _voice(lane: Lane, who: Member, now: float) -> None:
    """Put that voice into the lane, or nothing while its microphone is off."""
    if who.microphone and who.up is not None:
        lane.attach(who.up.voice, now)
    else:
        lane.detach()


def _asks(to: Member, who: Member) -> bool:
    """Should be in one of its slots and is not."""
    return to.may_hear(who) and who not in to.slots


def _screen(members: Iterable[Member]) -> Member | None:
    """Whose screen is shown in a space: the newest."""
    sharing = [m for m in members if m.screen and m.space is not None and m.sends]
    return max(sharing, key=lambda m: m.screen, default=None)


def _show(to: Member, who: Member | None) -> None:
    """Put that screen into the screen line, or none."""
    to.shown = who
    if to.down is None:
        return
    if who is None:
        to.down.shown.empty()
    else:
        assert who.up is not None
        to.down.shown.empty()
        to.down.shown.fill((who.up.screen,))


def _counted(member: Member) -> dict[str, int]:
    """Packets on its links."""
    counts: dict[str, int] = {}
    if member.up is not None:
        counts |= {"in": member.up.packets_in, "asked": member.up.asked}
    if member.down is not None:
        counts["resent"] = member.down.resent
        if (outlet := member.down.outlet) is not None:
            counts["dropped"] = outlet.pictures_dropped
            counts["voices_dropped"] = outlet.voices_dropped
    return counts


def _rank(to: Member, who: Member) -> int:
    """How soon its picture gets what there is: whom one has chosen, who speaks, the others."""
    return 0 if who.seat in to.pinned else 1 if who.speaking else 2
