"""The writer: a process that turns packets into sealed segments, and nothing else.

`python -m recordings.writer SOCKET PARENT_PID`: it listens on SOCKET (a path in a folder of the
server's own account), takes packets and commands there, and ends when its parent does. The key of
a recording comes with its beginning and is kept nowhere; whoever began it is told of every segment
that is on disk.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import errno
import gc
import json
import os
import signal
import socket
import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from recordings.record import since
from recordings.recording import Draft, Recording
from recordings.tap import JSON, MESSAGE, PART, RECORDS, ROOM, now
from recordings.track import Track

SEGMENT = 1_000_000
"""Microseconds. With what waits in the tap and for the disk it is under the two seconds of which
nothing may be lost."""
SLOW = 2_000_000
"""Microseconds that may lie between a packet and the disk before somebody is told."""
MOST_WAITING = 64 * 1024 * 1024
"""Bytes in memory; beyond it nothing more is taken until the disk has caught up."""
LARGEST_MESSAGE = 1 << 18
_PR_SET_PDEATHSIG = 1

Tell = Callable[[dict[str, Any]], None]


class Running:
    """One recording, and what of it is on its way to the disk."""

    def __init__(self, number: int, recording: Recording, tell: Tell) -> None:
        self.number, self._recording, self._tell = number, recording, tell
        self._waiting: deque[Draft] = deque()
        """The first one is with the disk."""
        self._bytes = 0
        self._keeping: asyncio.Task[None] | None = None
        # One thread: segments are chained in the order in which they were taken.
        self._thread = ThreadPoolExecutor(1)
        self._trouble: str | None = None
        self._lost_since: int | None = None
        self._resumed = 0
        self.ended = False

    # -- packets

    def records(self, at: int, parts: memoryview) -> None:
        """Of each track its number, how many bytes, and its records."""
        if self._bytes + self._recording.size < MOST_WAITING:
            while parts:
                track, size = PART.unpack_from(parts)
                end = PART.size + size
                self._recording.add(track, since(self._resumed, parts[PART.size : end]))
                parts = parts[end:]
        elif self._lost_since is None:
            self._lost_since = at
        self.tick(at)

    def report(self, track: int, at: int, report: memoryview) -> None:
        self._recording.report(track, at, report)

    def tick(self, at: int) -> None:
        """Cut a segment off when it is time."""
        if not self._recording.paused and self._recording.length(at) >= SEGMENT:
            self._put(self._recording.take(at))
        if self._waiting and at - self._waiting[0].until > SLOW:
            self._say("slow", at - self._waiting[0].until)

    # -- commands

    def track(self, number: int, at: int, **more: Any) -> None:
        self._recording.track(Track(number, **more), at)

    def note(self, at: int, event: str, **more: Any) -> None:
        self._recording.event(at, event, **more)

    def pause(self, at: int, why: str = "") -> None:
        """Nothing that comes after is taken."""
        if not self._recording.paused:
            self._put(self._recording.pause(at, why))

    def resume(self, at: int) -> None:
        if self._recording.paused and not self.ended:
            self._recording.resume(at)
            self._resumed = at

    def end(self, at: int, why: str = "") -> None:
        if not self.ended:
            self.ended = True
            self._put(self._recording.end(at, why))

    async def settled(self) -> None:
        """Returns when what was taken is on disk, or lost and told."""
        if self._keeping is not None:
            await self._keeping

    # -- the disk

    def _put(self, draft: Draft) -> None:
        self._waiting.append(draft)
        self._bytes += draft.bytes
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            draft = self._waiting[0]
            try:
                kept = await loop.run_in_executor(self._thread, self._recording.keep, draft)
            except OSError as wrong:
                self._failed(draft, wrong)
            else:
                self._tell({"event": "kept", "n": kept.n, "hash": kept.hash, "until": kept.until,
                            "bytes": kept.bytes, "last": draft.last})  # fmt: skip
                self._kept(draft)
            self._waiting.popleft()
            self._bytes -= draft.bytes

    def _kept(self, draft: Draft) -> None:
        if self._lost_since is not None and self._bytes < MOST_WAITING // 2:
            until = draft.clock if draft.clock > self._lost_since else now()
            self.note(now(), "gap", why="disk", **{"from": self._lost_since, "until": until})
            self._lost_since = None
        behind = now() - draft.until
        if behind <= SLOW:
            self._say(None, behind)

    def _failed(self, draft: Draft, wrong: OSError) -> None:
        """That second is lost, and is told; the next one is tried again."""
        if self._lost_since is None:
            self._lost_since = draft.clock
        full = wrong.errno in (errno.ENOSPC, errno.EDQUOT)
        self._say("full" if full else "failed", now() - self._lost_since)
        if draft.last:
            self._tell({"event": "broken"})

    def _say(self, trouble: str | None, behind: int) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            self._tell({"event": trouble or "well", "behind_s": round(behind / 1e6, 1)})

    def close(self) -> None:
        self._thread.shutdown()


class Writer:
    """Takes connections; every one may bring packets and commands."""

    def __init__(self) -> None:
        self._running: dict[int, Running] = {}
        self._owners: dict[int, socket.socket] = {}
        self._taps: dict[socket.socket, set[int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.alone = asyncio.Event()
        """The connection that began a recording is gone."""

    def accept(self, listening: socket.socket) -> None:
        connection, _ = listening.accept()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
        connection.setblocking(False)
        self._taps[connection] = set()
        asyncio.get_running_loop().add_reader(connection, self._readable, connection)

    def tick(self) -> None:
        at = now()
        for running in self._running.values():
            running.tick(at)
        asyncio.get_running_loop().call_later(SEGMENT / 4e6, self.tick)

    def _readable(self, connection: socket.socket) -> None:
        while True:
            try:
                message = connection.recv(LARGEST_MESSAGE)
            except BlockingIOError:
                return
            except OSError:
                message = b""
            if not message:
                self._gone(connection)
                return
            if message[0] == JSON:
                self._command(connection, json.loads(message))
            elif len(message) > MESSAGE.size:
                self._packets(connection, memoryview(message))

    def _packets(self, connection: socket.socket, message: memoryview) -> None:
        kind, number, track, at = MESSAGE.unpack_from(message)
        running = self._running.get(number)
        if running is None:
            return
        self._taps[connection].add(number)
        content = message[MESSAGE.size :]
        if kind == RECORDS:
            running.records(at, content)
        else:
            running.report(track, at, content)

    def _command(self, connection: socket.socket, message: dict[str, Any]) -> None:
        """Done at once, in the order of coming; only the answer may wait for the disk."""
        what, number, ask = message.pop("do"), message.pop("recording"), message.pop("id", None)
        answer: dict[str, Any] = {"id": ask}
        running = self._running.get(number)
        try:
            if what == "begin":
                self._begin(connection, number, **message)
            elif running is None:
                answer["refused"] = "no_recording"
            else:
                _do(running, what, message)
        except Exception as wrong:  # One command's trouble is not the other recordings'.
            answer |= {"refused": "failed", "why": type(wrong).__name__}
        if ask is None:
            return
        if running is None or what not in ("pause", "end"):
            _send(connection, answer)
            return
        task = asyncio.create_task(self._answer(connection, running, answer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(
        self, connection: socket.socket, running: Running, answer: dict[str, Any]
    ) -> None:
        await running.settled()
        _send(connection, answer)
        if running.ended:
            self._forget(running.number)

    def _begin(
        self, connection: socket.socket, number: int, folder: str, key: str,
        about: dict[str, Any], at: int, wall: str,
    ) -> None:  # fmt: skip
        if number in self._running:
            raise FileExistsError
        recording = Recording(
            Path(folder), bytes.fromhex(key), about, at, datetime.fromisoformat(wall)
        )
        self._owners[number] = connection
        self._running[number] = Running(
            number, recording, lambda event: _send(connection, {"recording": number, **event})
        )

    def _forget(self, number: int) -> None:
        running = self._running.pop(number, None)
        self._owners.pop(number, None)
        if running is not None:
            running.close()

    def _gone(self, connection: socket.socket) -> None:
        asyncio.get_running_loop().remove_reader(connection)
        fed = self._taps.pop(connection)
        connection.close()
        if connection in self._owners.values():
            self.alone.set()
        for number in fed & self._running.keys():
            self._running[number].note(now(), "gap", why="feed lost")

    async def finish(self) -> None:
        """Nobody asks any more whether everyone agrees: end it all, whole."""
        for running in list(self._running.values()):
            running.end(now(), "left alone")
            await running.settled()
            self._forget(running.number)


def _do(running: Running, what: str, message: dict[str, Any]) -> None:
    if what == "gap":
        running.note(message.pop("at"), "gap", **message)
    elif what == "note":
        running.note(message.pop("at"), message.pop("event"), **message)
    else:
        commands: dict[str, Callable[..., None]] = {
            "track": running.track,
            "pause": running.pause,
            "resume": running.resume,
            "end": running.end,
        }
        commands[what](**message)


def _send(connection: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # Who is gone needs no answer.
        connection.send(json.dumps(message).encode())


async def _main(path: str) -> None:
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listening.bind(path)
    listening.listen()
    listening.setblocking(False)
    writer = Writer()
    loop = asyncio.get_running_loop()
    loop.add_reader(listening, writer.accept, listening)
    loop.add_signal_handler(signal.SIGTERM, writer.alone.set)
    writer.tick()
    sys.stdout.write("listening\n")
    sys.stdout.flush()
    gc.freeze()
    await writer.alone.wait()
    await writer.finish()
    listening.close()
    Path(path).unlink(missing_ok=True)


def main(path: str, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # A terminal sends it to us, too.
    os.umask(0o077)
    with contextlib.suppress(OSError, AttributeError):  # Only Linux has it; the socket is enough.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(1)
    asyncio.run(_main(path))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
