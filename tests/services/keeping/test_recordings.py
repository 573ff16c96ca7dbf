"""Recordings go along with a backup, as far as they are whole, and what is destroyed stays so."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from recordings import recovery, retention, verify
from recordings.library import RecordingLibrary
from recordings.problem import Problem
from recordings.recording import Recording
from recordings.segment import file_name
from server.domain.ids import RecordingId
from server.security import key_copy
from server.security.keys import recording_key
from server.services.context import Context
from server.services.keeping import manifest, recordings
from server.services.keeping.backup import backup
from server.services.keeping.manifest import HASHES, MANIFEST, NotDone
from server.services.keeping.restore import restore
from server.services.library import Unreadable
from server.settings import Settings
from server.store.tables import recording_file
from tests.gateway.house import on_sqlite
from tests.http import recorded
from tests.recordings.simulation import ABOUT, AT, SECOND, START, add, rtp, unsafe, voice
from tests.services.keeping.house import PASSPHRASE, config_of, elsewhere, opened
from tests.store.world import World


def folder_of(ctx: Context, one: RecordingId) -> Path:
    return ctx.settings.data_dir / "recordings" / one


async def made(ctx: Context, world: World, *, over: bool = True) -> tuple[RecordingId, Recording]:
    """As many segments as the database knows of, or two that it doesn't know yet."""
    async with ctx.store.write() as conn:
        one = (await recorded.put(conn, world.session.id, world.host)).id
        if not over:
            await conn.execute(delete(recording_file).where(recording_file.c.recording == one))
    ctx.keys.data.make(recording_key(one), "tenant")
    key = ctx.keys.data.get(recording_key(one))
    assert key
    about = {**ABOUT, "recording": one}
    tape = Recording(folder_of(ctx, one), key, about, START, AT, unsafe)
    tape.track(voice(), START)
    for second in range(2):
        add(tape, 1, rtp(second, second * 960, b"\xf8 said"), START + second * SECOND)
        tape.keep(tape.take(START + (second + 1) * SECOND))
    if over:
        tape.keep(tape.end(START + 3 * SECOND, "done"))
    return one, tape


def destroy(ctx: Context, one: RecordingId) -> None:
    retention.destroy(ctx.keys.data, folder_of(ctx, one), one, AT, "over")


async def silent(ctx: Context, one: RecordingId) -> bool:
    """Whether nothing can be read of it."""
    try:
        await RecordingLibrary(ctx.settings.data_dir / "recordings", ctx.keys).timeline(one)
    except Unreadable:
        return True
    return False


async def test_what_is_whole_is_back_and_what_is_destroyed_is_not(
    ctx: Context, world: World, vault: Path, tmp_path: Path
) -> None:
    whole, _ = await made(ctx, world)
    later, _ = await made(ctx, world)
    before, _ = await made(ctx, world)
    running, tape = await made(ctx, world, over=False)
    (folder_of(ctx, running) / f".{file_name(2)}.draft").write_bytes(b"half of")
    destroy(ctx, before)
    assert [await silent(ctx, one) for one in (whole, later, before)] == [False, False, True]

    await backup(config_of(ctx), ctx.keys, vault / "backup.tar", ctx.clock)
    tape.keep(tape.end(START + 3 * SECOND, "after the backup"))
    destroy(ctx, later)
    key_copy.write(ctx.keys, vault / "keys.copy", PASSPHRASE, ctx.clock())

    async with elsewhere(ctx, tmp_path / "fresh") as config:
        keys = key_copy.read(vault / "keys.copy", PASSPHRASE)
        done = await restore(config, vault / "backup.tar", keys, ctx.clock())
        assert (done.recordings, done.unreadable) == (3, 1)
        async with opened(config) as again:

            def key(one: RecordingId) -> bytes:
                return again.keys.data.get(recording_key(one)) or b""

            assert verify.folder(folder_of(again, whole), key(whole)) == []
            assert not await silent(again, whole)
            until_then = folder_of(again, running)
            assert verify.folder(until_then, key(running)) == [Problem("segment", "missing", 2)]
            assert not list(until_then.glob(".*"))
            recovery.close(until_then, key(running), running)
            assert verify.folder(until_then, key(running)) == []
            assert await silent(ctx, later)
            assert await silent(again, later)
            assert verify.folder(folder_of(again, later)) == [], "sealed, and of use to nobody"
            assert retention.holds(folder_of(again, before))
            assert not list(folder_of(again, before).glob("*.seg"))


@on_sqlite
async def test_one_that_is_destroyed_meanwhile_goes_without_its_segments(
    ctx: Context, world: World, vault: Path, tmp_path: Path
) -> None:
    one, _ = await made(ctx, world)

    def then(what: str, done: int, _of: int) -> None:
        if (what, done) == (recordings.FOLDER, 0):
            destroy(ctx, one)

    await backup(config_of(ctx), ctx.keys, vault / "backup", ctx.clock, then)
    fresh = Settings(data_dir=tmp_path / "fresh")
    done = await restore(fresh, vault / "backup", None, ctx.clock())
    assert done.recordings == 0
    assert retention.holds(tmp_path / "fresh" / "recordings" / one)


@on_sqlite
async def test_one_that_is_missing_is_said(
    ctx: Context, world: World, vault: Path, tmp_path: Path
) -> None:
    one, _ = await made(ctx, world)
    whole = vault / "backup"
    await backup(config_of(ctx), ctx.keys, whole, ctx.clock)
    without(whole, f"recordings/{one}/{file_name(1)}", manifest.FORMAT)
    fresh = Settings(data_dir=tmp_path / "fresh")
    with pytest.raises(NotDone, match=f"incomplete: recording {one}"):
        await restore(fresh, whole, None, ctx.clock())
    # Before recordings went along, it was for whoever keeps the server to bring them.
    without(whole, f"recordings/{one}/", 1)
    assert (await restore(fresh, whole, None, ctx.clock())).recordings == 0

    shutil.rmtree(whole)
    (folder_of(ctx, one) / file_name(1)).unlink()
    shutil.rmtree(tmp_path / "fresh")
    assert (await backup(config_of(ctx), ctx.keys, whole, ctx.clock)).lacking == [one]
    done = await restore(fresh, whole, None, ctx.clock())
    assert (done.recordings, done.made.lacking) == (1, [one])


def without(backup: Path, name: str, level: int) -> None:
    """The backup made again, of format `level`, without whatever's name begins so."""
    lines = (backup / HASHES).read_text().splitlines(keepends=True)
    (backup / HASHES).write_text("".join(line for line in lines if f"  {name}" not in line))
    for file in backup.rglob("*"):
        if file.is_file() and file.relative_to(backup).as_posix().startswith(name):
            file.unlink()
    said = json.loads((backup / MANIFEST).read_text())
    said |= {"format": level, "hashes": hashlib.sha256((backup / HASHES).read_bytes()).hexdigest()}
    (backup / MANIFEST).write_text(json.dumps(said))


def test_no_segment_is_left_out_by_reading_a_folder_that_grows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = [[0, 2], [0, 1, 2, 3]]

    def names(_folder: Path) -> Iterator[str]:
        return iter(["head.json", *map(file_name, seen.pop(0))])

    monkeypatch.setattr(recordings, "_names", names)
    assert recordings.whole(tmp_path) == [*map(file_name, range(3)), "head.json"]
