"""The worker as the server sees it: a child process that answers, or is dead."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog

from signaling.media.control import Channel, Message

log = structlog.get_logger()

MOST_ASKED = 10_000
"""Commands that wait for an answer. A worker that leaves more is taken to hang, and is killed."""
_ROOT = Path(__file__).resolve().parents[2]


class WorkerGone(Exception):
    """The process ended before it answered."""


class Refusal(Exception):
    """The worker refused the command; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class WorkerProcess:
    """A running worker. Made by `spawn`; of no use once `gone()` has returned."""

    def __init__(self, process: asyncio.subprocess.Process, channel: Channel) -> None:
        self._process = process
        self._channel = channel
        self.on_event: Callable[[Message], None] = _nobody
        self._ids = itertools.count(1)
        self._asked: dict[int, asyncio.Future[Any]] = {}
        self._ended = asyncio.create_task(self._listen())

    @classmethod
    async def spawn(cls) -> WorkerProcess:
        """Start a worker and wait until it is ready for its first command, "start". Raises
        WorkerGone."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            environment = dict(os.environ)
            environment["PYTHONPATH"] = str(_ROOT)
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-m", "signaling.media.worker",
                str(theirs.fileno()), str(os.getpid()),
                pass_fds=[theirs.fileno()], env=environment, stdin=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
        worker = cls(process, await Channel.over(ours))
        try:
            await worker.ask({"do": "wait"})
        except BaseException:
            worker.kill()
            await worker.gone()
            raise
        return worker

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def runs(self) -> bool:
        return not self._ended.done()

    def ask(self, command: Message) -> asyncio.Future[Any]:
        """Send a command now; the future holds its answer, a Refusal or WorkerGone."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self._ended.done():
            answer.set_exception(WorkerGone())
            return answer
        number = next(self._ids)
        self._asked[number] = answer
        if len(self._asked) > MOST_ASKED or not self._channel.write({"id": number, **command}):
            log.error("media_worker_does_not_read", pid=self.pid)
            self.kill()
        return answer

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        # Not Process.kill(): that one may reap a dead child before asyncio's own watcher does.
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    async def gone(self) -> None:
        """Return when the process no longer exists."""
        await asyncio.shield(self._ended)

    async def _listen(self) -> None:
        while (message := await self._channel.read()) is not None:
            number = message.get("id")
            if number is None:
                self.on_event(message)
                continue
            answer = self._asked.pop(number)
            if answer.done():
                continue
            if "refused" in message:
                answer.set_exception(Refusal(message["refused"]))
            else:
                answer.set_result(message.get("result"))
        # The socket is closed: whatever the process still is, it must not forward anything.
        self.kill()
        await self._process.wait()
        self._channel.close()
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(WorkerGone())
                answer.exception()  # A caller that gave up must not be reported as unhandled.
        self._asked.clear()


def _nobody(message: Message) -> None:
    """Hears a worker that nobody has taken yet."""
