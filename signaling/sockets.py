"""The socket.io server: who may open a socket, how much it may say, how soon it counts as lost."""

from __future__ import annotations

import socketio

from server.settings import Settings

LARGEST_MESSAGE = 250_000
"""Bytes of one socket message; the largest are minutes: 50,000 characters of up to four."""


def make_sockets(settings: Settings) -> socketio.AsyncServer:
    """Without a public address, a page of the very host that is asked is the only one accepted.

    `always_connect`: a refusal is told as an event of ours, after which the socket is closed.
    """
    return socketio.AsyncServer(
        async_mode="aiohttp",
        always_connect=True,
        cors_allowed_origins=[settings.public_url] if settings.public_url else None,
        ping_interval=settings.ping_interval_s,
        ping_timeout=settings.ping_timeout_s,
        max_http_buffer_size=LARGEST_MESSAGE,
        logger=False,
        engineio_logger=False,
    )
