"""A PostgreSQL of the tests' own: started once for a process of tests, gone with it."""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# What is written need not outlive the tests, so nothing waits for the disk.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


def programs() -> Path | None:
    """The folder of the newest PostgreSQL server there is."""
    debian = Path("/usr/lib/postgresql")
    found = sorted(debian.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found and (elsewhere := shutil.which("initdb")):
        found = [Path(elsewhere).resolve()]
    return found[-1].parent if found else None


@contextmanager
def cluster(programs: Path, settings: tuple[str, ...] = QUICK) -> Iterator[str]:
    """The folder of the socket of a running server, which takes anyone as user `postgres`."""
    user = _user()
    with tempfile.TemporaryDirectory(prefix="heyi-pg-", ignore_cleanup_errors=True) as folder:
        if user:
            shutil.chown(folder, user)
        data = f"{folder}/data"
        initdb = [str(programs / "initdb"), f"--pgdata={data}", "--username=postgres"]
        initdb += ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(initdb, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        options = ["listen_addresses=", f"unix_socket_directories={folder}", *settings]
        with Path(folder, "log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, *(f"-c{option}" for option in options)],
                user=user,
                cwd=folder,
                stdout=log,
                stderr=log,
                preexec_fn=_end_with_parent,
            )
        try:
            _wait_until_ready(server, Path(data, "postmaster.pid"), Path(folder, "log"))
            yield folder
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()


def _user() -> str | None:
    """Whom to be: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _end_with_parent() -> None:
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGINT)


def _wait_until_ready(server: subprocess.Popen[bytes], status: Path, log: Path) -> None:
    """The server writes `ready` in the last line of its pid file."""
    latest = time.monotonic() + 30
    while time.monotonic() < latest and server.poll() is None:
        if status.exists() and status.read_text().rstrip().endswith("ready"):
            return
        time.sleep(0.02)
    raise RuntimeError(f"PostgreSQL does not start:\n{log.read_text()}")
