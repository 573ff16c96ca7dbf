"""Is the clock right? Deadlines, links, sign-in codes and TURN passwords depend on it.

Somebody else's clock is asked only where one was named. Without, it is said what this machine knows
about its own: whether something keeps it in step, and whether it lies behind files that exist.
"""

from __future__ import annotations

import asyncio
import ctypes
import socket
import struct
import time
from email.utils import parsedate_to_datetime
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout

from server.doctor.finding import Asked, Finding, fail, ok, warn
from server.words import gettext as _

PATIENCE_S = 5
TOO_FAR_S = 10
"""A code of a second factor changes every 30 seconds."""
FAR_S = 2
_UNKNOWN, _OUT_OF_STEP = -1, 5
_SINCE_1900 = 2_208_988_800


async def check(asked: Asked) -> list[Finding]:
    folder = asked.settings.data_dir
    found = [_against_files([Path(__file__), folder, *folder.glob("heyi.sqlite3*")], time.time())]
    found.append(_kept(_kernel()))
    if asked.clock:
        found.append(await _compared(asked.clock))
    return found


def _against_files(files: list[Path], now: float) -> Finding:
    newest = max((file.stat().st_mtime for file in files if file.exists()), default=0.0)
    if newest > now + 60:
        return fail(
            _("The clock is behind: files here were written later than it says it is."),
            _("Set it, and let chrony or systemd-timesyncd keep it right."),
        )
    said = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(now))
    return ok(_("The clock says %(time)s UTC, later than every file here.", time=said))


def _kernel() -> int:
    """What the kernel says of its clock; negative where it says nothing."""
    try:
        return int(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512)))
    except (AttributeError, OSError):
        return _UNKNOWN


def _kept(state: int) -> Finding:
    if state == _OUT_OF_STEP or state < 0:
        return warn(
            _("Nothing is known to keep the clock right; in a container, the host may."),
            _("Install chrony or systemd-timesyncd, and compare with --clock NAME."),
        )
    return ok(_("The system keeps the clock in step with others."))


async def _compared(clock: str) -> Finding:
    try:
        async with asyncio.timeout(PATIENCE_S):
            web = clock.startswith(("http://", "https://"))
            off = await (_by_http(clock) if web else _by_ntp(clock))
    except (ClientError, OSError, TimeoutError, ValueError, KeyError):
        what = _("%(clock)s did not say what time it is.", clock=clock)
        return warn(what, _("Name another one; NTP needs UDP port 123."))
    told = _("The clock differs from %(clock)s by %(s)s seconds.", clock=clock, s=f"{off:+.1f}")
    mend = _("Set it, and let chrony or systemd-timesyncd keep it right.")
    if abs(off) > TOO_FAR_S:
        return fail(told, mend)
    return warn(told, mend) if abs(off) > FAR_S else ok(told)


async def _by_http(url: str) -> float:
    """Seconds that ours is ahead, to within one: that is all a `Date` says."""
    timeout = ClientTimeout(total=PATIENCE_S)
    async with ClientSession(timeout=timeout) as client:
        before = time.time()
        async with client.head(url, allow_redirects=False) as answer:
            theirs: float = parsedate_to_datetime(answer.headers["Date"]).timestamp() + 0.5
        return (before + time.time()) / 2 - theirs


async def _by_ntp(name: str) -> float:
    """Seconds that ours is ahead (RFC 5905, one question)."""
    host, _colon, port = name.partition(":")
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, int(port or 123), type=socket.SOCK_DGRAM)
    family, kind, _proto, _name, where = found[0]
    with socket.socket(family, kind) as asking:
        asking.setblocking(False)
        await loop.sock_connect(asking, where)
        sent = time.time()
        await loop.sock_sendall(asking, b"\x1b" + bytes(47))
        answer = await loop.sock_recv(asking, 512)
        back = time.time()
    if len(answer) < 48 or answer[0] & 7 != 4 or not answer[1]:
        raise ValueError("not the answer of a clock")
    return _offset(sent, answer, back)


def _offset(sent: float, answer: bytes, back: float) -> float:
    whole, part, whole_out, part_out = struct.unpack_from("!IIII", answer, 32)
    came = whole - _SINCE_1900 + part / 2**32
    left = whole_out - _SINCE_1900 + part_out / 2**32
    off: float = ((sent - came) + (back - left)) / 2
    return off
