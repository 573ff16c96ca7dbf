"""What the workers have to say, made into the plane's events, in order, for one reader."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable

from server.domain.ids import SeatId
from signaling.media.control import Message
from signaling.media.plane import (
    SLOTS,
    Ladder,
    LinkId,
    Links,
    LinkState,
    MicrophoneSilent,
    PlaneEvent,
    Quality,
    Signal,
    Signalled,
    Slots,
    Speaking,
)

MOST = 10_000
"""Events that wait. Beyond it one of a kind is kept for each seat or link: the newest."""
_EMPTY: tuple[SeatId | None, ...] = (None,) * SLOTS

_Key = tuple[object, ...]


class News:
    """`hear` what a worker tells; `events` hands it on."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[int, PlaneEvent] = OrderedDict()
        self._newest: dict[_Key, int] = {}
        self._number = 0
        self._some = asyncio.Event()
        self._undone: dict[SeatId, dict[type, PlaneEvent]] = {}
        """What has to be told when a seat's worker is gone: that what was told last is no more."""
        self.dropped = 0
        """Events that were never read, because newer ones of their kind came."""

    def hear(self, message: Message) -> None:
        """A worker's event."""
        seat = SeatId(message["seat"])
        event: PlaneEvent
        match message["event"]:
            case "links":
                event = Links(seat, LinkId(message["up"]), LinkId(message["down"]))
            case "signal":
                signal = Signal(LinkId(message["link"]), message["kind"], message["sdp"])
                event = Signalled(seat, signal)
            case "state":
                event = LinkState(seat, LinkId(message["link"]), message["state"])
            case "speaking":
                event = Speaking(seat, tuple(message["speakers"]))
                self._until(event, Speaking(seat, ()))
            case "microphone":
                event = MicrophoneSilent(seat, message["silent"])
                self._until(event, MicrophoneSilent(seat, False))
            case "ladder":
                event = Ladder(seat, message["how"])
                self._until(event, Ladder(seat, "full"))
            case "quality":
                event = Quality(seat, **message["minute"])
            case _:
                slots, heard_by = tuple(message["slots"]), frozenset(message["heard_by"])
                event = Slots(seat, slots, heard_by, message["screen"])
                self._until(event, Slots(seat, _EMPTY, frozenset()))
        self._put(event)

    def take_back(self, seats: Iterable[SeatId]) -> None:
        """Their worker carries them no more: what it told last is not so any longer. First comes
        that nothing is forwarded."""
        undone = [event for seat in seats for event in self._undone.pop(seat, {}).values()]
        for event in sorted(undone, key=lambda event: not isinstance(event, Slots)):
            self._put(event)

    def closed(self, seat: SeatId) -> None:
        """Nothing has to be taken back for it: nobody is there to be told."""
        self._undone.pop(seat, None)

    def speaks(self, seats: Iterable[SeatId]) -> bool:
        """Whether anybody there speaks just now."""
        return any(Speaking in self._undone.get(seat, ()) for seat in seats)

    def clear(self) -> None:
        """The workers have ended; what they said is still read."""
        self._undone.clear()

    async def events(self) -> AsyncIterator[PlaneEvent]:
        while True:
            while self._waiting:
                number, event = self._waiting.popitem(last=False)
                if self._newest.get(key := _key(event)) == number:
                    del self._newest[key]
                yield event
            self._some.clear()
            await self._some.wait()

    def _put(self, event: PlaneEvent) -> None:
        key = _key(event)
        older = self._newest.get(key)
        if older is not None and len(self._waiting) >= MOST:
            del self._waiting[older]
            self.dropped += 1
        self._number += 1
        self._waiting[self._number] = event
        self._newest[key] = self._number
        self._some.set()

    def _until(self, told: PlaneEvent, undone: PlaneEvent) -> None:
        """Remember how to take back what is told, unless it says as much itself."""
        of_seat = self._undone.setdefault(told.seat, {})
        if told == undone:
            of_seat.pop(type(told), None)
            if not of_seat:
                del self._undone[told.seat]
        else:
            of_seat[type(told)] = undone


def _key(event: PlaneEvent) -> _Key:
    """Of two with the same, only the newer one still means something."""
    if isinstance(event, Signalled):
        return Signalled, event.signal.link, event.signal.kind
    if isinstance(event, LinkState):
        return LinkState, event.link
    return type(event), event.seat
