"""Files that are there whole or not at all, and stay there through a loss of power."""

from __future__ import annotations

import os
from pathlib import Path

from server.security import folders


def write(path: Path, content: bytes) -> None:
    """A draft beside it → fsync → rename → fsync of the folder. Raises OSError."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            view = memoryview(content)
            while view:
                view = view[os.write(descriptor, view) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        draft.rename(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    folders.sync(path.parent)
