"""The server's side of the writer: start it, tell it, hear from it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from recordings.tap import connect, now
from recordings.writer import LARGEST_MESSAGE

ROOT = Path(__file__).parents[1]


class WriterGone(Exception):
    """The process ended; what it had on disk is whole."""


class Refused(Exception):
    """It can't be done: the disk refused, or there is no such recording."""


OnEvent = Callable[[dict[str, Any]], None]


class Recorder:
    """One writer process. `on_event` gets `kept`, `slow`, `full`, `failed`, `well`, `broken` of a
    recording by its number, and `gone` when the process ended by itself."""

    def __init__(self, on_event: OnEvent) -> None:
        self._on_event = on_event
        self._asked: dict[int, asyncio.Future[None]] = {}
        self._ids = count(1)
        self._numbers = count(1)
        self._stopping = False

    async def start(self) -> None:
        # A socket's path is short; the folder is this account's alone.
        self._folder = tempfile.mkdtemp(prefix="heyi-")
        self.path = Path(self._folder) / "writer"
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "recordings.writer", str(self.path), str(os.getpid()),
            cwd=ROOT, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert self._process.stdout is not None
        if not await self._process.stdout.readline():
            raise WriterGone
        self._socket = connect(self.path)
        asyncio.get_running_loop().add_reader(self._socket, self._readable)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def begin(
        self, folder: Path, key: bytes, about: Mapping[str, Any], wall: datetime
    ) -> int:
        """Returns the recording's number for taps. `folder` must not exist yet."""
        number = next(self._numbers)
        await self._ask(
            "begin", number, folder=str(folder), key=key.hex(), about=dict(about),
            wall=wall.isoformat(),
        )  # fmt: skip
        return number

    async def note(self, number: int, event: str, **more: Any) -> None:
        """Something for the story: a consent, somebody who came. Ids and plain words only."""
        await self._ask("note", number, event=event, **more)

    async def pause(self, number: int, why: str) -> None:
        """Returns when what came before is on disk; nothing that is sent after this is kept."""
        await self._ask("pause", number, why=why)

    async def resume(self, number: int) -> None:
        await self._ask("resume", number)

    async def end(self, number: int, why: str) -> None:
        await self._ask("end", number, why=why)

    async def stop(self) -> None:
        """End what still runs, whole, and the process."""
        self._stopping = True
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGTERM)
        await self._process.wait()
        self._close()

    async def _ask(self, what: str, number: int, **more: Any) -> None:
        ask = next(self._ids)
        answer = self._asked[ask] = asyncio.get_running_loop().create_future()
        message = {"do": what, "id": ask, "recording": number, "at": now(), **more}
        try:
            self._socket.send(json.dumps(message).encode())
        except OSError:
            del self._asked[ask]
            raise WriterGone from None
        await answer

    def _readable(self) -> None:
        while True:
            try:
                message = self._socket.recv(LARGEST_MESSAGE)
            except BlockingIOError:
                return
            except OSError:
                message = b""
            if not message:
                self._gone()
                return
            self._heard(json.loads(message))

    def _heard(self, message: dict[str, Any]) -> None:
        if "event" in message:
            self._on_event(message)
        elif (answer := self._asked.pop(message["id"], None)) is not None and not answer.done():
            if "refused" in message:
                answer.set_exception(Refused(message.get("why", message["refused"])))
            else:
                answer.set_result(None)

    def _gone(self) -> None:
        self._close()
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(WriterGone())
        self._asked.clear()
        if not self._stopping:
            self._on_event({"event": "gone"})

    def _close(self) -> None:
        if self._socket.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
        shutil.rmtree(self._folder, ignore_errors=True)
