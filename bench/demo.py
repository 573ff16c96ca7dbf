"""The demo server as a child process: started, killed and started again on the same port."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from bench.child import Child

ROOT = Path(__file__).parents[1]
BUILT = ROOT / "web/dist/.vite/manifest.json"
STARTS_IN = 300
"""Seconds; it makes a database and hashes four passwords first."""


class Party(NamedTuple):
    name: str
    link: str


class Demo:
    """`run.py demo` on a folder of its own. Raises Failed when it does not start.

    `like`: the folder of a demo that was stopped; a copy of it starts four seconds sooner.
    `within`: what is written before the command, so that it runs somewhere else or otherwise.
    """

    def __init__(self, data: Path, like: Path | None = None, within: Sequence[str] = ()) -> None:
        self.data = data
        self._within = within
        if like is not None:
            shutil.copytree(like, data)
        self._ended: list[Child] = []
        self.start()

    def start(self) -> None:
        """Start it, on the port it had before if it had one."""
        port = self.url.rpartition(":")[2] if self._ended else "0"
        command = ["run.py", "demo", "--port", port, "--data", str(self.data), "--json"]
        program = [*self._within, sys.executable, str(ROOT / command[0])]
        self._child = Child([*program, *command[1:]], ends_with_input=False)
        try:
            told = self._child.hear(STARTS_IN)
        except BaseException:
            self._child.stop()
            raise
        self.url: str = told["url"]
        self.session: str = told["session"]["id"]
        self.host_link: str = told["session"]["host_link"]
        self.parties = [Party(one["name"], one["url"]) for one in told["session"]["party_links"]]
        # The first of each role; the others by login only.
        everyone = list(reversed(told["staff"]))
        self.staff: dict[str, dict[str, Any]] = {one["role"]: one for one in everyone}
        self.staff |= {one["login"]: one for one in everyone}

    @property
    def server(self) -> int:
        return self._child.pid

    @property
    def workers(self) -> list[int]:
        """The media workers: one forwards, another may be warm to take its place."""
        return [pid for pid in children(self.server) if "signaling.media" in command_of(pid)]

    @property
    def worker(self) -> int:
        """The one that forwards, once somebody is connected. Raises ValueError without any."""
        return max(self.workers, key=sockets)

    def kill(self) -> None:
        """As the machine would: `kill -9` of the server, and of nothing else."""
        os.kill(self.server, signal.SIGKILL)
        self._ended.append(self._child)

    def renew(self) -> None:
        """As an upgrade would: asked to stop, which it tells everybody, and started again."""
        self._child.stop()
        self._ended.append(self._child)
        self.start()

    def complaint(self) -> str:
        """The end of what the server wrote to its log."""
        return self._child.complaint()

    def stop(self) -> None:
        for child in {*self._ended, self._child}:
            child.stop()


def children(pid: int) -> list[int]:
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for thread in threads for child in thread.read_text().split()]


def command_of(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return ""


def sockets(pid: int) -> int:
    """How many a process has open; each of a seat's two links takes one at least."""
    with suppress(OSError):
        files = Path(f"/proc/{pid}/fd").iterdir()
        return sum(file.readlink().name.startswith("socket:") for file in files)
    return 0
