"""Playing: what is derived from the segments, by any range of bytes and in step."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import av
import numpy as np
import pytest

from recordings import index as indexes
from recordings.film import Film
from recordings.index import Index, open_index
from recordings.recording import Recording, Track
from recordings.webm import AUDIO, VIDEO
from tests.recordings.encoding import speak
from tests.recordings.simulation import (
    KEY,
    SECOND,
    START,
    Sender,
    add,
    fake_frame,
    recording,
    rtp,
    sender_report,
    vp8_packets,
)

SECONDS = 6


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two people for six seconds."""
    made = recording(tmp_path_factory.mktemp("film"))
    people = zip(
        speak(made, "ann", 1, 440, (200, 30, 30), SECONDS),
        speak(made, "bob", 3, 880, (30, 30, 200), SECONDS),
        strict=True,
    )
    for second, _ in people:
        made.keep(made.take(START + (second + 1) * SECOND))
    made.keep(made.end(START + SECONDS * SECOND, "done"))
    return made.folder


@pytest.fixture
def index(folder: Path) -> Index:
    return indexes.read(folder, KEY)


def whole(film: Film) -> bytes:
    return b"".join(film.read(0, film.size))


@pytest.mark.parametrize(("person", "hertz", "loudest"), [("ann", 440, 0), ("bob", 880, 2)])
def test_a_library_plays_what_was_sent(
    folder: Path, index: Index, person: str, hertz: int, loudest: int
) -> None:
    content = whole(Film(folder, KEY, index, person))
    with av.open(io.BytesIO(content)) as file:
        assert file.duration == SECONDS * SECOND
        sounds = [f.to_ndarray() for f in file.decode(audio=0)]
    spectrum = np.abs(np.fft.rfft(np.concatenate(sounds, axis=1)[0, :48000]))
    assert abs(int(np.argmax(spectrum)) - hertz) <= 2
    with av.open(io.BytesIO(content)) as file:
        pictures = list(file.decode(video=0))
    assert len(pictures) == SECONDS * 10
    assert [f.time for f in pictures] == pytest.approx([n / 10 for n in range(60)], abs=0.002)
    colours = pictures[30].to_ndarray(format="rgb24").mean(axis=(0, 1))
    assert int(np.argmax(colours)) == loudest


def test_any_range_is_the_same_bytes(folder: Path, index: Index) -> None:
    content = whole(Film(folder, KEY, index, "ann"))
    film = Film(folder, KEY, index, "ann")
    assert film.size == len(content)
    step = 7919
    for first in reversed(range(0, len(content), step)):
        assert b"".join(film.read(first, first + step)) == content[first : first + step]
    assert b"".join(film.read(film.size, film.size + 9)) == b""
    assert film.left_out == 0


def test_one_can_begin_in_the_middle(folder: Path, index: Index) -> None:
    with av.open(io.BytesIO(whole(Film(folder, KEY, index, "bob")))) as file:
        file.seek(5 * SECOND)
        first = next(file.decode(video=0))
    assert 3.9 < (first.time or 0) <= 5


def test_the_index_that_is_kept_is_the_one_that_is_read(folder: Path) -> None:
    (folder / indexes.CACHE).unlink(missing_ok=True)
    made = open_index(folder, KEY)
    kept = folder / indexes.CACHE
    assert kept.exists()
    assert b"ann" not in kept.read_bytes()
    assert open_index(folder, KEY) == made == indexes.read(folder, KEY)
    kept.write_bytes(b"something else")
    assert open_index(folder, KEY) == made


def test_a_voice_that_is_silent_goes_on_as_silence(tmp_path: Path) -> None:
    made = recording(tmp_path)
    made.track(Track(1, "ann", "audio", "opus", 48000, "a"), START)
    for second in range(12):
        if second == 0 or second >= 9:
            for n in range(second * 50, second * 50 + 50):
                if n % 50 < 30:
                    at = START + n * 20_000
                    add(made, 1, rtp(n, n * 960, b"\xf8\x01"), at)
        made.keep(made.take(START + (second + 1) * SECOND))
    made.keep(made.end(START + 12 * SECOND, "done"))
    index = indexes.read(made.folder, KEY)
    film = Film(made.folder, KEY, index, "ann")
    times = [b.at for n in range(4) for b in film.blocks(n)]
    # There is something each 20 ms, to the end.
    assert set(np.diff(times)) == {20}
    assert times[0] == 0
    assert times[-1] == 11_980


