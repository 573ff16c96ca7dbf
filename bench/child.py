"""A process the bench starts, speaks JSON lines with, and never leaves behind."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from typing import Any

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class Failed(Exception):
    """A child ended, or did not answer in time; the text ends with what it last wrote."""


class Child:
    """A command in a process group of its own, killed when this process dies however it dies."""

    def __init__(self, command: list[str], *, ends_with_input: bool = True) -> None:
        self._errors = tempfile.TemporaryFile(mode="w+")  # noqa: SIM115
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        self._name = " ".join(command[-5:])
        self._ends_with_input = ends_with_input

    @classmethod
    def module(cls, name: str, *arguments: object) -> Child:
        """A module of the bench, by this Python."""
        return cls([sys.executable, "-m", name, *(str(a) for a in arguments)])

    @property
    def pid(self) -> int:
        return self._process.pid

    def hear(self, seconds: float) -> dict[str, Any]:
        """Its next line. Raises Failed after so many seconds."""
        assert self._process.stdout is not None
        ready = select.select([self._process.stdout], [], [], seconds)[0]
        line = self._process.stdout.readline() if ready else ""
        if not line:
            raise Failed(f"{self._name}: {'ended' if ready else 'no answer'}\n{self.complaint()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ask(self, question: Mapping[str, object], seconds: float) -> dict[str, Any]:
        """Write a line and wait for the next one."""
        assert self._process.stdin is not None
        print(json.dumps(question), file=self._process.stdin, flush=True)
        return self.hear(seconds)

    def finish(self, seconds: float) -> dict[str, Any]:
        """Close its input, and wait for what it says last."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        return self.hear(seconds)

    def alive(self) -> bool:
        return self._process.poll() is None

    def complaint(self) -> str:
        """The end of what it wrote to its standard error."""
        self._errors.seek(0)
        return self._errors.read()[-2000:].strip()

    def stop(self) -> None:
        """Let it end by closing its input, or tell it to, then end its whole group."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        if not self._ends_with_input:
            self._process.terminate()
        deadline = time.monotonic() + 3
        while self.alive() and time.monotonic() < deadline:
            time.sleep(0.02)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process.stdout.close()
        self._errors.close()


def _die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
