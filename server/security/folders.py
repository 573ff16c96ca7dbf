"""What a folder holds, kept through a loss of power."""

from __future__ import annotations

import os
from pathlib import Path


def sync(folder: Path) -> None:
    """A file that was made, renamed or linked in it is there for good once this returns."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
