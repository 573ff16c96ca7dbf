"""Playing: what is derived from the segments, by any range of bytes and in step."""

from __future__ import annotations

import io
from pathlib import Path

import av
import numpy as np
import pytest

from recordings import index as indexes
from recordings.film import Film
from recordings.index import Index, open_index
from recordings.track import Track
from tests.recordings.encoding import speak
from tests.recordings.meeting import A_SECOND, Meeting, out_of_step, spread
from tests.recordings.simulation import (
    KEY,
    SECOND,
    START,
    add,
    fake_frame,
    picture,
    recording,
    rtp,
    vp8_packets,
)

pytestmark = pytest.mark.timeout(400)
"""A machine that does much else is slow, not wrong."""

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
    with av.open(io.BytesIO(content), "r") as file:
        assert file.duration == SECONDS * SECOND
        sounds = [f.to_ndarray() for f in file.decode(audio=0)]
    spectrum = np.abs(np.fft.rfft(np.concatenate(sounds, axis=1)[0, :48000]))
    assert abs(int(np.argmax(spectrum)) - hertz) <= 2
    with av.open(io.BytesIO(content), "r") as file:
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
    with av.open(io.BytesIO(whole(Film(folder, KEY, index, "bob"))), "r") as file:
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


def test_everybody_is_in_step_for_half_an_hour(tmp_path: Path) -> None:
    meeting = Meeting(tmp_path, minutes=30)
    made = meeting.run()
    index = indexes.read(made.folder, KEY)
    assert index.duration == (30 * 60 - 125 - 3) * SECOND
    errors = out_of_step(made.folder, index)
    assert min(len(found) for found in errors.values()) > 0.88 * A_SECOND * (30 * 60 - 128)
    # Between any two of them, voices and pictures.
    assert spread(errors) <= 40


def test_pictures_before_the_first_whole_one_are_left_out(tmp_path: Path) -> None:
    """Nobody could begin with them, and a browser gives a film up that begins so."""
    made = recording(tmp_path)
    made.track(picture(), START)
    for n in range(12):
        frame = fake_frame(800, key=n == 3)
        (packet,) = vp8_packets(frame, n, n * 18_000)
        add(made, 2, packet, START + n * SECOND // 5)
        if n % 5 == 4:
            made.keep(made.take(START + (n + 1) * SECOND // 5))
    made.keep(made.end(START + 12 * SECOND // 5, "done"))
    film = Film(made.folder, KEY, indexes.read(made.folder, KEY), "ann")
    assert [block.key for block in film.blocks(0)] == [True] + 8 * [False]
