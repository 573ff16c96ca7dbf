"""What a process holds on to: compared before and after something that should leave nothing."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

GROWTH = 1.05
"""Of memory, at most."""
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Holding:
    memory: int
    """Bytes that are really there."""
    files: int
    """Descriptors, sockets included."""


def holding(pid: int) -> Holding:
    here = Path(f"/proc/{pid}")
    pages = int((here / "statm").read_text().split()[1])
    return Holding(pages * _PAGE, len(list((here / "fd").iterdir())))
