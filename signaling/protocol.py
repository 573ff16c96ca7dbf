"""Every event of the socket, its name and its payload, once.

The browser's types in `web/src/wire/protocol.gen.ts` are generated from this file
(`python -m signaling.typescript`); a test fails when they differ.

A connection names its seat in `auth` (`Auth`); the cookie of that seat proves it. Every command
carries an `id` that the browser chose: sent again with the same id, it is done once and answered
the same. The answer is an `Ack`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from server.domain.consent import Purpose
from server.domain.result import ResultKind
from server.domain.seat import Ask
from server.domain.session import Destination
from server.domain.view import View
from signaling.media import plane

NAMESPACE = "/seat"

Id = Annotated[str, Field(min_length=36, max_length=36, pattern=r"^[0-9a-f-]{36}$")]
"""A UUID in lower case."""


class Payload(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Auth(Payload):
    """`last`: the number of the last event this page has seen, 0 for none."""

    seat: Id
    last: Annotated[int, Field(ge=0)] = 0
    lang: Literal["zh", "en"] = "zh"


# ---- commands: browser to server ------------------------------------------------------------


class Command(Payload):
    id: Id


class SayName(Command):
    name: Annotated[str, Field(max_length=200)]


class GiveConsent(Command):
    """`hash` is that of the very text that was on the screen."""

    purpose: Purpose
    hash: Annotated[str, Field(max_length=80)]


class WithdrawConsent(Command):
    purpose: Purpose


class Switch(Command):
    on: bool


class AskHost(Command):
    ask: Ask
    on: bool


class AnswerAsk(Command):
    seat: Id
    ask: Ask


class OnSeat(Command):
    seat: Id


class Move(Command):
    """An empty list with `joint` brings everyone admitted back."""

    seats: Annotated[list[Id], Field(max_length=100)]
    to: Destination


class End(Command):
    """`until`: an ISO date, with `adjourned` only."""

    result: ResultKind
    reason: Annotated[str, Field(max_length=4000)]
    until: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None


class SignalIn(Payload):
    """One step of negotiating a link; not a command, so without an id."""

    link: Annotated[str, Field(max_length=64)]
    kind: Literal["offer", "answer", "candidate"]
    sdp: Annotated[str, Field(max_length=60_000)]


COMMANDS: dict[str, type[Command]] = {
    "say_name": SayName,
    "consent": GiveConsent,
    "withdraw": WithdrawConsent,
    "microphone": Switch,
    "camera": Switch,
    "ask": AskHost,
    "answer": AnswerAsk,
    "admit": OnSeat,
    "move": Move,
    "mute": OnSeat,
    "remove": OnSeat,
    "take_chair": Command,
    "leave": Command,
    "end": End,
}
SIGNALS: dict[str, type[Payload]] = {
    "signal": SignalIn,
    "rebuild": Payload,
}
"""`rebuild`: this page's links are lost, open new ones."""


class Who(StrEnum):
    """Who may send an event. Whoever else does is refused, and nothing happens."""

    CONNECTED = "connected"
    """Whoever holds a seat or claims it, in a lobby too."""
    ADMITTED = "admitted"
    HOST = "host"
    CO_MEDIATOR = "co_mediator"


WHO: dict[str, Who] = {
    "say_name": Who.CONNECTED,
    "consent": Who.CONNECTED,
    "withdraw": Who.CONNECTED,
    "microphone": Who.ADMITTED,
    "camera": Who.CONNECTED,
    "ask": Who.CONNECTED,
    "answer": Who.HOST,
    "admit": Who.HOST,
    "move": Who.HOST,
    "mute": Who.HOST,
    "remove": Who.HOST,
    "take_chair": Who.CO_MEDIATOR,
    "leave": Who.CONNECTED,
    "end": Who.HOST,
    "signal": Who.CONNECTED,
    "rebuild": Who.CONNECTED,
}
"""The declared matrix. The rules themselves are the domain's; a test holds the two equal, for
every event, role, and own or other case, and fails for an event that is not declared."""


class Ack(Payload):
    """`code` and `text` (in the page's language) only when refused."""

    ok: bool
    code: str | None = None
    text: str | None = None


# ---- events: server to browser --------------------------------------------------------------


class Changed(Payload):
    """Durable, numbered per seat without gaps: what this seat may see from now on."""

    n: int
    at: str
    view: View


class Links(Payload):
    """New links: drop the old ones, offer on `up`, answer on `down`."""

    up: str
    down: str
    ice_servers: list[dict[str, str | list[str]]]


class SignalOut(Payload):
    link: str
    kind: Literal["offer", "answer", "candidate"]
    sdp: str


class Routes(Payload):
    """What is really forwarded, told as it is: the seat in each slot, and who receives this one."""

    slots: list[str | None]
    heard_by: list[str]


class Cut(Payload):
    """The server ends this connection; after `come_back` and `restarting` reconnect.

    `no_seat` (no valid cookie of this seat) and `session_over` are said to who may not connect,
    `no_ports` to whom the server has no media port left for, `too_many` to one device more than
    may claim a seat.
    """

    code: Literal[
        "newer_tab",
        "seat_taken",
        "come_back",
        "removed",
        "revoked",
        "left",
        "restarting",
        "no_seat",
        "session_over",
        "unknown_seat",
        "link_invalid",
        "bad_request",
        "no_ports",
        "too_many",
        "unknown",
    ]
    text: str


EVENTS: dict[str, type[Payload]] = {
    "changed": Changed,
    "links": Links,
    "signal": SignalOut,
    "routes": Routes,
    "cut": Cut,
}


def from_plane(
    event: plane.PlaneEvent, ice_servers: list[dict[str, str | list[str]]]
) -> tuple[str, dict[str, Any]] | None:
    """The event and payload that tell a browser what its media plane did, if anything."""
    match event:
        case plane.Links(_, up, down):
            links = Links(up=up, down=down, ice_servers=ice_servers)
            return "links", links.model_dump()
        case plane.Signalled(_, signal):
            out = SignalOut(link=signal.link, kind=signal.kind, sdp=signal.sdp)
            return "signal", out.model_dump()
        case plane.Slots(_, slots, heard_by):
            return "routes", {"slots": list(slots), "heard_by": sorted(heard_by)}
    return None
