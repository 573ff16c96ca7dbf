"""The media plane: it carries voice and picture inside a space, and knows nothing else.

Two seats are connected exactly while both are in the same space. There is no filter: a space owns
its routes, a packet goes from its sender's space to the other members of that space.

A *link* is one peer connection that carries media one way. A seat has an *up* link (the browser
sends and offers) and a *down* link (we send and offer, once, with a fixed number of slots). Only
the sending side ever offers, so offers never collide. Who is in which slot is our routing plus one
`Slots` event; a move renegotiates nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NewType, Protocol

from server.domain.errors import Refused
from server.domain.ids import SeatId, SessionId, SpaceId

LinkId = NewType("LinkId", str)

SLOTS = 8
"""Audio and video lines of a down link; one of them is one person at a time."""

MOST_TILES = 100
"""Of one page at a time."""

MOST_PINNED = 4
"""As many may be pinned: the other half of the slots stays for whoever speaks."""


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
    """The seat has new links (first connection, or rebuilt): offer on `up`. Older ones that still
    carry something go once these are connected."""

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
    `heard_by` are the seats in whose slots this one is; `screen` is the seat whose shared screen is
    in the screen line, or None. While more are in a space than there are slots, a slot changes
    hands when somebody without one begins to speak.
    """

    seat: SeatId
    slots: tuple[SeatId | None, ...]
    heard_by: frozenset[SeatId]
    screen: SeatId | None = None


@dataclass(frozen=True, slots=True)
class LinkState:
    """A link of this seat connected, or was lost (the browser should ask for a rebuild)."""

    seat: SeatId
    link: LinkId
    state: Literal["connected", "lost"]


@dataclass(frozen=True, slots=True)
class Speaking:
    """Who of this seat's space speaks now, loudest first, the seat itself included.

    Told on a change, at most four times a second, and to members of that space alone; empty at
    once when the seat leaves. Only an open microphone speaks, and only one whose browser tells its
    level (RFC 6464, as all of today's browsers do).
    """

    seat: SeatId
    speakers: tuple[SeatId, ...]


@dataclass(frozen=True, slots=True)
class MicrophoneSilent:
    """This seat's microphone is on in a space, and it seems dead; or (`silent` False) it no longer
    does.

    It seems dead when for 20 s not one packet of sound has come, or when in the 20 s since it was
    switched on nothing above the noise has. Once anything was heard, silence is somebody listening
    (a browser then sends next to nothing) for as long as packets come at all. The count begins anew
    whenever the microphone is switched on or its link connects, and it ends with a sound above the
    noise, and with switching off, leaving, or losing the link.
    """

    seat: SeatId
    silent: bool


How = Literal["full", "small", "stills", "none", "unread"]


@dataclass(frozen=True, slots=True)
class Ladder:
    """How much of the pictures that this seat's page shows its network carries just now: all as
    they should be; some smaller; none that moves, a still every few seconds; none. Or, with a
    network that would carry them: some are in a form that its browser can't show ("unread"). Voices
    are sent whatever happens. Told on a change; it goes down and comes back by itself."""

    seat: SeatId
    how: How


@dataclass(frozen=True, slots=True)
class Quality:
    """How this seat's links were in the last minute that it was in a space, or the last part of
    one. Shares are from 0 to 1, times in seconds, bits a second; None where there was too little to
    measure. How much of a voice came is not told: it would say who spoke for how long."""

    seat: SeatId
    up_loss: float | None
    """Of what its browser sent, the share that did not come: of voice or picture, the worse."""
    down_loss: float | None
    """Of what it was sent, without what had not come here either."""
    jitter: float | None
    round_trip: float | None
    up_bits: float
    down_bits: float
    """Of pictures."""
    how: How
    """For a good part of the time."""
    held: float
    """How long packets waited in the worker, on average."""


PlaneEvent = Links | Signalled | Slots | LinkState | Speaking | MicrophoneSilent | Ladder | Quality

Code = Literal["not_your_link", "bad_sdp", "out_of_turn", "no_ports", "too_many"]


class BadSignal(Refused):
    """A link that cannot be made, or a signal that is not SDP, not for a link of this seat, or out
    of turn. `code` says which."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)


class MediaPlane(Protocol):
    """What the gateway and the services may ask of any plane. All calls are idempotent."""

    async def open(self, session: SessionId, seat: SeatId, *, beside: bool = False) -> None:
        """Give a connected seat its two links; opening again replaces them (a reload, a loss).

        `beside`: it is the same page that asks for others, and what works meanwhile goes on until
        both new links are connected. Otherwise the old ones end at once: their page is gone.

        Raises BadSignal("no_ports") when there is no UDP port left for them; the seat has no links
        then, or with `beside` those it had.
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

    async def screen(self, seat: SeatId, on: bool) -> None:
        """Forward the screen that the seat's browser sends to the others in its space, or drop it;
        off when it returns means that the last packet of it has been sent.

        Off in every space that is entered: it ends with leaving and with `close`, and a seat in no
        space has none. If two in a space are on, the newest is shown.
        """

    async def tape(
        self, space: SpaceId, seats: frozenset[SeatId], number: int, socket: str
    ) -> None:
        """Record these of the space from now on, and nobody else, as what the writer that listens
        on `socket` knows by `number`. When it returns, no packet that arrives later of whoever is
        not named will reach the writer.

        Kept until `untape`, also when who sends it is replaced. A writer that is gone is not told:
        whoever started it knows.
        """

    async def untape(self, space: SpaceId) -> None:
        """Record nobody of it, and let its writer go; likewise when it returns."""

    async def pin(self, seat: SeatId, others: Sequence[SeatId]) -> None:
        """These keep their slots for this receiver while they are in its space, or get one from
        somebody silent; in place of those pinned before. Kept until `close`; a seat that was not
        opened pins nobody.

        Raises ValueError for more than MOST_PINNED.
        """

    async def tiles(self, seat: SeatId, sizes: Mapping[SeatId, int]) -> None:
        """How large this seat's page shows whom, in pixels of height, in place of what it said
        before: from that the layer of each picture follows. Who is not in it is not seen, and not
        sent. Kept until `close`; until the first time everybody is taken to be shown large.

        Raises ValueError for more than MOST_TILES.
        """

    async def echo(self, seat: SeatId, sdp: str) -> str:
        """Answer a browser that wants to try its network: its own sound comes back to it.

        `sdp` is an offer of one audio line, `sendrecv`, with all candidates in it; returned is the
        answer. Not media of a lobby: the connection is the seat's own, apart from its links and
        from every space; nobody else is connected to it, and nothing of it is kept. It ends when
        the browser goes, after 12 s, or with the seat's next one.

        Raises BadSignal: "bad_sdp", "too_many" (on this server, for the moment), "no_ports".
        """

    async def signal(self, seat: SeatId, signal: Signal) -> None:
        """A browser's signal. Raises BadSignal."""

    async def routes(self, space: SpaceId) -> set[tuple[SeatId, SeatId]]:
        """(from, to) pairs whose packets the worker is forwarding now."""

    def events(self) -> AsyncIterator[PlaneEvent]:
        """What happened, in order, for one reader."""
