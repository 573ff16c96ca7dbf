"""What waits to be sent to one browser: in order, and not without end."""

from __future__ import annotations

import asyncio
from typing import Any

import socketio


class Outbox:
    """A queue with a cap and one sender.

    The library below has a queue of its own that grows without bound for a browser that does not
    read, so its length counts too. At the cap the browser is disconnected; it comes back and is
    told what it missed.
    """

    def __init__(self, server: socketio.AsyncServer, sid: str, namespace: str, most: int) -> None:
        self._server, self._sid, self._namespace, self._most = server, sid, namespace, most
        self._queue: asyncio.Queue[tuple[str, Any] | None] = asyncio.Queue()
        self._task = asyncio.ensure_future(self._send())
        self._closed = False

    def put(self, event: str, payload: Any) -> None:
        if self._closed:
            return
        if self._queue.qsize() + self._unread() >= self._most:
            self.close()
            self._abort()
            return
        self._queue.put_nowait((event, payload))

    async def finish(self, seconds: float) -> None:
        """Send what is there, waiting at most so long, and send no more."""
        self._queue.put_nowait(None)
        await asyncio.wait([self._task], timeout=seconds)
        self.close()

    def close(self) -> None:
        self._closed = True
        self._task.cancel()

    async def hang_up(self, seconds: float) -> None:
        """End the connection, the transport too: leaving the namespace alone would keep it open
        for a page that lingers. One that does not read is not waited for longer than so long."""
        socket = self._socket()
        self._transport = self._tcp()
        await self._server.disconnect(self._sid, namespace=self._namespace)

    async def _send(self) -> None:
        while (item := await self._queue.get()) is not None:
            await self._server.emit(item[0], item[1], to=self._sid, namespace=self._namespace)

    def _socket(self) -> Any:
        transport = self._server.manager.eio_sid_from_sid(self._sid, self._namespace)
        return self._server.eio.sockets.get(transport)

    def _unread(self) -> int:
        socket = self._socket()
        return socket.queue.qsize() if socket is not None else 0

    async def _drop(self) -> None:
        socket = self._socket()
        if socket is not None:
            await socket.close(wait=False, abort=True)
