"""Every event of the socket, its name and its payload, once.

The browser's types in `web/src/wire/protocol.gen.ts` are generated from this file
(`python -m signaling.typescript`); a test fails when they differ.

A connection names its seat in `auth` (`Auth`); the cookie of that seat proves it. Every command
carries an `id` that the browser chose: sent again with the same id, it is done once and answered
the same. The answer is an `Ack`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from server.domain.view import View
from signaling.media import plane
from signaling.payloads import exhibits, people, quality, recording, room, talk
from signaling.payloads.base import Command, Id, OnSeat, Payload, Switch

NAMESPACE = "/seat"


class Auth(Payload):
    """`last`: the number of the last event this page has seen, 0 for none."""

    seat: Id
    last: Annotated[int, Field(ge=0)] = 0
    lang: Literal["zh", "en"] = "zh"


class SignalIn(Payload):
    """One step of negotiating a link; not a command, so without an id."""

    link: Annotated[str, Field(max_length=64)]
    kind: Literal["offer", "answer", "candidate"]
    sdp: Annotated[str, Field(max_length=60_000)]


class Pin(Payload):
    """Whose pictures this page shows large, in place of those before: they keep their slots."""

    seats: Annotated[list[Id], Field(max_length=plane.MOST_PINNED)]


Known = Annotated[str, Field(max_length=64)]
Height = Annotated[int, Field(ge=1, le=10_000)]


class Tiles(Payload):
    """How high this page shows whose picture, in pixels; who is not named is not seen there."""

    sizes: Annotated[dict[Known, Height], Field(max_length=plane.MOST_TILES)]


COMMANDS: dict[str, type[Command]] = {
    "say_name": people.SayName,
    "tell_beside": room.TellBeside,
    "consent": people.GiveConsent,
    "withdraw": people.WithdrawConsent,
    "microphone": Switch,
    "camera": Switch,
    "away": Switch,
    "ask": people.AskHost,
    "answer": people.AnswerAsk,
    "answer_beside": room.AnswerBeside,
    "agree_beside": OnSeat,
    "admit": OnSeat,
    "move": people.Move,
    "mute": OnSeat,
    "remove": OnSeat,
    "lock": Switch,
    "let_through": OnSeat,
    "knock": room.Knock,
    "answer_knock": Switch,
    "quiet": Switch,
    "pause": room.Pause,
    "promise": room.Promise,
    "take_chair": Command,
    "give_chair": OnSeat,
    "step_down": Command,
    "show": room.Show,
    "share_screen": Switch,
    "stop_screen": Command,
    "remove_exhibit": exhibits.OnExhibit,
    "bring_paper": exhibits.BringPaper,
    "keep_exhibit": exhibits.OnExhibit,
    "draw": exhibits.Draw,
    "wipe": exhibits.Wiping,
    "say": talk.Say,
    "note": talk.TakeNote,
    "strike_note": talk.StrikeNote,
    "ask_release": talk.AskRelease,
    "answer_release": talk.AnswerRelease,
    "write_agenda": talk.WriteAgenda,
    "write_minutes": talk.WriteMinutes,
    "ask_recording": recording.AskRecording,
    "answer_recording": recording.AnswerRecording,
    "stop_recording": Command,
    "leave": Command,
    "end": people.End,
}
SIGNALS: dict[str, type[Payload]] = {
    "signal": SignalIn,
    "rebuild": Payload,
    "pin": Pin,
    "tiles": Tiles,
    "point": exhibits.Point,
    "playback": quality.Playback,
}
"""`rebuild`: this page's links are lost, open new ones."""


class Who(StrEnum):
    """Who may send an event. Whoever else does is refused, and nothing happens."""

    CONNECTED = "connected"
    """Whoever holds a seat or claims it, in a lobby too."""
    DECIDED = "decided"
    """Connected, and no claim that waits for its host."""
    ADMITTED = "admitted"
    HOST = "host"
    CO_MEDIATOR = "co_mediator"
    WRITER = "writer"
    """A clerk, or a host."""
    SIDE = "side"
    """A party, or who speaks for one."""


