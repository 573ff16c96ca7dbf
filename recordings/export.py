"""One film of everybody, as an MP4: made in a process of its own, told about, given up at will.

`python -m recordings.export`: a job in JSON on standard input, progress on standard output.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import av
from av.video.codeccontext import VideoCodecContext

from recordings.film import Film
from recordings.index import Index, open_index
from recordings.sound import RATE, Voices
from recordings.tiles import SIZE, Tiles
from recordings.webm import AUDIO, Block

ROOT = Path(__file__).parents[1]
FPS = 10
_QUALITY = {"preset": "veryfast", "crf": "27", "threads": "1"}
"""One thread: what is live has the other cores."""
Progress = Callable[[int, int], None]


class Failed(Exception):
    """The film could not be made; the text says why, without contents."""


@dataclass(frozen=True, slots=True)
class Job:
    folder: str
    to: str
    names: Mapping[str, str]
    """Of everybody, by seat."""
    purpose: str
    """Said under the picture, in words."""
    zone: str = "Asia/Shanghai"


class Export:
    """One under way, as the server sees it."""

    def __init__(self, job: Job, key: bytes, progress: Progress) -> None:
        self._job, self._key, self._progress = job, key, progress
        self._process: asyncio.subprocess.Process | None = None
        self.cancelled = False

    async def run(self) -> bool:
        """Whether there is a film now; not, when it was cancelled. Raises Failed."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "recordings.export", cwd=ROOT, stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            error = await self._hear(self._process)
        finally:
            self._end()
            await self._process.wait()
            _draft(self._job).unlink(missing_ok=True)
        if self.cancelled:
            Path(self._job.to).unlink(missing_ok=True)  # It may have been finished just then.
            return False
        if self._process.returncode:
            raise Failed(error or "the process ended")
        return True

    def cancel(self) -> None:
        """Give it up; nothing of it is left when `run` returns."""
        self.cancelled = True
        self._end()

    async def _hear(self, process: asyncio.subprocess.Process) -> str:
        assert process.stdin
        assert process.stdout
        with contextlib.suppress(ConnectionError):
            process.stdin.write(json.dumps({**asdict(self._job), "key": self._key.hex()}).encode())
            process.stdin.close()
        error = ""
        while line := await process.stdout.readline():
            said = json.loads(line)
            if "failed" in said:
                error = said["failed"]
            else:
                self._progress(said["done"], said["of"])
        await process.wait()
        return error

    def _end(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)


def make(job: Job, key: bytes, progress: Progress) -> None:
    """Write the film, whole or not at all. Raises Damaged and OSError."""
    index = open_index(Path(job.folder), key)
    draft = _draft(job)
    with av.open(str(draft), "w", format="mp4", options={"movflags": "faststart"}) as file:
        _Making(job, key, index, file).run(progress)
    draft.rename(job.to)


def _draft(job: Job) -> Path:
    to = Path(job.to)
    return to.with_name(f".{to.name}.draft")


class _Making:
    def __init__(
        self, job: Job, key: bytes, index: Index, file: av.container.OutputContainer
    ) -> None:
        folder, people = Path(job.folder), index.people()
        self._job, self._index, self._file = job, index, file
        self._films = {who: Film(folder, key, index, who) for who in people}
        self._eyes = {who: av.CodecContext.create("vp8", "r") for who in people}
        self._tiles = Tiles(people, job.names, job.purpose)
        self._voices = Voices(people) if people else None
        self._picture = file.add_stream("libx264", rate=FPS, options=_QUALITY)
        self._picture.width, self._picture.height = SIZE
        self._picture.pix_fmt = "yuv420p"
        self._sound = file.add_stream("aac", rate=RATE, layout="stereo")
        self._zone = ZoneInfo(job.zone)
        self._n = 0
        self._frame: av.VideoFrame | None = None

    def run(self, progress: Progress) -> None:
        films = list(self._films.items())
        count = films[0][1].clusters if films else 0
        for n in range(count):
            blocks = [(who, block) for who, film in films for block in film.blocks(n)]
            blocks.sort(key=lambda found: found[1].at)
            for who, block in blocks:
                self._until(block.at)
                self._take(who, block)
            self._mixed()
            progress(n + 1, count)
        self._until(self._index.duration // 1000)
        if self._voices is not None:
            self._voices.end()
            self._mixed()
        for stream in (self._picture, self._sound):
            self._file.mux(stream.encode(None))

    def _take(self, who: str, block: Block) -> None:
        if block.track == AUDIO:
            if self._voices is not None:
                self._voices.add(who, block.at, block.content)
            return
        eye = self._eyes[who]
        assert isinstance(eye, VideoCodecContext)
        try:
            frames = eye.decode(av.Packet(block.content))
        except av.error.InvalidDataError:
            return  # What it needs was lost; the last picture stays.
        for frame in frames:
            self._tiles.show(who, frame.to_image())  # type: ignore[no-untyped-call]
            self._frame = None

    def _until(self, ms: int) -> None:
        """Pictures of all, as they are, until that moment."""
        while self._n * 1000 // FPS < ms:
            if self._tiles.say(self._time(self._n * 1_000_000 // FPS)) or self._frame is None:
                canvas = self._tiles.canvas
                self._frame = av.VideoFrame.from_image(canvas)  # type: ignore[no-untyped-call]
            assert self._frame is not None
            self._frame.pts = self._n
            self._file.mux(self._picture.encode(self._frame))
            self._n += 1

    def _mixed(self) -> None:
        for frame in self._voices.mixed() if self._voices is not None else ():
            self._file.mux(self._sound.encode(frame))

    def _time(self, position: int) -> str:
        since = timedelta(microseconds=self._index.moment(position) - self._index.clock)
        at = datetime.fromisoformat(self._index.at) + since
        return at.astimezone(self._zone).strftime("%Y-%m-%d %H:%M:%S")


def main() -> int:
    given: dict[str, Any] = json.load(sys.stdin)
    key = bytes.fromhex(given.pop("key"))
    try:
        make(Job(**given), key, lambda done, of: _say({"done": done, "of": of}))
    except Exception as wrong:
        _say({"failed": type(wrong).__name__})
        return 1
    return 0


def _say(what: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.nice(10)  # A film can wait; a voice cannot.
    sys.exit(main())
