"""A network of the bench's own: nothing it sends leaves it, and it ends with the bench.

Neither Janus nor aioice offers 127.0.0.1 as a candidate, so they need another address; here it is
one that no real network has.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

ADDRESS = "198.18.0.1"
"""Set aside for benchmarks (RFC 2544)."""

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_SETUP = (
    ("link", "set", "lo", "up"),
    ("link", "add", "bench", "type", "veth", "peer", "name", "bench-far"),
    ("link", "set", "bench-far", "up"),
    ("link", "set", "bench", "up"),
    ("addr", "add", f"{ADDRESS}/32", "dev", "bench"),
)


def enter() -> bool:
    """Move this process, and so all it starts, into a network of its own.

    Returns False where that is not allowed; then the machine's own addresses serve.
    """
    ip = shutil.which("ip") or shutil.which("ip", path="/usr/sbin:/sbin")
    if ip is None:
        return False
    user, group, root = os.getuid(), os.getgid(), os.geteuid() == 0
    flags = _CLONE_NEWNET if root else _CLONE_NEWNET | _CLONE_NEWUSER
    if ctypes.CDLL(None).unshare(flags):
        return False
    if not root:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    for arguments in _SETUP:
        subprocess.run([ip, *arguments], check=True, capture_output=True)
    return True
