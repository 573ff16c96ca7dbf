"""The writer as a process: fed, paused, killed, out of room."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from recordings import recovery
from recordings.record import Record
from recordings.recorder import ROOT, Recorder, Refused, WriterGone
from recordings.recording import Recording
from recordings.tap import Tap, connect, now
from recordings.writer import SEGMENT, SLOW, Running
from tests.recordings.reading import chained, events, packets, segments
from tests.recordings.simulation import ABOUT, AT, KEY, rtp, sender_report, voice

pytestmark = pytest.mark.timeout(400)
"""A machine that does much else is slow, not wrong."""

KILLS = 100
AT_ONCE = 20
MOST_LOST = 2_000_000
"""Microseconds."""
ASKING = asyncio.Lock()


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory where there is such a place: a busy disk is not what is tested here."""
    memory = Path("/dev/shm")
    place = tempfile.mkdtemp(prefix="heyi-test-", dir=memory if memory.is_dir() else None)
    yield Path(place)
    shutil.rmtree(place)


@pytest.fixture
async def heard() -> asyncio.Queue[dict[str, Any]]:
    return asyncio.Queue()


@pytest.fixture
async def recorder(heard: asyncio.Queue[dict[str, Any]]) -> AsyncIterator[Recorder]:
    made = Recorder(heard.put_nowait)
    await made.start()
    yield made
    await made.stop()


async def until(heard: asyncio.Queue[dict[str, Any]], event: str) -> dict[str, Any]:
    while True:
        found = await heard.get()
        if found["event"] == event:
            return found


async def test_what_is_sent_is_kept(
    recorder: Recorder, heard: asyncio.Queue[dict[str, Any]], folder: Path
) -> None:
    number = await recorder.begin(folder / "rec-1", KEY, ABOUT, AT)
    with contextlib.closing(connect(recorder.path)) as to:
        tap = Tap(to, number)
        tap.track(voice())
        sent = [rtp(n, n * 960, os.urandom(60)) for n in range(20)]
        for packet in sent:
            tap.packet(1, packet, now())
        tap.report(1, sender_report(3.9e9, 0), now())
        tap.flush()
        kept = await until(heard, "kept")
        await recorder.end(number, "done")
    assert [bytes(found.data) for found in packets(folder / "rec-1", 1)] == sent
    assert events(folder / "rec-1")[0]["e"] == "track"
    assert events(folder / "rec-1")[-1]["e"] == "end"
    last = await until(heard, "kept")
    assert last["hash"] == segments(folder / "rec-1")[-1].header.hash
    assert kept["n"] == 0
    assert chained(folder / "rec-1")
    assert oct((folder / "rec-1").stat().st_mode)[-3:] == "700"


async def test_nothing_is_kept_after_a_pause_is_confirmed(recorder: Recorder, folder: Path) -> None:
    number = await recorder.begin(folder / "rec-1", KEY, ABOUT, AT)
    with contextlib.closing(connect(recorder.path)) as to:
        tap = Tap(to, number)
        tap.track(voice())
        tap.packet(1, rtp(1, 960, b"agreed"), now())
        tap.flush()
        await recorder.note(number, "here", person="ann")
        await asyncio.sleep(0.1)
        await recorder.pause(number, "somebody came")
        tap.packet(1, rtp(2, 1920, b"not agreed"), now())
        tap.flush()
        await asyncio.sleep(0.1)
        await recorder.resume(number)
        await recorder.end(number, "done")
    assert [bytes(found.data)[12:] for found in packets(folder / "rec-1", 1)] == [b"agreed"]


async def test_a_recording_is_ended_when_nobody_asks_for_it_any_more(
    recorder: Recorder, folder: Path
) -> None:
    number = await recorder.begin(folder / "rec-1", KEY, ABOUT, AT)
    with contextlib.closing(connect(recorder.path)) as to:
        tap = Tap(to, number)
        tap.track(voice())
        tap.packet(1, rtp(1, 960, b"x"), now())
        tap.flush()
        await asyncio.sleep(0.1)
    await recorder.stop()
    assert segments(folder / "rec-1")[-1].header.last
    found = events(folder / "rec-1")
    assert found[-1] == {"e": "end", "why": "left alone"}
    assert {"e": "gap", "why": "feed lost"} in found


async def test_a_recording_is_not_written_over_another(recorder: Recorder, folder: Path) -> None:
    await recorder.begin(folder / "rec-1", KEY, ABOUT, AT)
    with pytest.raises(Refused):
        await recorder.begin(folder / "rec-1", KEY, ABOUT, AT)


async def test_a_full_disk_is_told_and_what_follows_is_kept(
    recorder: Recorder, heard: asyncio.Queue[dict[str, Any]], folder: Path
) -> None:
    number = await recorder.begin(folder / "rec-1", KEY, ABOUT, AT)
    with contextlib.closing(connect(recorder.path)) as to:
        tap = Tap(to, number)
        tap.track(voice())
        tap.flush()
        await until(heard, "kept")
        # A folder stands where the draft of the next segment would be written.
        blocked = next_draft(folder / "rec-1")
        blocked.mkdir()
        told = await until(heard, "failed")
        assert told["recording"] == number
        blocked.rmdir()
        assert (await until(heard, "well"))["behind_s"] >= 0
        await recorder.end(number, "done")
    assert chained(folder / "rec-1")
    (gap,) = [e for e in events(folder / "rec-1") if e["e"] == "gap"]
    assert gap["why"] == "disk"
    assert gap["until"] > gap["from"]


