"""The socket.io server: who may open a socket, how much it may say, how soon it counts as lost."""

from __future__ import annotations

import asyncio
from typing import Any

import socketio

from server.settings import Settings
from signaling.protocol import NAMESPACE

LARGEST_MESSAGE = 250_000
"""Bytes of one socket message; the largest are minutes: 50,000 characters of up to four."""


ARRIVE_S = 10.0
"""A connection that has not said by then whose it is holds nothing but our memory."""


class Body:
    """A message that has come in the body of a request, as the library asks for it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def read(self, length: int) -> bytes:
        return self._body[:length]


class Sockets(socketio.AsyncServer):  # type: ignore[misc]
    """The library's, which would keep for ever whoever opens a socket and asks for nothing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._translate = self.eio._async["translate_request"]
        self.eio._async = {**self.eio._async, "translate_request": self._read_whole}

    async def _read_whole(self, request: Any) -> dict[str, Any]:
        """The library would take the first bytes that come for all of the message, and doesn't let
        itself be hurried; what is too large is left unread for it to refuse."""
        environ: dict[str, Any] = self._translate(request)
        length = request.content_length or 0
        if request.method == "POST" and length <= LARGEST_MESSAGE:
            environ["wsgi.input"] = Body(await request.content.readexactly(length))
        return environ

    async def _handle_eio_connect(self, eio_sid: str, environ: dict[str, Any]) -> Any:
        asyncio.get_running_loop().call_later(ARRIVE_S, self._look_at, eio_sid)
        return await super()._handle_eio_connect(eio_sid, environ)

    def _look_at(self, eio_sid: str) -> None:
        open_ = eio_sid in self.eio.sockets
        if open_ and self.manager.sid_from_eio_sid(eio_sid, NAMESPACE) is None:
            self.start_background_task(self.eio.disconnect, eio_sid)


def make_sockets(settings: Settings) -> Sockets:
    """Without a public address, a page of the very host that is asked is the only one accepted.

    `always_connect`: a refusal is told as an event of ours, after which the socket is closed.
    """
    return Sockets(
        async_mode="aiohttp",
        always_connect=True,
        cors_allowed_origins=[settings.public_url] if settings.public_url else None,
        ping_interval=settings.ping_interval_s,
        ping_timeout=settings.ping_timeout_s,
        max_http_buffer_size=LARGEST_MESSAGE,
        logger=False,
        engineio_logger=False,
    )
