"""What recording costs: our tap and writer beside aiortc's MediaRecorder and Janus' recorder.

    .venv/bin/python -m bench.record [--quick] [--json]

All get the same people (50 Opus and 85 VP8 packets a second, 632 kbit/s) within one run. A figure
is processor time beyond what there would be without a recording: ours is the writer's, and the
tap's beyond the same packets without it; MediaRecorder's is its whole process; Janus' is the
videoroom with recording beyond the videoroom without. Then: how far people are out of step, what is
written for a byte received, how soon two hours begin to play, and how fast evidence is checked.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from bench import janus
from bench.child import Child, Failed
from bench.cpu import cpu_seconds, machine_seconds
from bench.media import make_reel
from bench.side import Load, Side
from bench.taping import Person
from recordings import index as indexes
from recordings import verify
from recordings.film import Film
from recordings.record import RTP, pack
from recordings.recorder import Recorder
from recordings.recording import Recording
from tests.recordings.meeting import Meeting, out_of_step, spread
from tests.recordings.simulation import ABOUT, AT, KEY, SECOND, START, unsafe

PEOPLE = 3
FIRST_BYTES = 256 * 1024
"""What a browser asks for before it plays."""
PATIENCE = 400.0
"""Seconds for any step, on a busy machine too."""


@dataclass(frozen=True, slots=True)
class Plan:
    rounds: int
    seconds: float
    minutes: int
    """Of the simulated meeting."""
    hours: float
    """Of the long recording."""


QUICK, FULL = Plan(2, 4, 5, 0.25), Plan(5, 12, 30, 2)


@contextmanager
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="bench-record-"))
    try:
        yield made
    finally:
        shutil.rmtree(made)


def minutes(seconds: float) -> float:
    """Person-minutes of a round."""
    return PEOPLE * seconds / 60


async def ours(place: Path, plan: Plan) -> dict[str, Any]:
    """CPU seconds a person-minute of writer and tap, and bytes written for a byte received."""
    recorder = Recorder(lambda event: None)
    await recorder.start()
    found: dict[str, list[float]] = {"writer": [], "tap": []}
    received = 0.0
    child = None
    try:
        number = await recorder.begin(place / "rec-1", KEY, ABOUT, datetime.now(UTC))
        child = Child.module("bench.taping", recorder.path, number, PEOPLE)
        await asyncio.to_thread(child.hear, PATIENCE)
        for _ in range(plan.rounds):
            asked = {"seconds": plan.seconds, "tap": False}
            without = await asyncio.to_thread(child.ask, asked, PATIENCE)
            before = cpu_seconds([recorder.pid])
            done = await asyncio.to_thread(child.ask, {**asked, "tap": True}, PATIENCE)
            await asyncio.sleep(1.2)  # Until it is on disk.
            found["writer"].append((cpu_seconds([recorder.pid]) - before) / minutes(plan.seconds))
            found["tap"].append(max(0.0, done["cpu"] - without["cpu"]) / minutes(plan.seconds))
            received += done["bytes"]
            if done["dropped"]:
                raise Failed("the writer did not keep up")
        await recorder.end(number, "done")
    finally:
        if child is not None:
            child.stop()
        await recorder.stop()
    written = sum(file.stat().st_size for file in (place / "rec-1").iterdir())
    return {
        "cpu_s_per_person_minute": round(median(found["writer"]) + median(found["tap"]), 4),
        "writer": round(median(found["writer"]), 4),
        "tap": round(median(found["tap"]), 4),
        "bytes_written_per_byte": round(written / received, 4),
    }


def media_recorder(place: Path, plan: Plan) -> float:
    """Of one person: it decodes and encodes, and more would measure how it falls behind."""
    child = Child.module("bench.mediarecorder", place, 1)
    asked = {"seconds": plan.seconds}
    try:
        child.hear(PATIENCE)
        found: list[float] = [child.ask(asked, PATIENCE)["cpu"] for _ in range(plan.rounds)]
    finally:
        child.stop()
    return round(median(found) / (plan.seconds / 60), 3)


def of_janus(plan: Plan) -> float | None:
    """None: it is not installed, or did not carry the load."""
    if not janus.installed():
        return None
    sides = [Side(name, Load(1, PEOPLE)) for name in ("janus", "janus_recording")]
    try:
        for step in (Side.join, Side.ready):
            for side in sides:
                step(side)
        for _ in range(plan.rounds):
            for side in sides:
                side.measure(plan.seconds)
        without, recording = (median(b.cpu["server"] for b in side.bursts) for side in sides)
    except Failed as failure:
        _say(f"Janus is left out: {failure}")
        return None
    finally:
        for side in sides:
            side.stop()
    return round((recording - without) / minutes(plan.seconds), 4)


def in_step(place: Path, plan: Plan) -> float:
    made = Meeting(place, plan.minutes).run()
    return round(spread(out_of_step(made.folder, indexes.read(made.folder, KEY))), 1)


def long_recording(place: Path, plan: Plan) -> Path:
    """As many hours of two people, written as fast as it goes."""
    made = Recording(place / "rec-1", KEY, ABOUT, START, AT, unsafe)
    people = [Person(number, make_reel()) for number in range(2)]
    for person in people:
        for track in person.tracks():
            made.track(track, START)
    seconds = int(plan.hours * 3600)
    for second in range(seconds):
        begins = START + second * SECOND
        for tick in range(50):
            for person in people:
                _put(made, person, begins + tick * 20_000)
        made.keep(made.take(begins + SECOND))
    made.keep(made.end(START + seconds * SECOND, "done"))
    return made.folder


def _put(made: Recording, person: Person, at: int) -> None:
    for track, packet in person.due():
        made.add(track, pack(RTP, at, packet))


def playing(made: Path) -> dict[str, float]:
    """Milliseconds until the first bytes are there: the first time, and from then on."""
    found = {}
    for name in ("first_time", "start_ms", "from_the_middle_ms"):
        began = time.perf_counter()
        index = indexes.open_index(made, KEY)
        film = Film(made, KEY, index, index.people()[0])
        first = film.size // 2 if name == "from_the_middle_ms" else 0
        size = sum(map(len, film.read(first, first + FIRST_BYTES)))
        found[name] = round((time.perf_counter() - began) * 1000, 1)
        assert size == FIRST_BYTES
    return {"start_first_time_ms": found.pop("first_time"), **found}


def checking(made: Path) -> float:
    """MB a second, opened with the key and compared with every hash."""
    size = sum(file.stat().st_size for file in made.glob("*.seg"))
    began = time.perf_counter()
    problems = verify.folder(made, KEY)
    taken = time.perf_counter() - began
    if problems:
        raise Failed(f"what was written does not hold: {problems[0]}")
    return round(size / taken / 1e6, 1)


def run(plan: Plan) -> dict[str, Any]:
    began, busy = time.monotonic(), machine_seconds()
    with folder() as place:
        found = asyncio.run(ours(place, plan))
    _say("ours is measured")
    with folder() as place:
        found["media_recorder"] = media_recorder(place, plan)
    _say("MediaRecorder is measured")
    found["janus_recorder"] = of_janus(plan)
    found["cores_busy"] = round((machine_seconds() - busy) / (time.monotonic() - began), 2)
    with folder() as place:
        found["sync_error_ms"] = in_step(place, plan)
    _say("the meeting is measured")
    with folder() as place:
        made = long_recording(place, plan)
        found |= playing(made)
        found["verify_mb_s"] = checking(made)
    found["hours"] = plan.hours
    return found


def _print(found: dict[str, Any]) -> None:
    print(f"{os.cpu_count()} cores, {found['cores_busy']} of them busy in all")
    print("CPU seconds a person-minute")
    print(f"  Heyi              {found['cpu_s_per_person_minute']:8.4f}"
          f"   (writer {found['writer']}, tap {found['tap']})")  # fmt: skip
    print(f"  MediaRecorder     {found['media_recorder']:8.3f}")
    beside = found["janus_recorder"]
    print(f"  Janus' recorder   {'–' if beside is None else format(beside, '8.4f'):>8}")
    print(f"out of step at most {found['sync_error_ms']:8.1f} ms")
    print(f"written per byte    {found['bytes_written_per_byte']:8.4f}")
    first, middle = found["start_first_time_ms"], found["from_the_middle_ms"]
    print(f"start of playing    {found['start_ms']:8.1f} ms of {found['hours']} hours"
          f" (first time {first}, middle {middle})")  # fmt: skip
    print(f"checked             {found['verify_mb_s']:8.1f} MB/s")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.record", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under two minutes in all")
    parser.add_argument("--json", action="store_true", help="the last line is one JSON object")
    wanted = parser.parse_args()
    try:
        found = run(QUICK if wanted.quick else FULL)
    except Failed as failure:
        _say(str(failure))
        return 1
    except KeyboardInterrupt:
        return 130
    if wanted.json:
        print(json.dumps(found))
    else:
        _print(found)
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
