"""What the hosts of a session are told of its voices while it goes on, and what nobody keeps.

How long each has spoken, so that both sides get their turn; and whose microphone seems dead. It is
here only, in this process, and gone when the last page of the session is.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

from server.domain.ids import SeatId, SessionId
from signaling.media.plane import MicrophoneSilent, PlaneEvent, Speaking


class _Voices:
    """Of one session. `since`: who speaks now, and from when."""

    def __init__(self) -> None:
        self.spoken: dict[SeatId, float] = {}
        self.since: dict[SeatId, float] = {}
        self.silent: set[SeatId] = set()


class TalkTime:
    """Those of all sessions. `now` gives seconds that only grow."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._session_of: dict[SeatId, SessionId] = {}
        self._voices: dict[SessionId, _Voices] = {}

    def sits(self, session: SessionId, seat: SeatId) -> None:
        """From now on what is heard from this seat counts for that session."""
        self._session_of[seat] = session
        self._voices.setdefault(session, _Voices())

    def forget(self, session: SessionId) -> None:
        """Nobody is connected there any more."""
        self._voices.pop(session, None)
        self._session_of = {k: v for k, v in self._session_of.items() if v != session}

    def hear(self, event: PlaneEvent) -> tuple[SessionId, str] | None:
        """Count it. Returns the session and the name of the event that its hosts should be told."""
        session = self._session_of.get(event.seat)
        voices = self._voices.get(session) if session else None
        if session is None or voices is None:
            return None
        match event:
            case Speaking(seat, speakers):
                # Everybody in a space is told of everybody there; each counts by its own event.
                changed = self._speaks(voices, seat, seat in speakers)
                return (session, "talk") if changed else None
            case MicrophoneSilent(seat, silent):
                (voices.silent.add if silent else voices.silent.discard)(seat)
                return session, "alerts"
        return None

    def _speaks(self, voices: _Voices, seat: SeatId, on: bool) -> bool:
        began = voices.since.pop(seat, None)
        if began is not None:
            voices.spoken[seat] = voices.spoken.get(seat, 0) + self._now() - began
        if on:
            voices.since[seat] = self._now()
        return on != (began is not None)

    def talking(self, session: SessionId) -> bool:
        return bool(session in self._voices and self._voices[session].since)

    def told(self, session: SessionId, event: str) -> dict[str, Any]:
        """The payload of `talk` (whole seconds by seat) or of `alerts`, as it is now."""
        voices = self._voices.get(session) or _Voices()
        if event == "alerts":
            return {"silent": sorted(voices.silent)}
        now, seconds = self._now(), dict(voices.spoken)
        for seat, began in voices.since.items():
            seconds[seat] = seconds.get(seat, 0) + now - began
        return {"seconds": {seat: int(spoken) for seat, spoken in seconds.items()}}
