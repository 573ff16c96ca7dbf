"""The socket.io namespace: validate, one service call, acknowledge.

Whoever connects is a device with a seat's cookie. The database says what a seat is told; this
file only delivers it, in order, and passes the media plane's signals to and fro.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from time import perf_counter
from typing import Any, ClassVar

import socketio
import structlog
from pydantic import ValidationError

from server import metrics
from server.domain.errors import Refused
from server.domain.ids import SeatId, SessionId
from server.sentences import refusal
from server.services import arrivals, faults, ice, sessions
from server.services.context import Context
from server.words import gettext, speaking
from signaling import protocol
from signaling.commands.exhibits import ExhibitCommands
from signaling.commands.people import PeopleCommands
from signaling.commands.recording import RecordingCommands
from signaling.commands.room import RoomCommands
from signaling.commands.talk import TalkCommands
from signaling.media.plane import BadSignal, LinkId, MediaPlane, Quality, Signal
from signaling.outbox import Outbox
from signaling.pace import HOSTING, INSIDE, SIGNALLING, WAITING, Limit, Paces
from signaling.payloads.base import Payload
from signaling.payloads.quality import Playback
from signaling.presence import Connection, Presence
from signaling.quality import Qualities
from signaling.voices import Voices, logged

log = structlog.get_logger()

GOODBYE_S = 1.0
"""How long a cut connection has to read why."""

FINISH_S = 5.0
"""How long commands under way may take when the server stops."""

AGAIN_S = 1.0
"""How long to wait before trying again what must be done."""


class Gateway(
    PeopleCommands,
    RoomCommands,
    ExhibitCommands,
    TalkCommands,
    RecordingCommands,
    socketio.AsyncNamespace,  # type: ignore[misc]
):
    """One per server. `cookie_of(request, seat)` reads the cookie that the HTTP side gave."""

    inputs: ClassVar = {**protocol.COMMANDS, **protocol.SIGNALS}

    def __init__(
        self, ctx: Context, plane: MediaPlane, cookie_of: Callable[[Any, SeatId], str | None]
    ) -> None:
        super().__init__(protocol.NAMESPACE)
        self.ctx, self.plane, self.presence = ctx, plane, Presence()
        self._cookie_of = cookie_of
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._under_way = 0
        self._idle = asyncio.Event()
        self._voices = Voices(self.presence)
        self.qualities = Qualities(ctx, self.presence)
        self._paces = {event: Paces() for event in ("", *SIGNALLING)}

    # ---- the one place where events come in ----------------------------------------------------

    async def trigger_event(self, event: str, *args: Any) -> Any:
        """Every event is answered, also when its handler raises: with a code and a sentence."""
        sid = args[0]
        if event == "connect" and self._is_arriving(sid, args):
            return await self._connect(sid, *args[1:])
        if event == "disconnect" and self._is_going(sid):
            return await self._disconnect(sid)
        connection = self.presence.by_sid(sid)
        speaking.set(connection.lang if connection else self.ctx.settings.default_language)
        began, self._under_way = perf_counter(), self._under_way + 1
        try:
            code = await self._code(event, connection, args[1:])
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()
        known = event if isinstance(event, str) and event in self.inputs else "other"
        metrics.EVENTS.labels(known, _result(code)).observe(perf_counter() - began)
        return _no(code) if code else _YES

    async def _code(self, event: str, by: Connection | None, args: tuple[Any, ...]) -> str:
        """Do it. Returns why it was not done; empty if it was."""
        try:
            if self._stopping:
                raise Refused("restarting")
            if by is None:
                raise Refused("no_seat")
            await self._handle(event, by, self._payload(event, args))
        except (Refused, BadSignal) as no:
            return no.code
        except Exception as wrong:
            code = faults.code(wrong)
            log.exception("event_failed", kind=event, code=code)
            return code
        return ""

    async def _handle(self, event: str, by: Connection, payload: Payload) -> None:
        """One page's commands are done in the order they were sent in; signals don't queue."""
        handler = getattr(self, f"on_{event}")
        if event in protocol.SIGNALS:
            if event in SIGNALLING and not self._paces[event].allowed(by.seat, SIGNALLING[event]):
                raise Refused("too_quick")
            await handler(by, payload)
            return
        if not self._paces[""].allowed(by.seat, _limit(by)):
            raise Refused("too_quick")
        async with by.turn:
            if self.presence.by_sid(by.sid) is not by:
                raise Refused("no_seat")
            await handler(by, payload)

    def _is_arriving(self, sid: str, args: tuple[Any, ...]) -> bool:
        """The library's own event; a page may send one of the same name."""
        return len(args) > 1 and args[1] is self.server.get_environ(sid, self.namespace)

    def _is_going(self, sid: str) -> bool:
        return not self._is_open(sid)

    def _is_open(self, sid: str) -> bool:
        return bool(self.server.manager.is_connected(sid, self.namespace))

    def _payload(self, event: object, args: tuple[Any, ...]) -> Payload:
        if not isinstance(event, str) or event not in self.inputs:
            raise Refused("unknown_event")
        try:
            return self.inputs[event].model_validate_json(json.dumps(args[0] if args else {}))
        except (ValidationError, TypeError, ValueError, RecursionError):
            raise Refused("bad_request") from None

    # ---- connections ---------------------------------------------------------------------------

    async def _connect(self, sid: str, environ: dict[str, Any], raw: Any = None) -> None:
        """The socket is open already: a refusal is told as a `cut`, then the socket is closed."""
        try:
            auth = protocol.Auth.model_validate_json(json.dumps(raw))
        except (ValidationError, TypeError, ValueError, RecursionError):
            await self._refuse(sid, "bad_request")
            return
        speaking.set(auth.lang)
        try:
            if self._stopping:
                raise Refused("restarting")
            await self._seat(sid, environ, auth)
        except (Refused, BadSignal) as no:
            await self._refuse(sid, no.code)
        except Exception as wrong:
            code = faults.code(wrong)
            log.exception("connect_failed", code=code)
            await self._refuse(sid, code)

    async def _seat(self, sid: str, environ: dict[str, Any], auth: protocol.Auth) -> None:
        asked = SeatId(auth.seat)
        cookie = self._cookie_of(environ["aiohttp.request"], asked)
        device = await arrivals.device_of(self.ctx, asked, cookie)
        session = device.session
        connection = Connection(sid, auth.lang, asked, session, device.id, self._outbox(sid))

        def hold(seat: SeatId) -> None:
            self.presence.drop(sid)
            connection.seat = seat
            older = self.presence.hold(connection)
            if older is not None:
                self._say_goodbye(older, "newer_tab")

        try:
            seat = await sessions.connect(self.ctx, asked, device, hold)
            self._voices.sits(session, seat)
            last = auth.last if seat == asked else 0
            rows = await sessions.missed(self.ctx, seat, device.id, last)
            connection.catch_up([_changed(*row) for row in rows])
            self._voices.welcome(connection)
            self._voices.tell_alerts(session)
            await self._open_links(session, connection)
        except BaseException:
            # It may have been the newer tab of a seat that nobody holds now.
            await self._disconnect(sid)
            connection.outbox.close()
            raise
        if not self._is_open(sid):
            await self._disconnect(sid)  # went while it was arriving, before it held anything

    def _outbox(self, sid: str) -> Outbox:
        return Outbox(self.server, sid, protocol.NAMESPACE, self.ctx.settings.max_queued_messages)

    async def _disconnect(self, sid: str) -> None:
        connection = self.presence.drop(sid)
        if connection is None:
            return
        connection.outbox.close()
        self._gone(connection)
        await self._lost(connection.seat)

    def _gone(self, connection: Connection) -> None:
        self._voices.gone(connection)
        self.qualities.gone(connection.seat)

    async def _lost(self, seat: SeatId) -> None:
        """Rule 7's clocks wait for it and nobody will say it again: tried until it is done."""
        try:
            await sessions.lost(self.ctx, seat, self._connected)
        except Exception:
            log.exception("lost_failed")
            self._soon(self._lost_again(seat))
        if not self._connected(seat):
            await self.plane.close(seat)

    async def _lost_again(self, seat: SeatId) -> None:
        await asyncio.sleep(AGAIN_S)
        if not self._stopping:
            await self._lost(seat)

    def _connected(self, seat: SeatId) -> bool:
        return self.presence.of(seat) is not None

    async def _refuse(self, sid: str, code: str) -> None:
        outbox = self._outbox(sid)
        outbox.put("cut", _cut(code))
        await outbox.finish(GOODBYE_S)
        await outbox.hang_up(GOODBYE_S)

    # ---- telling (server.services.context.Publish) ----------------------------------------------

    def told(self, seat: SeatId, n: int, at: datetime, fact: dict[str, Any]) -> None:
        connection = self.presence.of(seat)
        if connection is not None:
            hosted, space = connection.hosting, connection.space
            connection.deliver(_changed(n, at, fact))
            if connection.hosting and not hosted:
                self._voices.welcome(connection)
            if connection.space != space:
                self._voices.tell_alerts(connection.session)
        if connection is not None and connection.over:
            self._soon(self.plane.close(seat))

    def cut(self, seat: SeatId, code: str) -> None:
        connection = self.presence.of(seat)
        if connection is not None:
            self.presence.drop(connection.sid)
            self._gone(connection)
            self._say_goodbye(connection, code)
        self._soon(self.plane.close(seat))

    def news(self, seat: SeatId, what: str) -> None:
        connection = self.presence.of(seat)
        if connection is not None:
            connection.outbox.put("news", {"what": [what]})

    def _say_goodbye(self, connection: Connection, code: str) -> None:
        """Tell the page why, then close its socket; a page that does not read is not waited for."""
        speaking.set(connection.lang)
        connection.outbox.put("cut", _cut(code))

        async def goodbye() -> None:
            await connection.outbox.finish(GOODBYE_S)
            await connection.outbox.hang_up(GOODBYE_S)

        self._soon(goodbye())

    def _soon(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """The server stops: nothing more is begun, what is under way is finished and answered, and
        everyone is told to come back."""
        self._stopping = True
        await self._finish()
        for connection in self.presence.all():
            self.presence.drop(connection.sid)
            self._say_goodbye(connection, "restarting")
        await self._voices.close()
        await self.qualities.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _finish(self) -> None:
        if self._under_way:
            self._idle.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(FINISH_S):
                    await self._idle.wait()

    # ---- media ---------------------------------------------------------------------------------

    async def relay(self) -> None:
        """Passes on what the media plane has to say, for as long as the server runs."""
        async for event in self.plane.events():
            if isinstance(event, Quality):
                self.qualities.hear(event)
                continue
            self._voices.hear(event)
            connection = self.presence.of(event.seat)
            if connection is None:
                continue
            message = protocol.from_plane(event, lambda: ice.servers(self.ctx))
            if message is not None:
                connection.outbox.put(*message)

    async def on_signal(self, connection: Connection, signal: protocol.SignalIn) -> None:
        asked = Signal(LinkId(signal.link), signal.kind, signal.sdp)
        await self.plane.signal(connection.seat, asked)

    async def on_rebuild(self, connection: Connection, _: Payload) -> None:
        self.qualities.broke(connection.seat)
        await self._open_links(connection.session, connection, beside=True)

    async def on_pin(self, connection: Connection, it: protocol.Pin) -> None:
        await self.plane.pin(connection.seat, [SeatId(seat) for seat in it.seats])

    async def on_tiles(self, connection: Connection, it: protocol.Tiles) -> None:
        await self.plane.tiles(connection.seat, {SeatId(seat): h for seat, h in it.sizes.items()})

    async def on_playback(self, connection: Connection, it: Playback) -> None:
        self.qualities.said(connection.seat, it)

    async def _open_links(
        self, session: SessionId, by: Connection, *, beside: bool = False
    ) -> None:
        """Never for a page that is gone or a session that is over, also if that happens now."""
        if self.presence.of(by.seat) is by and not by.over:
            await self.plane.open(session, by.seat, beside=beside)
        holder = self.presence.of(by.seat)
        if holder is None or holder.over:
            await self.plane.close(by.seat)


def _limit(by: Connection) -> Limit:
    if by.hosting:
        return HOSTING
    return INSIDE if by.view and by.view["admitted"] else WAITING


def _result(code: str) -> str:
    return "failed" if code in faults.CODES else "refused" if code else "ok"


_YES = protocol.Ack(ok=True).model_dump(exclude_none=True)


def _no(code: str) -> dict[str, Any]:
    return protocol.Ack(ok=False, code=code, text=gettext(refusal(code))).model_dump()


def _cut(code: str) -> dict[str, Any]:
    """Not validated: whatever the reason is, the page has to go."""
    return protocol.Cut.model_construct(code=code, text=gettext(refusal(code))).model_dump()


def _changed(n: int, at: datetime, fact: dict[str, Any]) -> dict[str, Any]:
    """A `protocol.Changed`, which the database has as JSON already."""
    return {"n": n, "at": at.isoformat(), "view": fact["view"]}
