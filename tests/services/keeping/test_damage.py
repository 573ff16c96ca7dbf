"""What is damaged, changed, newer or out of place is refused, and leaves nothing behind."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from server.security import key_copy
from server.security.key_copy import KeyCopy
from server.security.keys import KeyStore
from server.services.context import Context
from server.services.keeping import archive, engines, manifest
from server.services.keeping.backup import backup
from server.services.keeping.manifest import DESTROYED, HASHES, MANIFEST, NotDone
from server.services.keeping.restore import restore
from server.settings import Settings
from server.store.store import Store
from server.store.tables import user
from tests.gateway.house import on_sqlite
from tests.services.conftest import Staff
from tests.services.keeping.house import PASSPHRASE, config_of, elsewhere, furnish
from tests.store.world import World


@pytest.fixture
async def whole(ctx: Context, world: World, staff: Staff, vault: Path) -> Path:
    await furnish(ctx, world, staff)
    await backup(config_of(ctx), ctx.keys, vault / "backup", ctx.clock)
    return vault / "backup"


def keys_of(ctx: Context, vault: Path) -> KeyCopy:
    key_copy.write(ctx.keys, vault / "keys.copy", PASSPHRASE, ctx.clock())
    return key_copy.read(vault / "keys.copy", PASSPHRASE)


async def refused(ctx: Context, backup: Path, keys: KeyCopy | None, match: str) -> None:
    """And the folder is as empty as it was."""
    fresh = backup.parent / "fresh"
    with pytest.raises(NotDone, match=match):
        await restore(Settings(data_dir=fresh), backup, keys, ctx.clock())
    assert not fresh.exists() or list(fresh.iterdir()) == []


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def any_paper(backup: Path) -> Path:
    return next(file for file in (backup / "files").rglob("*") if file.is_file())


def said(backup: Path, **changes: object) -> None:
    """The manifest, saying something else."""
    made = json.loads((backup / MANIFEST).read_text())
    (backup / MANIFEST).write_text(json.dumps({**made, **changes}))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "heyi.sqlite3 isn't what it was": lambda b: flip(b / "heyi.sqlite3"),
    "files/.* isn't what it was": lambda b: flip(any_paper(b)),
    "files/.* is missing": lambda b: any_paper(b).unlink(),
    "files/strange isn't": lambda b: shutil.copy(any_paper(b), b / "files/strange"),
    "destroyed.txt isn't what it was": lambda b: (b / DESTROYED).write_text(""),
    "hashes.txt isn't": lambda b: (b / HASHES).write_text((b / HASHES).read_text()[1:]),
    "has no manifest": lambda b: (b / MANIFEST).unlink(),
    "manifest can't be read": lambda b: (b / MANIFEST).write_text("{}"),
    "signature does not hold": lambda b: said(b, made_at="2026-01-01T00:00:00+00:00"),
    "not as many rows": lambda b: said(b, rows={"case": 1}),
    "made by a newer version": lambda b: said(b, format=manifest.FORMAT + 1),
    "level 9999, which this version": lambda b: said(b, level="9999"),
    "a link is in it": lambda b: (b / "files/zz").symlink_to("/etc"),
}


@on_sqlite
async def test_what_is_damaged_is_refused(ctx: Context, whole: Path, vault: Path) -> None:
    keys = keys_of(ctx, vault)
    for words, damage in DAMAGES.items():
        copy = vault / "damaged"
        shutil.copytree(whole, copy)
        damage(copy)
        await refused(ctx, copy, None if words == "not as many rows" else keys, words)
        shutil.rmtree(copy)


@on_sqlite
async def test_what_is_cut_off_is_refused(
    ctx: Context, world: World, staff: Staff, vault: Path
) -> None:
    await furnish(ctx, world, staff)
    file, keys = vault / "backup.tar", keys_of(ctx, vault)
    await backup(config_of(ctx), ctx.keys, file, ctx.clock)
    content = file.read_bytes()
    for share in (0, 0.2, 0.5, 0.99):
        file.write_bytes(content[: int(len(content) * share)])
        await refused(ctx, file, keys, "cut off")


@on_sqlite
async def test_a_tar_with_a_way_out_is_refused(ctx: Context, whole: Path, vault: Path) -> None:
    packed = vault / "packed.tar"
    with tarfile.open(packed, "w") as tar:
        tar.add(whole, arcname=".", recursive=False)
        for name, _ in list(archive.names(whole)):
            tar.add(whole / name, arcname=name)
        tar.add(whole / DESTROYED, arcname="../outside")
    await refused(ctx, packed, keys_of(ctx, vault), "is in it|does not belong")
    assert not (vault / "outside").exists()


async def test_a_folder_or_a_database_with_something_in_it_is_left_alone(
    ctx: Context, whole: Path, vault: Path, tmp_path: Path
) -> None:
    keys = keys_of(ctx, vault)
    async with elsewhere(ctx, tmp_path / "fresh") as config:
        await restore(config, whole, keys, ctx.clock())
        store = Store(config.database)
        with pytest.raises(NotDone, match="isn't empty"):
            await restore(config, whole, keys, ctx.clock())
        other = config.model_copy(update={"data_dir": tmp_path / "other"})
        if not store.sqlite:
            with pytest.raises(NotDone, match="database isn't empty"):
                await restore(other, whole, keys, ctx.clock())
        async with store.read() as conn:
            assert (await conn.execute(user.select())).all()
        await store.close()


async def test_what_fails_a_check_leaves_the_database_empty_for_the_next_try(
    ctx: Context, whole: Path, vault: Path, tmp_path: Path
) -> None:
    right = json.loads((whole / MANIFEST).read_text())["rows"]
    async with elsewhere(ctx, tmp_path / "fresh") as config:
        said(whole, rows={"case": 1})
        with pytest.raises(NotDone, match="not as many rows"):
            await restore(config, whole, None, ctx.clock())
        said(whole, rows=right)
        assert (await restore(config, whole, None, ctx.clock())).cases == 4


@on_sqlite
async def test_a_backup_of_the_other_database_is_refused(
    ctx: Context, whole: Path, vault: Path
) -> None:
    other = Settings(data_dir=vault / "fresh", database_url="postgresql://nobody@nowhere/heyi")
    with pytest.raises(NotDone, match="is of sqlite, and database_url names postgresql"):
        await restore(other, whole, None, ctx.clock())


@on_sqlite
async def test_a_restore_that_was_broken_off_is_begun_anew(
    ctx: Context, whole: Path, vault: Path
) -> None:
    left = vault / "fresh" / ".restoring" / "files"
    left.mkdir(parents=True)
    done = await restore(Settings(data_dir=vault / "fresh"), whole, None, ctx.clock())
    assert done.cases == 4
    assert sorted(p.name for p in (vault / "fresh").iterdir()) == ["files", "heyi.sqlite3"]


@on_sqlite
async def test_a_backup_takes_nobodys_place(ctx: Context, whole: Path) -> None:
    with pytest.raises(NotDone, match="something at"):
        await backup(config_of(ctx), ctx.keys, whole, ctx.clock)
    inside = ctx.settings.data_dir / "backup"
    with pytest.raises(NotDone, match="somewhere else"):
        await backup(config_of(ctx), ctx.keys, inside, ctx.clock)


@on_sqlite
async def test_keys_past_their_time_are_taken_only_when_that_is_said(
    ctx: Context, whole: Path, vault: Path
) -> None:
    keys = keys_of(ctx, vault)
    later = ctx.clock() + key_copy.GOOD_FOR + timedelta(seconds=1)
    fresh = Settings(data_dir=vault / "fresh")
    with pytest.raises(NotDone, match="past its time"):
        await restore(fresh, whole, keys, later)
    assert (await restore(fresh, whole, keys, later, old_keys=True)).destroyed == 1


@on_sqlite
async def test_the_keys_of_another_server_are_refused(
    ctx: Context, whole: Path, vault: Path
) -> None:
    key_copy.write(KeyStore(vault / "others"), vault / "keys.copy", PASSPHRASE, ctx.clock())
    await refused(
        ctx, whole, key_copy.read(vault / "keys.copy", PASSPHRASE), "keys of another server"
    )


async def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(engines, "DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotDone, match="apt-get install postgresql-client"):
        engines.program("pg_dump")
