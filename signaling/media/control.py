"""Messages between the server and its media worker: JSON, four bytes of length before each.

Both ends of one socket pair speak it. Commands have an `id` and are answered with the same one;
events have none. Only this package is at the other end, but a frame over a megabyte still means
that something is wrong, and ends the connection.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from typing import Any

Message = dict[str, Any]

FAILED = "failed"
"""The refusal of a command that went wrong in the middle: its effect is not known."""

_LENGTH = struct.Struct(">I")
_LARGEST = 1 << 20
MOST_WAITING = 16 << 20
"""Octets that wait for the other end: some 50,000 events, or hundreds of descriptions."""


class Channel:
    """One end of the socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def over(cls, sock: socket.socket) -> Channel:
        """Take over a connected stream socket."""
        return cls(*await asyncio.open_connection(sock=sock))

    async def read(self) -> Message | None:
        """The next message, or None when the other end is gone."""
        try:
            (size,) = _LENGTH.unpack(await self._reader.readexactly(_LENGTH.size))
            if size > _LARGEST:
                return None
            message: Message = json.loads(await self._reader.readexactly(size))
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        return message

    def write(self, message: Message) -> bool:
        """Queue a message; the order of calls is the order at the other end.

        False, and the connection is cut, when the other end does not read: what it has not been
        told it would never know, so it is given up.
        """
        transport = self._writer.transport
        if transport.is_closing():
            return True  # The other end is gone; whoever reads will notice.
        text = json.dumps(message, separators=(",", ":")).encode()
        if transport.get_write_buffer_size() + len(text) > MOST_WAITING:
            transport.abort()
            return False
        self._writer.write(_LENGTH.pack(len(text)) + text)
        return True

    def close(self) -> None:
        """Close this end; the other one reads None."""
        self._writer.close()