class Meeting:
    """Half an hour of three people with bad clocks and networks, and two pauses."""

    MINUTES = 30
    PAUSES = ((600, 725), (1200, 1203))
    PEOPLE = (
        Sender(1, ahead=-3e5, drift=80, delay=12_000, jitter=8_000, loss=0.02, stamp0=0xFFFF0000),
        Sender(2, ahead=12.5, drift=-60, delay=30_000, jitter=15_000, loss=0.1, stamp0=77),
        Sender(3, ahead=0.0, drift=5, delay=42_000, jitter=10_000, loss=0.05, stamp0=2**31),
    )

    def __init__(self, folder: Path) -> None:
        self.made = recording(folder)
        self.seq = [0] * 6
        for n, person in enumerate("abc"):
            clock = f"link-{person}"
            self.made.track(Track(2 * n, person, "audio", "opus", 48000, clock), START)
            self.made.track(Track(2 * n + 1, person, "video", "vp8", 90000, clock), START)

    def run(self) -> Recording:
        for second in range(self.MINUTES * 60):
            at = START + second * SECOND
            if any(second == begins for begins, _ in self.PAUSES):
                self.made.keep(self.made.pause(at, "somebody came"))
            if any(second == ends for _, ends in self.PAUSES):
                self.made.resume(at)
            if not self.made.paused:
                for n, sender in enumerate(self.PEOPLE):
                    self._second(n, sender, at, second)
                self.made.keep(self.made.take(at + SECOND))
            else:  # Who goes on speaking goes on counting.
                self.seq = [seq + 10 for seq in self.seq]
        self.made.keep(self.made.end(START + self.MINUTES * 60 * SECOND, "done"))
        return self.made

    def _second(self, n: int, sender: Sender, begins: int, second: int) -> None:
        sent = []
        for at in range(begins, begins + SECOND, 200_000):
            when = struct.pack(">Q", at)
            voice = rtp(self._next(2 * n), sender.stamp(at, 48000), b"\xf8" + when)
            frame = fake_frame(900, key=at == begins and second % 10 == 0) + when
            stamp = sender.stamp(at, 90000)
            (picture,) = vp8_packets(frame, self._next(2 * n + 1), stamp)
            sent += [(2 * n, at, voice), (2 * n + 1, at, picture)]
        for track, rate in ((2 * n, 48000), (2 * n + 1, 90000)):
            report = sender_report(sender.ntp(begins), sender.stamp(begins, rate))
            if (second % 2 or track % 2) and (arrived := sender.arrives(begins)):
                self.made.report(track, arrived, report)
        for track, at, packet in sent:
            if arrived := sender.arrives(at):
                add(self.made, track, packet, arrived)

    def _next(self, track: int) -> int:
        self.seq[track] += 1
        return self.seq[track]


def test_everybody_is_in_step_for_half_an_hour(tmp_path: Path) -> None:
    made = Meeting(tmp_path).run()
    index = indexes.read(made.folder, KEY)
    assert index.duration == (30 * 60 - 125 - 3) * SECOND
    errors: dict[tuple[str, int], list[float]] = {}
    for person in "abc":
        film = Film(made.folder, KEY, index, person)
        last = {AUDIO: -1, VIDEO: -1}
        for n in range(len(film._rooms)):
            for block in film.blocks(n):
                assert block.at >= last[block.track]
                last[block.track] = block.at
                if len(block.content) > 8:
                    (at,) = struct.unpack(">Q", block.content[-8:])
                    error = block.at - index.place(at) / 1000
                    errors.setdefault((person, block.track), []).append(error)
        assert film.left_out == 0
    counts = {who: len(found) for who, found in errors.items()}
    assert min(counts.values()) > 0.88 * 5 * (30 * 60 - 128)
    worst = [max(map(abs, found)) for found in errors.values()]
    # Between any two of them, voices and pictures.
    spread = max(max(f) for f in errors.values()) - min(min(f) for f in errors.values())
    assert spread <= 60, worst
    means = [float(np.mean(found)) for found in errors.values()]
    assert max(means) - min(means) <= 40
