"""Is there room, may we write, and how long does a write take that must last?"""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import tempfile
import time
from pathlib import Path

from server.doctor.finding import Asked, Finding, fail, ok, warn
from server.words import gettext as _

MB = 1024 * 1024
LITTLE = 5 * 1024 * MB
TOO_LITTLE = 500 * MB
SLOW_MS = 100
"""Each command of a meeting waits for one such write."""


async def check(asked: Asked) -> list[Finding]:
    folder = asked.settings.data_dir.absolute()
    return await asyncio.to_thread(_look, folder)


def _look(folder: Path) -> list[Finding]:
    near = next(place for place in (folder, *folder.parents) if place.is_dir())
    free = shutil.disk_usage(near).free // MB * MB
    room = _room(near, free)
    if near != folder:
        return [room, _may_make(near, folder)]
    try:
        took = _write(folder)
    except OSError as wrong:
        what = _(
            "Nothing can be written to %(folder)s: %(why)s.", folder=folder, why=wrong.strerror
        )
        return [room, fail(what, _mend(wrong))]
    return [room, _speed(took)]


def _room(near: Path, free: int) -> Finding:
    left = _("%(mb)s MB are free on the disk of %(folder)s.", mb=f"{free // MB:,}", folder=near)
    mend = _("Make room, or move data_dir to a larger disk; recordings and papers need it.")
    if free < TOO_LITTLE:
        return fail(left, mend)
    return warn(left, mend) if free < LITTLE else ok(left)


def _may_make(near: Path, folder: Path) -> Finding:
    if os.access(near, os.W_OK):
        return ok(_("%(folder)s does not exist yet; the first start makes it.", folder=folder))
    return fail(
        _("%(folder)s does not exist and can't be made.", folder=folder),
        _("Make it and give it to the account that runs the server."),
    )


def _write(folder: Path) -> int:
    """Milliseconds until a small file is on the disk for good. Raises OSError."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-") as file:
        file.write(b"x" * 4096)
        begun = time.perf_counter()
        file.flush()
        os.fsync(file.fileno())
        return round((time.perf_counter() - begun) * 1000)


def _mend(wrong: OSError) -> str:
    if wrong.errno in (errno.ENOSPC, errno.EDQUOT):
        return _("Make room, or move data_dir to a larger disk; recordings and papers need it.")
    if wrong.errno == errno.EROFS:
        return _(
            "Mount it so that it can be written to; a disk with errors is often made read-only."
        )
    return _("Give the folder to the account that runs the server.")


def _speed(took: int) -> Finding:
    what = _("What is written is safe on the disk after %(ms)s ms.", ms=took)
    if took > SLOW_MS:
        return warn(what, _("Use a faster disk: every step of a meeting waits for it."))
    return ok(what)
