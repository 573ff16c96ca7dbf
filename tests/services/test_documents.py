from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from server.domain.document import LARGEST, DocumentKind, FileType
from server.domain.ids import CaseId, DocumentId, UserId
from server.security.ids import new_id
from server.services import documents, sealed
from server.services.context import Context
from server.store import audit, tables
from tests.security.test_files import PLACE, jpeg, segment
from tests.services.conftest import Staff
from tests.services.refusing import refused
from tests.store.world import World

EVIDENCE = DocumentKind.EVIDENCE


async def pieces(*content: bytes) -> AsyncIterator[bytes]:
    for piece in content:
        yield piece


@pytest.fixture
async def case(ctx: Context, world: World) -> CaseId:
    await sealed.new_key(ctx, world.case.id, world.bureau.id)
    return world.case.id


async def add(
    ctx: Context, case: CaseId, content: bytes, by: UserId | None, name: str = "合同.pdf"
) -> DocumentId:
    return await documents.add(ctx, case, EVIDENCE, name, "image/png", pieces(content), by)


async def listed(ctx: Context, case: CaseId) -> list[documents.DocumentLine]:
    async with ctx.store.read() as conn:
        return await documents.of_case(ctx, conn, case)


async def told(ctx: Context, case: CaseId) -> list[tuple[str, str]]:
    async with ctx.store.read() as conn:
        entries = await audit.of_chain(conn, f"case:{case}")
    return [(e.verb, e.actor) for e in entries]


def files(ctx: Context) -> list[Path]:
    return [file for file in (ctx.settings.data_dir / "files").rglob("*") if file.is_file()]


async def test_a_paper_is_added_listed_and_opened(ctx: Context, case: CaseId, staff: Staff) -> None:
    content = b"%PDF-1.7 " + b"x" * 3_000_000
    paper = await add(ctx, case, content, staff.wang.id)
    (line,) = await listed(ctx, case)
    assert (line.name, line.type, line.size) == ("合同.pdf", FileType.PDF, len(content))
    assert line.by == "王敏"
    opened = await documents.opened(ctx, staff.supervisor, case, paper)
    assert b"".join([chunk async for chunk in opened.chunks]) == content
    assert await told(ctx, case) == [
        ("document.added", staff.wang.id),
        ("document.opened", staff.supervisor.id),
    ]


async def test_neither_name_nor_content_lies_open(ctx: Context, case: CaseId, staff: Staff) -> None:
    await add(ctx, case, b"%PDF-1.7 secret words", staff.wang.id, "张三的欠条.pdf")
    async with ctx.store.read() as conn:
        row = (await conn.execute(select(tables.document))).mappings().one()
    assert "张三" not in str(dict(row))
    assert b"secret" not in files(ctx)[0].read_bytes()


async def test_charlie_has_no_way_to_it(ctx: Context, case: CaseId, staff: Staff) -> None:
    paper = await add(ctx, case, b"%PDF-1.7", staff.wang.id)
    for stranger in (staff.zhao, staff.far_clerk, staff.li, staff.administrator):
        with refused("not_found"):
            await documents.opened(ctx, stranger, case, paper)
        with refused("not_found"):
            await documents.remove(ctx, stranger, case, paper)
    with refused("not_allowed"):
        await documents.remove(ctx, staff.supervisor, case, paper)
    assert [verb for verb, _ in await told(ctx, case)] == ["document.added"]


async def test_a_paper_is_found_only_in_its_own_case(
    ctx: Context, case: CaseId, staff: Staff, world: World
) -> None:
    paper = await add(ctx, case, b"%PDF-1.7", staff.wang.id)
    with refused("not_found"):
        await documents.opened(ctx, staff.zhao, world.other_session.case, paper)


async def test_removed_and_put_back(ctx: Context, case: CaseId, staff: Staff) -> None:
    paper = await add(ctx, case, b"%PDF-1.7", staff.wang.id)
    for _ in range(2):
        await documents.remove(ctx, staff.wang, case, paper)
    assert (await listed(ctx, case))[0].removed_at is not None
    with refused("not_found"):
        await documents.opened(ctx, staff.wang, case, paper)
    await documents.put_back(ctx, staff.clerk, case, paper)
    assert (await listed(ctx, case))[0].removed_at is None
    verbs = [verb for verb, _ in await told(ctx, case)]
    assert verbs == ["document.added", "document.removed", "document.put_back"]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"MZ\x90\0", "photo.jpg", "file_type"),
        (b"\xff\xd8\xff\xe0", "photo.jpg", "file_type"),
        (b"", "empty.pdf", "file_empty"),
        (b"%PDF-" + bytes(LARGEST), "long.pdf", "file_too_large"),
    ],
)
async def test_what_can_t_be_kept_leaves_nothing(
    ctx: Context, case: CaseId, staff: Staff, content: bytes, name: str, code: str
) -> None:
    with refused(code):
        await add(ctx, case, content, staff.wang.id, name)
    assert await listed(ctx, case) == []
    assert files(ctx) == []


async def test_several_are_kept_all_or_none(ctx: Context, case: CaseId, staff: Staff) -> None:
    given = [("a.pdf", pieces(b"%PDF-1")), ("b.exe", pieces(b"MZ"))]
    with refused("file_type"):
        await documents.add_all(ctx, case, EVIDENCE, given, staff.wang.id)
    assert await listed(ctx, case) == []
    assert files(ctx) == []


async def test_where_a_photo_was_taken_is_not_kept(
    ctx: Context, case: CaseId, staff: Staff
) -> None:
    photo = await add(ctx, case, jpeg(segment(0xFE, PLACE)), staff.wang.id, "wall.jpg")
    opened = await documents.opened(ctx, staff.wang, case, photo)
    assert b"".join([chunk async for chunk in opened.chunks]) == jpeg()


async def test_an_application_that_is_not_sent_yet(ctx: Context, world: World) -> None:
    """It has a key and no case: its papers are kept, 20 of them, and no chain is begun."""
    application = CaseId(new_id())
    await sealed.new_key(ctx, application, world.bureau.id)
    for _ in range(20):
        await add(ctx, application, b"%PDF-1.7", None)
    with refused("too_many_files"):
        await add(ctx, application, b"%PDF-1.7", None)
    assert len(await listed(ctx, application)) == len(files(ctx)) == 20
    assert await told(ctx, application) == []


async def test_files_that_nothing_names_are_swept_away(
    ctx: Context, case: CaseId, staff: Staff
) -> None:
    await add(ctx, case, b"%PDF-1.7", staff.wang.id)
    await ctx.blobs.put_bytes(ctx.keys.own_key, b"broken off")
    assert await documents.sweep(ctx) == 0
    long_ago = time.time() - documents.GIVEN_UP_S - 60
    for file in files(ctx):
        os.utime(file, (long_ago, long_ago))
    assert await documents.sweep(ctx) == 1
    opened = await documents.opened(ctx, staff.wang, case, (await listed(ctx, case))[0].id)
    assert [chunk async for chunk in opened.chunks] == [b"%PDF-1.7"]
