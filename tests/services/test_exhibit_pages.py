"""The files behind papers, and the pictures of their pages: drawn once, sealed, swept."""

from __future__ import annotations

import os
import time

import pytest
from sqlalchemy import select

from server.services import documents, exhibit_pages, exhibits, strokes
from server.services.context import Context
from server.services.documents import GIVEN_UP_S
from server.store import tables
from tests.services.papers import (
    PICTURE,
    Drawn,
    add,
    draw,
    lines,
    made_up_papers,
    may_read,
    show,
)
from tests.services.refusing import refused
from tests.services.seated import Seated, seated
from tests.store.world import World


@pytest.fixture
def drawn() -> Drawn:
    return []


@pytest.fixture
async def meeting(
    ctx: Context, world: World, drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> Seated:
    made_up_papers(monkeypatch, drawn=drawn)
    return await seated(ctx, world, world.alice, world.opponent)


async def test_neither_name_nor_content_nor_drawing_lies_open(meeting: Seated) -> None:
    exhibit = await add(meeting, meeting.alice, "欠张三两千元".encode(), "张三.txt")
    await show(meeting, meeting.host, exhibit)
    await draw(meeting, meeting.alice, exhibit)
    async with meeting.ctx.store.read() as conn:
        row = (await conn.execute(select(tables.exhibit))).mappings().one()
        shape = await conn.scalar(select(tables.stroke.c.shape))
    assert "张三" not in str(dict(row))
    assert "4321" not in str(shape)
    folder = meeting.ctx.settings.data_dir / "files"
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert len(files) == 2
    assert not any("张三".encode() in file.read_bytes() for file in files)


async def test_pages_are_drawn_once_and_only_those_there_are(meeting: Seated, drawn: Drawn) -> None:
    exhibit = await add(meeting, meeting.alice, b"words", "a.txt")
    ctx, alice, cookie = meeting.ctx, meeting.alice, meeting.cookies[meeting.alice]
    for _ in range(2):
        for asked in (0, 700, 800):
            assert await exhibit_pages.picture(ctx, alice, cookie, exhibit, 3, asked) == PICTURE
    await exhibit_pages.picture(ctx, alice, cookie, exhibit, 3, 99_999)
    assert drawn == [(b"%PDF-1.7 made", 3, 800), (b"%PDF-1.7 made", 3, 3200)]
    for missing in (0, 4):
        with refused("page_missing"):
            await exhibit_pages.picture(ctx, alice, cookie, exhibit, missing, 800)
    with refused("page_missing"):
        await show(meeting, meeting.host, exhibit, 4)


async def test_the_sweeper_leaves_papers_and_pages_and_takes_what_was_removed(
    meeting: Seated,
) -> None:
    kept = await add(meeting, meeting.alice, b"words", "a.txt")
    gone = await add(meeting, meeting.alice, b"other words", "b.txt")
    for exhibit in (kept, gone):
        assert await may_read(meeting, exhibit)
    await exhibits.remove(meeting.ctx, meeting.by(meeting.alice), gone)
    folder = meeting.ctx.settings.data_dir / "files"
    before = time.time() - GIVEN_UP_S - 60
    for file in folder.glob("??/*"):
        os.utime(file, (before, before))
    assert await documents.sweep(meeting.ctx) == 3
    assert len(list(folder.glob("??/*"))) == 3
    assert await may_read(meeting, kept)


async def test_without_the_cases_key_nothing_can_be_read(meeting: Seated) -> None:
    exhibit = await add(meeting, meeting.alice)
    await show(meeting, meeting.host, exhibit)
    await draw(meeting, meeting.alice, exhibit)
    ctx, alice, cookie = meeting.ctx, meeting.alice, meeting.cookies[meeting.alice]
    ctx.keys.data.destroy(meeting.world.case.id)
    assert [line.name for line in await lines(meeting, alice)] == [""]
    assert await may_read(meeting, exhibit) == set()
    with refused("exhibit_missing"):
        await exhibits.saved(ctx, alice, cookie, exhibit)
    assert await strokes.listed(ctx, alice, cookie, exhibit, 1) == []
    with refused("not_found"):
        await add(meeting, alice)
