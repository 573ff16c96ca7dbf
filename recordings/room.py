"""For how long there is room on the disk."""

from __future__ import annotations

import shutil
from pathlib import Path

BYTES_A_SECOND = 110_000
"""Of one person with a picture of 640×360: 800 kbit/s, a voice, and what is added to them."""
SPARED = 1 << 30
"""What is left to everything else."""


def hours(folder: Path, people: int) -> float:
    """How long so many people can be recorded before the disk that this is on is full."""
    while not folder.exists():
        folder = folder.parent
    free = max(0, shutil.disk_usage(folder).free - SPARED)
    return free / (max(1, people) * BYTES_A_SECOND * 3600)
