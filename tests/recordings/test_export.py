"""One film of everybody, in a process of its own."""

from __future__ import annotations

import asyncio
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageChops

from recordings import lettering
from recordings.export import Export, Failed, Job
from recordings.tiles import SIZE, Tiles
from tests.recordings.encoding import speak
from tests.recordings.simulation import KEY, SECOND, START, recording

pytestmark = pytest.mark.timeout(400)
"""A machine that does much else is slow, not wrong."""

SECONDS = 2
NAMES = {"ann": "张三", "bob": "Bob"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = recording(tmp_path_factory.mktemp("export"))
    people = zip(
        speak(made, "ann", 1, 440, (200, 30, 30), SECONDS),
        speak(made, "bob", 3, 880, (30, 30, 200), SECONDS),
        strict=True,
    )
    for second, _ in people:
        made.keep(made.take(START + (second + 1) * SECOND))
    made.keep(made.end(START + SECONDS * SECOND, "done"))
    return made.folder


async def test_it_shows_and_says_everybody(folder: Path, tmp_path: Path) -> None:
    to, told = tmp_path / "all.mp4", list[tuple[int, int]]()
    job = Job(str(folder), str(to), NAMES, "宣读协议")
    assert await Export(job, KEY, lambda done, of: told.append((done, of))).run()
    assert told[-1] == (1, 1)
    assert list(tmp_path.iterdir()) == [to]
    with av.open(str(to)) as file:
        assert file.duration == pytest.approx(SECONDS * SECOND, abs=200_000)
        picture = next(f for f in file.decode(video=0) if f.time and f.time >= 1)
    left, right = np.array_split(picture.to_ndarray(format="rgb24")[100:500, 100:-100], 2, axis=1)
    assert int(left[:, :400].mean(axis=(0, 1)).argmax()) == 0
    assert int(right[:, -400:].mean(axis=(0, 1)).argmax()) == 2
    with av.open(str(to)) as file:
        sounds = np.concatenate([f.to_ndarray()[0] for f in file.decode(audio=0)])
    spectrum = np.abs(np.fft.rfft(sounds[24000 : 24000 + 48000]))
    assert min(spectrum[440], spectrum[880]) > 20 * np.median(spectrum)
    assert spectrum[440] > 5 * spectrum[600:700].max()


async def test_given_up_it_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    to = tmp_path / "all.mp4"
    made = Export(Job(str(folder), str(to), NAMES, ""), KEY, lambda done, of: made.cancel())
    assert not await made.run()
    assert list(tmp_path.iterdir()) == []


async def test_one_that_is_cancelled_from_outside_ends_its_process(
    folder: Path, tmp_path: Path
) -> None:
    made = Export(Job(str(folder), str(tmp_path / "a.mp4"), {}, ""), KEY, lambda done, of: None)
    running = asyncio.create_task(made.run())
    await asyncio.sleep(0.1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert made._process is not None
    assert made._process.returncode is not None


async def test_another_key_makes_no_film(folder: Path, tmp_path: Path) -> None:
    (folder / "index.sealed").unlink(missing_ok=True)
    job = Job(str(folder), str(tmp_path / "all.mp4"), NAMES, "")
    with pytest.raises(Failed, match="Damaged"):
        await Export(job, bytes(32), lambda done, of: None).run()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("people", [0, 1, 2, 3, 5, 8, 9])
def test_there_is_a_tile_for_everybody(people: int) -> None:
    who = [str(n) for n in range(people)]
    tiles = Tiles(who, {}, "x" * 300)
    for one in who:
        before = tiles.canvas.copy()
        tiles.show(one, Image.new("RGB", (640, 360), (0, 200, 0)))
        changed = ImageChops.difference(before, tiles.canvas).getbbox()
        assert changed
        assert changed[3] <= SIZE[1]
    assert tiles.say("10:00")
    assert not tiles.say("10:00")


def test_a_long_name_is_broken_between_letters() -> None:
    broken = lettering.lines("张" * 40, lettering.font(24), 200)
    assert len(broken) > 1
    assert "".join(broken) == "张" * 40
