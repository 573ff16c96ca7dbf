"""The media plane: it carries voice and picture inside a space, and knows nothing else.

Two seats are connected exactly while both are in the same space. There is no filter: a space owns
its routes, a packet goes from its sender's space to the other members of that space.

A *link* is one peer connection that carries media one way. A seat has an *up* link (the browser
sends and offers) and a *down* link (we send and offer, once, with a fixed number of slots). Only
the sending side ever offers, so offers never collide. Who is in which slot is our routing plus one
`Slots` event; a move renegotiates nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal, NewType, Protocol

from server.domain.ids import SeatId, SessionId, SpaceId

LinkId = NewType("LinkId", str)

SLOTS = 8
"""Audio and video lines of a down link; one of them is one person at a time."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One step of a link's negotiation, in either direction.

    `sdp` is the description's text for offers and answers, the candidate line for candidates.
    """

    link: LinkId
    kind: Literal["offer", "answer", "candidate"]
    sdp: str


@dataclass(frozen=True, slots=True)
class Links:
    """The seat has new links (first connection, or rebuilt): drop the old ones, offer on `up`."""

    seat: SeatId
    up: LinkId
    down: LinkId


@dataclass(frozen=True, slots=True)
class Signalled:
    """A signal for this seat's browser."""

    seat: SeatId
    signal: Signal


@dataclass(frozen=True, slots=True)
class Slots:
    """What is really forwarded to and from this seat, now.

    `slots[i]` is the seat whose voice and picture are in slot i of the down link, or None;
    `heard_by` are the seats in whose slots this one is.
    """

    seat: SeatId
    slots: tuple[SeatId | None, ...]
    heard_by: frozenset[SeatId]


@dataclass(frozen=True, slots=True)
class LinkState:
    """A link of this seat connected, or was lost (the browser should ask for a rebuild)."""

    seat: SeatId
    link: LinkId
    state: Literal["connected", "lost"]


PlaneEvent = Links | Signalled | Slots | LinkState


class BadSignal(Exception):
    """A link that cannot be made, or a signal that is not SDP, not for a link of this seat, or out
    of turn. `code` says which."""

    def __init__(
        self, code: Literal["not_your_link", "bad_sdp", "out_of_turn", "no_ports"]
    ) -> None:
        super().__init__(code)
        self.code = code


class MediaPlane(Protocol):
    """What the gateway and the services may ask of any plane. All calls are idempotent."""

    async def open(self, session: SessionId, seat: SeatId) -> None:
        """Give a connected seat its two links; opening again replaces them (a reload, a loss).

        Raises BadSignal("no_ports") when there is no UDP port left for them; the seat has no links
        then.
        """

    async def close(self, seat: SeatId) -> None:
        """Take the seat's links away. Returns when nothing is sent or received any more."""

    async def enter(self, space: SpaceId, seat: SeatId, *, microphone: bool) -> None:
        """Put the seat into the space: it sends to, and receives from, the others there.

        A seat that has no links yet is connected as soon as it has. Entering a second space
        without leaving the first raises RuntimeError: moving is leave, then enter.
        """

    async def leave(self, space: SpaceId, seat: SeatId) -> None:
        """Take the seat out. Returns when the last packet to and from it has been sent."""

    async def microphone(self, seat: SeatId, on: bool) -> None:
        """Forward the seat's voice, or drop it in the worker whatever the browser sends."""

    async def signal(self, seat: SeatId, signal: Signal) -> None:
        """A browser's signal. Raises BadSignal."""

    async def routes(self, space: SpaceId) -> set[tuple[SeatId, SeatId]]:
        """(from, to) pairs whose packets the worker is forwarding now."""

    def events(self) -> AsyncIterator[PlaneEvent]:
        """What happened, in order, for one reader."""
