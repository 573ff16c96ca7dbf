"""What happens to a packet for which its receiver's socket has no room.

Nobody waits for it: the other receivers get theirs. From the first packet that did not fit until
there is room again, no picture is sent there at all, and voices are kept for a moment, so that what
room there is goes to them. Packets that fit never come through here.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections import deque
from collections.abc import Sequence

from signaling.media.slot import Lane

MOST_KEPT = 50
"""Packets of voices: a second of one, an eighth of a second of eight. The oldest goes then."""
_NO_ROOM = (errno.EAGAIN, errno.ENOBUFS)


class Outlet:
    """Of one down link. `close` before its socket is."""

    def __init__(self, sock: socket.socket, voices: Sequence[Lane], pictures: Sequence[Lane]):
        self._sock, self._voices, self._pictures = sock, voices, pictures
        self._loop = asyncio.get_running_loop()
        self._kept: deque[bytes] = deque()
        self._full = False
        self._closed = False
        self.pictures_dropped = 0
        self.voices_dropped = 0
        for lane in voices:
            lane.send, lane.refused = sock.send, self._voice_refused
        for lane in pictures:
            lane.send, lane.refused = sock.send, self._picture_refused

    def close(self) -> None:
        """What is kept is lost."""
        if self._full and not self._closed:
            self._loop.remove_writer(self._sock.fileno())
        self._closed = True
        self._kept.clear()

    def _voice_refused(self, why: OSError, datagram: memoryview) -> bool:
        """Whether it is sent later."""
        if not self._is_full(why):
            return False
        self._keep(datagram)
        return True

    def _picture_refused(self, why: OSError, datagram: memoryview) -> bool:
        """It never is: what comes late is of no use to a picture."""
        if self._is_full(why):
            self.pictures_dropped += 1
        return False

    def _is_full(self, why: OSError) -> bool:
        """Whether it was for want of room, and not because the browser is gone."""
        if why.errno not in _NO_ROOM or self._closed:
            return False
        if not self._full:
            self._full = True
            for lane in self._voices:
                lane.send = self._keep
            for lane in self._pictures:
                lane.send = _refuse
            self._loop.add_writer(self._sock.fileno(), self._writable)
        return True

    def _keep(self, datagram: memoryview) -> None:
        if len(self._kept) >= MOST_KEPT:
            self._kept.popleft()
            self.voices_dropped += 1
        self._kept.append(bytes(datagram))

    def _writable(self) -> None:
        while self._kept:
            try:
                self._sock.send(self._kept[0])
            except OSError as why:
                if why.errno in _NO_ROOM:
                    return
            self._kept.popleft()
        self._full = False
        self._loop.remove_writer(self._sock.fileno())
        for lane in (*self._voices, *self._pictures):
            lane.send = self._sock.send


def _refuse(datagram: memoryview) -> None:
    raise BlockingIOError(errno.EAGAIN, "voices first")
