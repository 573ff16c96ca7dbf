"""Backed up, and restored on a fresh folder: all is back but what was destroyed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from server.domain.case import Case
from server.domain.ids import DocumentId
from server.domain.party import Details
from server.domain.user import User
from server.security import key_copy
from server.services import audit, demo, documents, profiles, sealed
from server.services.context import Context
from server.services.keeping import backup as backups
from server.services.keeping import engines
from server.services.keeping.backup import backup
from server.services.keeping.manifest import NotDone
from server.services.keeping.restore import Restored, restore
from server.settings import Settings
from server.store import contents, parties
from tests.services import matters
from tests.services.conftest import Staff
from tests.services.keeping.house import (
    PAPER,
    PASSPHRASE,
    config_of,
    elsewhere,
    furnish,
    opened,
    paper,
    rows,
)
from tests.services.refusing import refused
from tests.services.test_documents import pieces
from tests.services.test_profiles import JPEG
from tests.store.world import World

KEYS = "keys.copy"


async def back_up(ctx: Context, vault: Path, name: str = "backup") -> Path:
    """The data, then the keys."""
    await backup(config_of(ctx), ctx.keys, vault / name, ctx.clock)
    key_copy.write(ctx.keys, vault / KEYS, PASSPHRASE, ctx.clock())
    return vault / name


async def put_back(ctx: Context, config: Settings, vault: Path, name: str = "backup") -> Restored:
    keys = key_copy.read(vault / KEYS, PASSPHRASE)
    return await restore(config, vault / name, keys, ctx.clock())


async def known(ctx: Context, case: Case) -> Details:
    async with ctx.store.read() as conn:
        hidden = await parties.sealed(conn, case.id)
    first = case.parties[0].id
    return sealed.details(ctx, case.id, first, hidden[first])


async def content(ctx: Context, user: User, case: Case, document: DocumentId) -> bytes:
    found = await documents.opened(ctx, user, case.id, document)
    return b"".join([chunk async for chunk in found.chunks])


@pytest.mark.parametrize("name", ["backup", "backup.tar"])
async def test_everything_is_back_but_what_was_destroyed(
    ctx: Context, world: World, staff: Staff, vault: Path, tmp_path: Path, name: str
) -> None:
    kept = await furnish(ctx, world, staff)
    assert await known(ctx, kept.case) == matters.ALICE.details
    await back_up(ctx, vault, name)
    before = await rows(ctx.store)

    async with elsewhere(ctx, tmp_path / "fresh") as config:
        done = await put_back(ctx, config, vault, name)
        assert (done.destroyed, done.without_key) == (1, len(await without_keys(ctx)))
        async with opened(config) as again:
            assert await rows(again.store) == before
            assert await audit.verify(again) == []
            assert await known(again, kept.case) == matters.ALICE.details
            assert await content(again, staff.wang, kept.case, kept.paper) == PAPER
            assert again.keys.link_key == ctx.keys.link_key
            assert await known(again, kept.gone) == Details()
            with refused("not_found"):
                await documents.opened(again, staff.wang, kept.gone.id, kept.gone_paper)
            assert again.keys.data.get(kept.gone.id) is None


async def test_a_whole_bureau_with_its_meetings_is_back(
    ctx: Context, vault: Path, tmp_path: Path
) -> None:
    link = (await demo.seed(ctx))["session"]["host_link"]
    await back_up(ctx, vault)
    before = await rows(ctx.store)
    async with elsewhere(ctx, tmp_path / "fresh") as config:
        done = await put_back(ctx, config, vault)
        assert (done.destroyed, done.without_key) == (0, 0)
        async with opened(config) as again:
            assert await rows(again.store) == before
            assert (await demo.seed(again))["session"]["host_link"].partition("/j/")[2] == (
                link.partition("/j/")[2]
            )


async def without_keys(ctx: Context) -> set[str]:
    """Cases that the test's world made by hand, without a key."""
    async with ctx.store.read() as conn:
        cases = await contents.things(conn)
    return cases - ctx.keys.data.known() - ctx.keys.data.destroyed()


