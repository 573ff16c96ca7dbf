"""New ids: UUIDv7 for records, UUIDv4 for whatever must not be guessed or ordered."""

from __future__ import annotations

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """A UUIDv7 (RFC 9562, method 3): within this process every one sorts after the one before.

    The 12 bits after the milliseconds are its fraction, so that the seats of one session keep
    the order in which they were booked.
    """
    global _last
    with _lock:
        milliseconds, rest = divmod(time.time_ns(), 1_000_000)
        now = milliseconds << 12 | rest * 4096 // 1_000_000
        _last = max(now, _last + 1)
        milliseconds, fraction = _last >> 12, _last & 0xFFF
    tail = int.from_bytes(os.urandom(8)) & (1 << 62) - 1
    return str(uuid.UUID(int=milliseconds << 80 | 7 << 76 | fraction << 64 | 0b10 << 62 | tail))


def new_secret_id() -> str:
    """A UUIDv4: 122 random bits, nothing to be learnt from it."""
    return str(uuid.uuid4())
