"""A disk with no room left, a real one: it is said in words, what was acknowledged is there,
nothing else is, and with room again everything goes on.
"""

from __future__ import annotations

import io
import logging
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest
import structlog
from aiohttp import FormData
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from server import logs
from server.documents.paper import Paper
from server.domain.document import FileType
from server.security.ids import new_id
from server.services import audit, exhibits, faults, sessions
from server.store import tables
from tests.gateway.cast import three
from tests.gateway.house import House, Page, a_house, rows

SMALL = "16m"
PAPER = b"%PDF-1.7 " + b"x" * 200_000


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, so small that it can be filled. Needs root; skipped where that isn't."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a disk of its own can be mounted by root only")
    try:
        yield folder
    finally:
        # Whatever has a file open there is of this test, and goes with it.
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Until not a byte more can be written; remove what it returns, and there is room again."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in (1 << 16, 1):
            with suppress(OSError):
                while file.write(b"x" * size):
                    continue
    assert shutil.disk_usage(disk).free == 0
    return filler


@pytest.fixture(autouse=True)
def logged() -> Iterator[io.StringIO]:
    """As a server logs: drawing every fault for a terminal would take longer than the test."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    logs.setup("info", stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


async def done(house: House) -> set[str]:
    async with house.store.read() as conn:
        return set(await conn.scalars(select(tables.command.c.id)))


async def say(page: Page, acknowledged: set[str], refused: set[str]) -> dict[str, object]:
    """Something long; whether it was taken is written down."""
    command = new_id()
    answer = await page.command("say", command, text="和" * 1500, space=page.views[-1]["space"])
    (acknowledged if answer["ok"] else refused).add(command)
    return answer


async def bring(page: Page) -> tuple[int, dict[str, object]]:
    """A paper, as the page's script sends it."""
    form = FormData()
    form.add_field("file", PAPER, filename="a.pdf", content_type="application/pdf")
    headers = {"Origin": page.house.url.rstrip("/")}
    address = f"/j/{page.seat}/room/exhibits"
    async with page.http.post(address, data=form, headers=headers) as answer:
        return answer.status, await answer.json()


@pytest.fixture
def made_up_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    async def open_paper(content: bytes, kind: FileType) -> Paper:
        return Paper(1)

    monkeypatch.setattr(exhibits, "open_paper", open_paper)


@pytest.mark.slow
async def test_a_full_disk_is_told_and_loses_nothing(
    disk: Path, sqlite_template: Path, made_up_papers: None, logged: io.StringIO
) -> None:
    database = shutil.copy(sqlite_template, disk / "heyi.sqlite3")
    acknowledged: set[str] = set()
    refused: set[str] = set()
    async with AsyncExitStack() as stack:
        often = "10000/second"
        opened = a_house(f"sqlite:///{database}", disk, chat_limit=often, upload_limit=often)
        house = await stack.enter_async_context(opened)
        host, alice, opponent = await three(house, stack)
        assert (await say(alice, acknowledged, refused))["ok"]
        assert (await bring(alice))[0] == 200

        filler = fill(disk)
        places = dict(house.plane.places)
        for _ in range(50):  # what SQLite has already taken of the disk may do for some more
            answer = await say(alice, acknowledged, refused)
            if not answer["ok"]:
                break
        assert answer["code"] == "disk_full"
        assert str(answer["text"]).startswith("The server has no room left")
        before = await rows(house)
        assert (await host.command("move", seats=[alice.seat], to="caucus"))["code"] == "disk_full"
        assert house.plane.places == places, "who hears whom is as the database says"
        status, body = await bring(alice)
        assert (status, body["code"]) == (507, "disk_full")
        assert await rows(house) == before
        async with Page.opened(house, house.world.bob) as bob:
            answer = await bob.exchange(house.token(bob.seat))
            assert (answer["status"], answer["code"]) == (507, "disk_full")
        async with alice.another_tab() as tab:
            assert (await tab.is_told("cut"))["code"] == "disk_full"
        assert acknowledged <= await done(house)
        assert not refused & await done(house)

        assert '"code": "disk_full"' in logged.getvalue(), "who looks after it reads it, too"

        filler.unlink()
        await alice.connect()
        await alice.sees(lambda view: view["place"] == "joint")
        assert (await say(alice, acknowledged, refused))["ok"]
        assert (await bring(opponent))[0] == 200
        assert (await host.command("move", seats=[alice.seat], to="caucus")) == {"ok": True}
        await alice.sees(lambda view: view["place"] == "caucus")
        assert await audit.verify(house.ctx) == []
        assert acknowledged <= await done(house)


@pytest.mark.slow
async def test_a_server_that_died_on_a_full_disk_starts_when_there_is_room(
    disk: Path, sqlite_template: Path
) -> None:
    """Until then it says why it does not."""
    database = f"sqlite:///{shutil.copy(sqlite_template, disk / 'heyi.sqlite3')}"
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(a_house(database, disk))
        await three(house, stack)
        world, places = house.world, dict(house.plane.places)
        killed = disk / "killed"
        killed.mkdir()
        for name in ("heyi.sqlite3", "heyi.sqlite3-wal"):
            shutil.copy(disk / name, killed / name)
        shutil.copytree(disk / "keys", killed / "keys")
    database = f"sqlite:///{killed / 'heyi.sqlite3'}"
    filler = fill(disk)
    with pytest.raises(DBAPIError) as why:
        async with a_house(database, killed, world):
            pass
    assert faults.code(why.value) == "disk_full"
    filler.unlink()
    async with a_house(database, killed, world) as again:
        seats = (await sessions.state(again.ctx, world.session.id)).seats
        assert {seat: seats[seat].space for seat in places} == places