async def test_a_key_destroyed_since_the_copy_of_the_keys_stays_destroyed(
    ctx: Context, world: World, staff: Staff, vault: Path, tmp_path: Path
) -> None:
    """An older copy of the keys with a newer backup: what the backup knows to be gone is gone."""
    case = await matters.matter(ctx, world.station, staff.wang.id)
    key_copy.write(ctx.keys, vault / KEYS, PASSPHRASE, ctx.clock())
    key = ctx.keys.data._store().execute("SELECT wrapped FROM data_key").fetchone()[0]
    ctx.keys.data.destroy(case.id)
    await backup(config_of(ctx), ctx.keys, vault / "backup", ctx.clock)
    async with elsewhere(ctx, tmp_path / "fresh") as config:
        await put_back(ctx, config, vault)
        async with opened(config) as again:
            assert await known(again, case) == Details()
    for left in (tmp_path / "fresh").rglob("*"):
        assert not left.is_file() or key not in left.read_bytes()


async def test_no_key_is_in_a_backup(ctx: Context, world: World, staff: Staff, vault: Path) -> None:
    await furnish(ctx, world, staff)
    ctx.keys.make_all()
    await backup(config_of(ctx), ctx.keys, vault / "backup.tar", ctx.clock)
    text = (vault / "backup.tar").read_bytes()
    secrets = [file.read_bytes() for file in ctx.keys.folder.glob("*.key")]
    secrets += [row[0] for row in ctx.keys.data._store().execute("SELECT wrapped FROM data_key")]
    assert len(secrets) > 4
    assert [secret for secret in secrets if secret in text] == []


async def test_a_backup_while_everybody_writes_is_of_one_moment(
    ctx: Context, world: World, staff: Staff, vault: Path, tmp_path: Path
) -> None:
    stop, made = asyncio.Event(), 0

    async def write() -> None:
        nonlocal made
        while not stop.is_set():
            await paper(ctx, await matters.matter(ctx, world.station, staff.wang.id), staff)
            made += 1

    writers = [asyncio.create_task(write()) for _ in range(2)]
    while made < 3:
        await asyncio.sleep(0.01)
    await back_up(ctx, vault)
    before = made
    while made == before:
        await asyncio.sleep(0.01)
    stop.set()
    await asyncio.gather(*writers)
    async with elsewhere(ctx, tmp_path / "fresh") as config:
        done = await put_back(ctx, config, vault)
        assert 5 <= done.cases < made + 2
        assert (done.destroyed, done.without_key) == (0, 2)
        async with opened(config) as again:
            assert await audit.verify(again) == []


async def test_a_file_that_is_deleted_meanwhile_takes_the_database_anew(
    ctx: Context, staff: Staff, vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A photo that is replaced is deleted at once, and the first copy still names it."""
    await profiles.set_photo(ctx, staff.li, pieces(JPEG))
    taken = 0
    real = engines.snapshot

    @asynccontextmanager
    async def then_replaced(*given: Any) -> AsyncIterator[Any]:
        nonlocal taken
        async with real(*given) as snapshot:
            taken += 1
            if taken == 1:
                await profiles.set_photo(ctx, staff.li, pieces(JPEG))
            yield snapshot

    monkeypatch.setattr(backups, "snapshot", then_replaced)
    await back_up(ctx, vault)
    assert taken == 2
    async with elsewhere(ctx, tmp_path / "fresh") as config:
        await put_back(ctx, config, vault)
        async with opened(config) as again:
            assert (await profiles.photo(again, staff.wang, staff.li.id)).content


async def test_a_file_that_is_missing_is_said_and_no_backup_is_left(
    ctx: Context, staff: Staff, vault: Path
) -> None:
    await profiles.set_photo(ctx, staff.li, pieces(JPEG))
    (photo,) = (file for file in (ctx.settings.data_dir / "files").rglob("*") if file.is_file())
    photo.unlink()
    with pytest.raises(NotDone, match="missing"):
        await back_up(ctx, vault)
    assert list(vault.iterdir()) == []


async def test_it_is_restored_without_keys_only_when_that_is_said(
    ctx: Context, world: World, staff: Staff, vault: Path, tmp_path: Path
) -> None:
    kept = await furnish(ctx, world, staff)
    await backup(config_of(ctx), ctx.keys, vault / "backup", ctx.clock)
    async with elsewhere(ctx, tmp_path / "fresh") as config:
        done = await restore(config, vault / "backup", None, ctx.clock())
        assert (done.cases, done.destroyed, done.without_key) == (4, 1, 3)
        async with opened(config) as again:
            assert await known(again, kept.case) == Details()
