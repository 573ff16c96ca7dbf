"""How much processor time a process has used, user and system together."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path

_WHOLE_PROCESS = 2
"""Linux's clock id of another process: (~pid << 3) | this (`clock_getcpuclockid` in libc)."""


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system seconds of these processes so far, all their threads included.

    It is what `utime` and `stime` in /proc/PID/stat add up to, in nanoseconds instead of ticks
    of 10 ms, which would be too coarse for three people. Raises OSError when one has ended.
    """
    return sum(time.clock_gettime((~pid << 3) | _WHOLE_PROCESS) for pid in pids)


def machine_seconds() -> float:
    """Seconds all cores together have worked, or were withheld by the host, since the boot."""
    user, nice, system, _idle, _waiting, *rest = (
        int(ticks) for ticks in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]
    )
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")