def next_draft(folder: Path) -> Path:
    number = len(segments(folder))
    return folder / f".{number:08}.seg.draft"


async def test_a_disk_that_hangs_is_told_while_it_hangs(folder: Path) -> None:
    go_on, told = threading.Event(), list[dict[str, Any]]()

    def hangs(path: Path, content: bytes) -> None:
        if path.suffix == ".seg":
            assert go_on.wait(60)
        path.write_bytes(content)

    began = now()
    made = Recording(folder / "rec-1", KEY, ABOUT, began, AT, hangs)
    running = Running(1, made, told.append)
    running.tick(began + SEGMENT)
    running.tick(began + SEGMENT + SLOW)
    assert told == []
    running.tick(began + SEGMENT + SLOW + 100_000)
    assert told == [{"event": "slow", "behind_s": 2.1}]
    go_on.set()
    await running.settled()
    assert [e["event"] for e in told] == ["slow", "kept", "well", "kept"]
    running.close()


async def test_a_tap_never_waits_and_says_what_it_lost(recorder: Recorder, folder: Path) -> None:
    number = await recorder.begin(folder / "rec-1", KEY, ABOUT, AT)
    with contextlib.closing(connect(recorder.path)) as to:
        tap = Tap(to, number)
        os.kill(recorder.pid, signal.SIGSTOP)
        try:
            tap.track(voice())
            for n in range(2000):
                tap.packet(1, rtp(n, n * 960, bytes(20_000)), now())
                if tap.dropped:
                    break
        finally:
            os.kill(recorder.pid, signal.SIGCONT)
        assert tap.dropped
        while True:  # Until it has read enough that there is room again.
            tap.packet(1, rtp(0, 0, b"after"), now())
            dropped = tap.dropped
            tap.flush()
            if tap.dropped == dropped:
                break
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        await recorder.end(number, "done")
    assert bytes(packets(folder / "rec-1", 1)[-1].data)[12:] == b"after"
    assert "behind" in [e.get("why") for e in events(folder / "rec-1") if e["e"] == "gap"]


async def test_whoever_waits_is_told_that_the_writer_is_gone(
    recorder: Recorder, heard: asyncio.Queue[dict[str, Any]], folder: Path
) -> None:
    number = await recorder.begin(folder / "rec-1", KEY, ABOUT, AT)
    os.kill(recorder.pid, signal.SIGKILL)
    await until(heard, "gone")
    with pytest.raises(WriterGone):
        await recorder.pause(number, "")


async def test_killed_at_any_moment_it_loses_two_seconds_at_most(folder: Path) -> None:
    dice = random.Random(6)
    nursery = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.recordings.nursery", cwd=ROOT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert nursery.stdin
    lost = []
    try:
        for batch in range(KILLS // AT_ONCE):
            places = [folder / f"{batch}-{n}" for n in range(AT_ONCE)]
            lost += await asyncio.gather(
                *(_killed(nursery, place, dice.uniform(0.1, 2.6)) for place in places)
            )
    finally:
        nursery.stdin.close()
        await nursery.wait()
    assert len(lost) == KILLS
    assert max(lost) <= MOST_LOST, sorted(lost)[-5:]


async def _killed(nursery: asyncio.subprocess.Process, place: Path, after: float) -> int:
    """Microseconds of packets that are gone when the writer is killed in the middle."""
    place.mkdir()
    with contextlib.ExitStack() as ending:
        pid = await _forked(nursery, place / "s")
        to = ending.enter_context(contextlib.closing(await _connected(place / "s")))
        ending.callback(os.kill, pid, signal.SIGKILL)  # Before the socket is closed.
        begin = {"do": "begin", "recording": 1, "id": 1, "folder": str(place / "rec-1")}
        begin |= {"key": KEY.hex(), "about": ABOUT, "at": now(), "wall": AT.isoformat()}
        to.send(json.dumps(begin).encode())
        await asyncio.get_running_loop().sock_recv(to, 1000)
        began = now()
        sent, last = await _feed(Tap(to, 1), began, int(after * 1e6))
    found = _whole(place / "rec-1")
    assert [bytes(p.data) for p in found] == sent[: len(found)]
    return last - (found[-1].at if found else began)


async def _forked(nursery: asyncio.subprocess.Process, path: Path) -> int:
    assert nursery.stdin
    assert nursery.stdout
    nursery.stdin.write(f"{path}\n".encode())
    async with ASKING:
        return int(await nursery.stdout.readline())


async def _connected(path: Path) -> socket.socket:
    """As soon as it listens."""
    while True:
        try:
            return connect(path)
        except (FileNotFoundError, ConnectionRefusedError):
            await asyncio.sleep(0.01)


async def _feed(tap: Tap, began: int, lasting: int) -> tuple[list[bytes], int]:
    """Speak for so long; what was sent, and when the last was."""
    tap.track(voice())
    sent: list[bytes] = []
    last = began
    while now() - began < lasting:
        last = now()
        sent.append(rtp(len(sent), len(sent) * 960, os.urandom(60)))
        tap.packet(1, sent[-1], last)
        await asyncio.sleep(0.02)
    assert not tap.dropped
    return sent, last


def _whole(folder: Path) -> list[Record]:
    """Close it as a server does that starts again; what it holds."""
    assert list(recovery.open_ones(folder.parent)) == [folder]
    assert recovery.close(folder, KEY, "rec-1").last
    assert not list(recovery.open_ones(folder.parent))
    assert chained(folder)
    assert events(folder)[-1]["why"] == "broken off"
    return packets(folder, 1)