WHO: dict[str, Who] = {
    "say_name": Who.CONNECTED,
    "tell_beside": Who.DECIDED,
    "consent": Who.DECIDED,
    "withdraw": Who.CONNECTED,
    "microphone": Who.ADMITTED,
    "camera": Who.CONNECTED,
    "away": Who.CONNECTED,
    "ask": Who.CONNECTED,
    "answer": Who.HOST,
    "admit": Who.HOST,
    "move": Who.HOST,
    "mute": Who.HOST,
    "remove": Who.HOST,
    "agree_beside": Who.HOST,
    "answer_beside": Who.ADMITTED,
    "lock": Who.HOST,
    "let_through": Who.HOST,
    "knock": Who.HOST,
    "answer_knock": Who.ADMITTED,
    "quiet": Who.HOST,
    "pause": Who.HOST,
    "promise": Who.HOST,
    "take_chair": Who.CO_MEDIATOR,
    "give_chair": Who.HOST,
    "step_down": Who.HOST,
    "show": Who.ADMITTED,
    "share_screen": Who.ADMITTED,
    "stop_screen": Who.HOST,
    "remove_exhibit": Who.ADMITTED,
    "bring_paper": Who.HOST,
    "keep_exhibit": Who.HOST,
    "draw": Who.ADMITTED,
    "wipe": Who.ADMITTED,
    "point": Who.ADMITTED,
    "say": Who.CONNECTED,
    "note": Who.HOST,
    "strike_note": Who.HOST,
    "ask_release": Who.HOST,
    "answer_release": Who.SIDE,
    "write_agenda": Who.HOST,
    "write_minutes": Who.WRITER,
    "ask_recording": Who.HOST,
    "answer_recording": Who.ADMITTED,
    "stop_recording": Who.HOST,
    "leave": Who.CONNECTED,
    "end": Who.HOST,
    "signal": Who.CONNECTED,
    "rebuild": Who.CONNECTED,
    "pin": Who.CONNECTED,
    "tiles": Who.CONNECTED,
    "playback": Who.CONNECTED,
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
    """What is really forwarded, told as it is: the seat in each slot, who receives this one, and
    whose shared screen is in the screen line."""

    slots: list[str | None]
    heard_by: list[str]
    screen: str | None


class Speakers(Payload):
    """Who of this seat's space speaks now, loudest first, this seat included."""

    seats: list[str]


class SilentMicrophone(Payload):
    """Nothing comes from this seat's own microphone, which is on; or (false) something does."""

    silent: bool


class Ladder(Payload):
    """How much of the pictures this seat's network carries: all, smaller ones, a still now and
    then, or none. Voices always come."""

    how: plane.How


class News(Payload):
    """Something this seat may read has changed: which lists the page is to ask for again.

    What they hold is asked for by HTTP (`/j/{seat}/room/…`), so that who may read it is decided
    when it is read, and nothing is lost with a connection.
    """

    what: list[str]


class Talk(Payload):
    """Whole seconds that each has spoken while this meeting goes on; told to hosts, never kept."""

    seconds: dict[str, int]


class Alerts(Payload):
    """`silent`: whose microphones are on and seem dead; told to the hosts in the same space, never
    kept."""

    silent: list[str]


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
        "session_locked",
        "disk_full",
        "unknown",
    ]
    text: str


EVENTS: dict[str, type[Payload]] = {
    "changed": Changed,
    "links": Links,
    "signal": SignalOut,
    "routes": Routes,
    "speaking": Speakers,
    "silent_microphone": SilentMicrophone,
    "ladder": Ladder,
    "news": News,
    "pointed": exhibits.Pointed,
    "talk": Talk,
    "alerts": Alerts,
    "cut": Cut,
}


def from_plane(
    event: plane.PlaneEvent, ice_servers: Callable[[], list[dict[str, str | list[str]]]]
) -> tuple[str, dict[str, Any]] | None:
    """The event and payload that tell a browser what its media plane did, if anything."""
    match event:
        case plane.Links(_, up, down):
            links = Links(up=up, down=down, ice_servers=ice_servers())
            return "links", links.model_dump()
        case plane.Signalled(_, signal):
            out = SignalOut(link=signal.link, kind=signal.kind, sdp=signal.sdp)
            return "signal", out.model_dump()
        case plane.Slots(_, slots, heard_by, screen):
            told = {"slots": list(slots), "heard_by": sorted(heard_by), "screen": screen}
            return "routes", told
        case plane.Speaking(_, speakers):
            return "speaking", {"seats": list(speakers)}
        case plane.MicrophoneSilent(_, silent):
            return "silent_microphone", {"silent": silent}
        case plane.Ladder(_, how):
            return "ladder", {"how": how}
    return None
