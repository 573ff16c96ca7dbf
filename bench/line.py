"""Two networks and a wire between them that can be cut, slowed and moved: the server's, where also
a host's browser is, and one that is far away. Neither reaches anything else.

Needs root, and a kernel that has namespaces and TUN devices.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from bench.child import Child

SERVER, FAR = "198.18.0.1", "198.18.0.2"
"""Set aside for benchmarks (RFC 2544)."""
ELSEWHERE = "198.18.0.3"
"""Where the far end is after it has moved."""
_NUMBERS = count()
_PATIENCE = 15


def possible() -> str:
    """Why not, in words; empty if it is."""
    if os.geteuid():
        return "network namespaces need root"
    if not Path("/dev/net/tun").exists():
        return "this machine has no TUN devices"
    return "" if _ip() else "ip is not installed: apt-get install iproute2"


class Line:
    """Made by `line`."""

    def __init__(self, here: str, far: str, folder: Path) -> None:
        self.here, self.far = here, far
        self._folder = folder
        self._wire = Child.module("bench.wire", here, "line", far, "line")
        self._wire.hear(_PATIENCE)
        for namespace, address, other in ((here, SERVER, FAR), (far, FAR, SERVER)):
            _run("-n", namespace, "link", "set", "lo", "up")
            self._address(namespace, address, other)

    def be(self, **wire: Any) -> float:
        """From now on it is like this (see `bench.wire.Wire`), and whole in all that is not said.
        Returns the moment from which that is so."""
        at: float = self._wire.ask(wire, _PATIENCE)["at"]
        return at

    def unplug(self) -> None:
        """As pulling the cable out of the far machine: it notices."""
        _run("-n", self.far, "link", "set", "line", "down")

    def plug(self, address: str = FAR) -> None:
        """The cable is in again; with that address."""
        self._address(self.far, address, SERVER)

    def move(self, address: str) -> None:
        """The far machine has another address from now on, and no longer the one before."""
        _run("-n", self.far, "addr", "flush", "dev", "line")
        _run("-n", self.here, "addr", "flush", "dev", "line")
        self._address(self.here, SERVER, address)
        self._address(self.far, address, SERVER)

    def program(self, namespace: str, program: Path) -> Path:
        """A command that runs that program there."""
        file = self._folder / f"{namespace}-{program.name}"
        file.write_text(f'#!/bin/sh\nexec {_ip()} netns exec {namespace} {program} "$@"\n')
        file.chmod(0o700)
        return file

    def command(self, namespace: str) -> list[str]:
        """What to write before a command that is to be run there."""
        return [_ip(), "netns", "exec", namespace]

    def tell(self, namespace: str, what: signal.Signals) -> None:
        """A signal to all that runs there."""
        for pid in _run("netns", "pids", namespace).split():
            os.kill(int(pid), what)

    def stop(self) -> None:
        self._wire.stop()

    def _address(self, namespace: str, address: str, peer: str) -> None:
        _run("-n", namespace, "addr", "replace", address, "peer", peer, "dev", "line")
        _run("-n", namespace, "link", "set", "line", "up")


@contextmanager
def line() -> Iterator[Line]:
    """Ends with all that is in it, if that has not ended by itself."""
    name = f"heyi-{os.getpid()}-{next(_NUMBERS)}"
    namespaces = f"{name}-here", f"{name}-far"
    with tempfile.TemporaryDirectory(prefix="heyi-line-") as folder:
        for namespace in namespaces:
            _run("netns", "add", namespace)
        try:
            made = Line(*namespaces, Path(folder))
            try:
                yield made
            finally:
                made.stop()
        finally:
            for namespace in namespaces:
                _run("netns", "del", namespace)


def _ip() -> str:
    return shutil.which("ip") or shutil.which("ip", path="/usr/sbin:/sbin") or ""


def _run(*arguments: str) -> str:
    done = subprocess.run([_ip(), *arguments], check=True, capture_output=True, text=True)
    return done.stdout
