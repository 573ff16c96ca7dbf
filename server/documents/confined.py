"""Starting the child and hearing its answer, without believing it: it may have been taken over."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

from server.documents.limits import Limits

MOST_ANSWERED = 32 * 1024 * 1024
_ROOT = Path(__file__).parents[2]
_START = "import sys; sys.path.append(sys.argv.pop(1)); from server.documents.child import main"
_START += "; main(sys.argv[1:])"
_PIECE = 64 * 1024

_Turns = defaultdict[str, asyncio.Semaphore]
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, _Turns] = WeakKeyDictionary()


class TooSlow(Exception):
    """It took more time than there is, or more than its share of the processor."""


@dataclass(frozen=True, slots=True)
class Ended:
    """`code`: negative, the signal that ended it."""

    code: int
    out: bytes


async def run(
    work: Sequence[str], limits: Limits, seconds: float, content: bytes = b"", home: str = "/"
) -> Ended:
    """`work`: as `child.main` reads it. `seconds`: how long it may take, without the wait for
    others of the same kind. Raises TooSlow.
    """
    numbers = (str(n) for n in (limits.memory, limits.seconds, limits.file))
    command = [sys.executable, "-I", "-c", _START, str(_ROOT), *numbers, *work]
    async with _turn(work[0]):
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"HOME": home, "TMPDIR": home, "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
            cwd=home,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(seconds):
                _, out = await asyncio.gather(_give(process, content), _hear(process))
                code = await process.wait()
        except TimeoutError:
            raise TooSlow from None
        finally:
            await _end(process)
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise TooSlow
    return Ended(code, out)


def _turn(work: str) -> asyncio.Semaphore:
    """One of a kind at a time, for each two processors: calls must not wait for papers, nor pages
    for a long document that is being turned into one.
    """
    at_once = max(1, (os.cpu_count() or 1) // 2)
    empty: _Turns = defaultdict(lambda: asyncio.Semaphore(at_once))
    return _turns.setdefault(asyncio.get_running_loop(), empty)[work]


async def _give(process: asyncio.subprocess.Process, content: bytes) -> None:
    assert process.stdin is not None
    with suppress(ConnectionError):  # it ended without reading all: its code says why
        process.stdin.write(content)
        await process.stdin.drain()
    process.stdin.close()


async def _hear(process: asyncio.subprocess.Process) -> bytes:
    """Nothing, if it says more than anyone should."""
    assert process.stdout is not None
    out = bytearray()
    while piece := await process.stdout.read(_PIECE):
        out += piece
        if len(out) > MOST_ANSWERED:
            _kill(process)
            return b""
    return bytes(out)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Whatever it started ends with it, also when nobody waits for the answer any more."""
    _kill(process)
    await asyncio.shield(process.wait())


def _kill(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
