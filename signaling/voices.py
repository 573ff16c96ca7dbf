"""Tells the hosts of each session what they alone are told of its voices: see `talk_time`.

Who speaks in private is nobody else's business: only what is said in the joint space counts, and
whose microphone seems dead is told only where they are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import structlog

from server.domain.ids import SeatId, SessionId
from server.domain.space import SpaceKind
from signaling.media.plane import PlaneEvent, Speaking
from signaling.presence import Connection, Presence
from signaling.talk_time import TalkTime

log = structlog.get_logger()

TALK_S = 2.0
"""How often hosts are told who has spoken how long, while somebody speaks."""


class Voices:
    def __init__(self, presence: Presence) -> None:
        self._presence = presence
        self._talk = TalkTime()
        self._tellers: dict[SessionId, asyncio.Task[None]] = {}
        """For each session whose hosts are told of talk time just now."""

    def sits(self, session: SessionId, seat: SeatId) -> None:
        self._talk.sits(session, seat)

    def gone(self, connection: Connection) -> None:
        """This page is; with the last of a session all is forgotten."""
        if self._presence.empty(connection.session):
            self._talk.forget(connection.session)
        self.tell_alerts(connection.session)

    def welcome(self, connection: Connection) -> None:
        """A host who has just come, or become one, learns how it stands."""
        if connection.hosting:
            connection.outbox.put("talk", self._talk.told(connection.session, "talk"))
            connection.alerts = None
            self.tell_alerts(connection.session)

    def hear(self, event: PlaneEvent) -> None:
        if isinstance(event, Speaking) and not self._in_joint(event.seat):
            event = Speaking(event.seat, ())
        news = self._talk.hear(event)
        if news is None:
            return
        session, what = news
        if what == "alerts":
            self.tell_alerts(session)
        elif session not in self._tellers:
            self._tellers[session] = asyncio.ensure_future(logged(self._tell_talk(session)))

    def tell_alerts(self, session: SessionId) -> None:
        """To each host for whom something changed: that anything is told tells something, too."""
        for host in self._presence.hosts(session):
            alerts = self._alerts(session, host)
            if alerts != host.alerts:
                host.alerts = alerts
                host.outbox.put("alerts", alerts)

    async def close(self) -> None:
        for teller in self._tellers.values():
            teller.cancel()
        await asyncio.gather(*self._tellers.values(), return_exceptions=True)

    async def _tell_talk(self, session: SessionId) -> None:
        """Every now and then while somebody speaks, and once more when nobody does any longer."""
        try:
            goes_on = True
            while goes_on:
                await asyncio.sleep(TALK_S)
                goes_on = self._talk.talking(session)
                for host in self._presence.hosts(session):
                    host.outbox.put("talk", self._talk.told(session, "talk"))
        finally:
            del self._tellers[session]

    def _alerts(self, session: SessionId, host: Connection) -> dict[str, Any]:
        """Of those in the same space as this host, as both were told last."""
        silent = self._talk.told(session, "alerts")["silent"]
        return {"silent": [seat for seat in silent if self._together(host, seat)]}

    def _together(self, host: Connection, seat: SeatId) -> bool:
        other = self._presence.of(seat)
        return other is not None and host.space is not None and other.space == host.space

    def _in_joint(self, seat: SeatId) -> bool:
        connection = self._presence.of(seat)
        seen = connection.view if connection else None
        return seen is not None and seen["place"] == SpaceKind.JOINT


async def logged(work: Awaitable[None]) -> None:
    """Nobody waits for it: what it raises is for the log."""
    try:
        await work
    except Exception:
        log.exception("task_failed")
