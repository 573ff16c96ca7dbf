"""Which connection holds which seat. It knows no spaces: those are the database's."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from server.domain.ids import DeviceId, SeatId, SessionId
from server.services.sessions import Caller
from signaling.outbox import Outbox
from signaling.pace import Pace


@dataclass(slots=True)
class Connection:
    """One page's socket. Numbered events reach it in order, each once, none left out.

    Until it has caught up with what it missed, new events wait. `over`: the session is. `hosting`,
    `view` and `alerts`: as it was told last.
    """

    sid: str
    lang: str
    seat: SeatId
    session: SessionId
    device: DeviceId
    outbox: Outbox
    over: bool = False
    hosting: bool = False
    view: dict[str, Any] | None = None
    alerts: dict[str, Any] | None = None
    pointing: Pace = field(default_factory=Pace)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _delivered: int = 0
    _waiting: list[dict[str, Any]] | None = field(default_factory=list)

    def caller(self, command: str) -> Caller:
        return Caller(self.seat, self.device, command, self.session)

    @property
    def space(self) -> str | None:
        """Where it was told last that it is; None is nowhere."""
        return self.view["space"] if self.view else None

    def deliver(self, changed: dict[str, Any]) -> None:
        self.over = self.over or changed["view"]["state"] in ("ended", "cancelled")
        if self._waiting is not None:
            self._waiting.append(changed)
        elif changed["n"] > self._delivered:
            self._delivered = changed["n"]
            self.view = changed["view"]
            self.hosting = changed["view"]["hosting"]
            self.outbox.put("changed", changed)

    def catch_up(self, missed: list[dict[str, Any]]) -> None:
        waiting, self._waiting = self._waiting or [], None
        for changed in [*missed, *waiting]:
            self.deliver(changed)


class Presence:
    """Rule 1: at most one connection a seat; the newest wins."""

    def __init__(self) -> None:
        self._by_seat: dict[SeatId, Connection] = {}
        self._by_sid: dict[str, Connection] = {}
        self._by_session: dict[SessionId, set[SeatId]] = {}

    def hold(self, connection: Connection) -> Connection | None:
        """Give the seat to this connection. Returns the one that held it until now."""
        older = self._by_seat.get(connection.seat)
        if older is not None:
            del self._by_sid[older.sid]
        self._by_seat[connection.seat] = connection
        self._by_sid[connection.sid] = connection
        self._by_session.setdefault(connection.session, set()).add(connection.seat)
        return older

    def drop(self, sid: str) -> Connection | None:
        """The connection is gone. Returns it if it held a seat until now."""
        connection = self._by_sid.pop(sid, None)
        if connection is not None:
            del self._by_seat[connection.seat]
            there = self._by_session[connection.session]
            there.discard(connection.seat)
            if not there:
                del self._by_session[connection.session]
        return connection

    def by_sid(self, sid: str) -> Connection | None:
        return self._by_sid.get(sid)

    def of(self, seat: SeatId) -> Connection | None:
        return self._by_seat.get(seat)

    def all(self) -> list[Connection]:
        return list(self._by_seat.values())

    def seats(self, session: SessionId) -> list[SeatId]:
        """Those that are held there, in an order that stays."""
        return sorted(self._by_session.get(session, ()))

    def hosts(self, session: SessionId) -> list[Connection]:
        there = [self._by_seat[seat] for seat in self.seats(session)]
        return [connection for connection in there if connection.hosting]

    def empty(self, session: SessionId) -> bool:
        return session not in self._by_session
