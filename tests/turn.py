"""The real coturn, with the values of deploy/turnserver.conf, on loopback."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.security import certificates

CONFIGURATION = Path(__file__).parents[1] / "deploy/turnserver.conf"
SECRET = "a secret of the tests"
RELAYS = (43600, 43699)
STARTS_S = 20
_CONNECT = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 1)"


@dataclass(frozen=True, slots=True)
class Turn:
    port: int
    tls_port: int
    authority: Path
    log: Path
    address: str = "127.0.0.1"

    @property
    def urls(self) -> dict[str, str]:
        return {
            "udp": f"turn:{self.address}:{self.port}?transport=udp",
            "tcp": f"turn:{self.address}:{self.port}?transport=tcp",
            "tls": f"turns:localhost:{self.tls_port}?transport=tcp",
        }


@contextmanager
def coturn(
    *,
    reaches_loopback: bool = True,
    address: str = "127.0.0.1",
    within: Sequence[str] = (),
) -> Iterator[Turn]:
    """A running server. Where it may not reach loopback, that is by deploy/turnserver.conf.

    `within`: what is written before a command to run it elsewhere, where it has that address.
    """
    program = shutil.which("turnserver")
    if program is None:
        pytest.skip("coturn is not installed: apt-get install coturn")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = certificates.Files(folder / "tls")
        certificates.self_signed(files, {"localhost", address}, datetime.now(UTC))
        turn = Turn(_free(), _free(), files.authority, folder / "log", address)
        settings = _settings(turn, files, folder)
        if reaches_loopback:
            settings += f"allow-loopback-peers\nallowed-peer-ip={address}\n"
        (folder / "turnserver.conf").write_text(settings)
        with turn.log.open("wb") as log:
            process = subprocess.Popen(
                [*within, program, "-c", str(folder / "turnserver.conf")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=folder,
            )
        try:
            _listens(process, turn, within)
            yield turn
        finally:
            process.kill()
            process.wait()


def _settings(turn: Turn, files: certificates.Files, folder: Path) -> str:
    """As they are, but for where it listens and what it has to be told."""
    ours = {
        "static-auth-secret": SECRET,
        "realm": "localhost",
        "listening-port": turn.port,
        "tls-listening-port": turn.tls_port,
        "cert": files.chain,
        "pkey": files.key,
        "min-port": RELAYS[0],
        "max-port": RELAYS[1],
    }
    lines = [line for line in CONFIGURATION.read_text("utf-8").splitlines() if line]
    kept = [line for line in lines if line.partition("=")[0] not in ours]
    told = [f"{name}={value}" for name, value in ours.items()]
    listening = [f"listening-ip={turn.address}", f"relay-ip={turn.address}"]
    here = [*listening, f"pidfile={folder}/pid"]
    return "\n".join([*kept, *told, *here, f"userdb={folder}/db", ""])


def _free() -> int:
    """A port that is free for TCP and UDP now."""
    while True:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            try:
                udp.bind(tcp.getsockname())
            except OSError:
                continue
            return int(tcp.getsockname()[1])


def _listens(process: subprocess.Popen[bytes], turn: Turn, within: Sequence[str]) -> None:
    until = time.monotonic() + STARTS_S
    for port in (turn.port, turn.tls_port):
        while not _answers(turn.address, port, within):
            over = process.poll() is not None or time.monotonic() > until
            assert not over, turn.log.read_text()
            time.sleep(0.05)


def _answers(address: str, port: int, within: Sequence[str]) -> bool:
    if within:
        asked = [*within, sys.executable, "-c", _CONNECT, address, str(port)]
        return subprocess.run(asked, capture_output=True).returncode == 0
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True
