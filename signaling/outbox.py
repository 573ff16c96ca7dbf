"""What waits to be sent to one browser: in order, and not without end."""

from __future__ import annotations

import asyncio
from typing import Any

import socketio

from server import metrics


class Outbox:
    """A queue with a cap and one sender.

    The library below has a queue of its own that grows without bound for a browser that does not
    read, so its length counts too. At the cap the browser is disconnected; it comes back and is
    told what it missed.
    """

    def __init__(self, server: socketio.AsyncServer, sid: str, namespace: str, most: int) -> None:
        self._server, self._sid, self._namespace, self._most = server, sid, namespace, most
        self._queue: asyncio.Queue[tuple[str, Any] | None] = asyncio.Queue()
        self._sending = asyncio.ensure_future(self._send())
        self._dropping: asyncio.Future[None] | None = None
        self._closed = False

    def put(self, event: str, payload: Any) -> None:
        if self._closed:
            return
        if self.length >= self._most:
            metrics.CUT.inc()
            self.close()
            self._dropping = asyncio.ensure_future(self._drop())
            return
        self._queue.put_nowait((event, payload))

    @property
    def length(self) -> int:
        """Messages that wait, here and in the library."""
        return self._queue.qsize() + self._unread()

    async def finish(self, seconds: float) -> None:
        """Send what is there, waiting at most so long, and send no more."""
        self._queue.put_nowait(None)
        await asyncio.wait([self._sending], timeout=seconds)
        self.close()

    def close(self) -> None:
        self._closed = True
        self._sending.cancel()

    async def hang_up(self, seconds: float) -> None:
        """End the connection. Leaving the namespace alone would keep it open for a page that
        lingers; one that does not read what is left is waited for at most so long."""
        self.close()
        tcp, name = self._tcp(), self._name()
        await self._server.disconnect(self._sid, namespace=self._namespace)
        if name is None:
            return
        try:
            await asyncio.wait_for(self._server.eio.disconnect(name), seconds)
        except TimeoutError:
            _abort(tcp)

    async def _send(self) -> None:
        while (item := await self._queue.get()) is not None:
            await self._server.emit(item[0], item[1], to=self._sid, namespace=self._namespace)

    async def _drop(self) -> None:
        """At once, and with the TCP connection: the library's sender may be stuck writing to it."""
        socket = self._socket()
        _abort(self._tcp())
        if socket is not None:
            await socket.close(wait=False, abort=True)

    def _name(self) -> str | None:
        name: str | None = self._server.manager.eio_sid_from_sid(self._sid, self._namespace)
        return name

    def _socket(self) -> Any:
        return self._server.eio.sockets.get(self._name())

    def _tcp(self) -> asyncio.Transport | None:
        environ = self._server.environ.get(self._name())
        return environ["aiohttp.request"].transport if environ else None

    def _unread(self) -> int:
        socket = self._socket()
        return socket.queue.qsize() if socket is not None else 0


def _abort(tcp: asyncio.Transport | None) -> None:
    if tcp is not None:
        tcp.abort()
