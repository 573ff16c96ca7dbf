"""What each check says of a server that is well, and of one that is not."""

from __future__ import annotations

import errno
import json
import os
import socket
import sqlite3
import struct
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from server.doctor import (
    clock,
    database,
    disk,
    examination,
    fonts,
    keys,
    office,
    ports,
)
from server.doctor.finding import Asked, Finding, Level, fail, ok, warn
from server.documents import office as papers
from server.domain.errors import Refused
from server.security.keys import KeyStore
from server.values import Ports
from tests.doctor.asking import OUTSIDE, asked, free_port, levels

# ---- disk ----------------------------------------------------------------------------------------


async def test_a_disk_has_room_and_can_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "SLOW_MS", 60_000)
    monkeypatch.setattr(disk, "LITTLE", 1)
    monkeypatch.setattr(disk, "TOO_LITTLE", 0)
    assert levels(await disk.check(asked(tmp_path))) == [Level.OK, Level.OK]
    assert list(tmp_path.iterdir()) == []
    assert levels(await disk.check(asked(tmp_path / "new"))) == [Level.OK, Level.OK]
    assert not (tmp_path / "new").exists()
    monkeypatch.setattr(disk, "LITTLE", 1 << 80)
    monkeypatch.setattr(disk, "SLOW_MS", -1)
    assert levels(await disk.check(asked(tmp_path))) == [Level.WARN, Level.WARN]
    monkeypatch.setattr(disk, "TOO_LITTLE", 1 << 80)
    assert levels(await disk.check(asked(tmp_path)))[0] is Level.FAIL


@pytest.mark.parametrize(
    ("number", "mend"),
    [(errno.EACCES, "account"), (errno.ENOSPC, "Make room"), (errno.EROFS, "read-only")],
)
async def test_a_folder_that_cannot_be_written_to_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, mend: str
) -> None:
    def no(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", no)
    found = (await disk.check(asked(tmp_path)))[1]
    assert found.level is Level.FAIL
    assert os.strerror(number) in found.what
    assert mend in found.mend


# ---- database and keys ---------------------------------------------------------------------------


async def test_a_database_is_whole_and_of_this_version(database_url: str, tmp_path: Path) -> None:
    given = {"database_url": database_url}
    assert levels(await database.check(asked(tmp_path, **given))) == [Level.OK, Level.OK]


async def test_what_is_not_there_yet_is_fine_and_is_not_made(tmp_path: Path) -> None:
    assert levels(await database.check(asked(tmp_path))) == [Level.OK]
    assert levels(await keys.check(asked(tmp_path))) == [Level.OK]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE alembic_version SET version_num = '0001'", [Level.WARN, Level.OK]),
        ("UPDATE alembic_version SET version_num = '9999'", [Level.FAIL, Level.OK]),
        ("INSERT INTO form VALUES ('nobody', 'k', 'm', '2026-01-01')", [Level.OK, Level.FAIL]),
    ],
)
async def test_an_old_a_new_and_a_broken_database(
    sqlite_template: Path, tmp_path: Path, statement: str, expected: list[Level]
) -> None:
    file = tmp_path / "heyi.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    with sqlite3.connect(file) as conn:
        conn.executescript(statement)
    assert levels(await database.check(asked(tmp_path))) == expected


async def test_a_database_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "heyi.sqlite3").write_bytes(b"no database at all" * 1000)
    assert levels(await database.check(asked(tmp_path))) == [Level.FAIL]
    nowhere = "postgresql://heyi@127.0.0.1:9/heyi"
    assert levels(await database.check(asked(tmp_path, database_url=nowhere))) == [Level.FAIL]


async def test_keys_are_whole_and_ours(tmp_path: Path) -> None:
    (tmp_path / "heyi.sqlite3").touch()
    assert levels(await keys.check(asked(tmp_path))) == [Level.FAIL]
    store = KeyStore(tmp_path / "keys")
    assert len(store.link_key) == len(store.own_key)
    assert levels(await keys.check(asked(tmp_path))) == [Level.OK]
    (tmp_path / "keys/link.key").chmod(0o640)
    (tmp_path / "keys/own.key").write_bytes(b"half")
    damaged, open_to_others = await keys.check(asked(tmp_path))
    assert "own.key" in damaged.what
    assert open_to_others.level is Level.FAIL
    elsewhere = asked(tmp_path / "new", database_url="postgresql://heyi@db/heyi")
    assert levels(await keys.check(elsewhere)) == [Level.WARN]


# ---- clock ---------------------------------------------------------------------------------------


async def test_a_clock_behind_the_files_is_wrong(tmp_path: Path) -> None:
    assert (await clock.check(asked(tmp_path)))[0].level is Level.OK
    os.utime(tmp_path, (time.time() + 3600,) * 2)
    assert (await clock.check(asked(tmp_path)))[0].level is Level.FAIL


@pytest.mark.parametrize(("state", "level"), [(0, Level.OK), (5, Level.WARN), (-1, Level.WARN)])
def test_the_kernel_knows_whether_something_keeps_it(state: int, level: Level) -> None:
    assert clock._kept(state).level is level
    assert -1 <= clock._kernel() <= 5


@pytest.mark.parametrize(("ahead", "level"), [(0, Level.OK), (-5, Level.WARN), (3600, Level.FAIL)])
async def test_a_named_server_is_asked_for_its_date(ahead: int, level: Level) -> None:
    async def tell(_: web.Request) -> web.Response:
        date = datetime.now(UTC) + timedelta(seconds=ahead)
        return web.Response(headers={"Date": f"{date:%a, %d %b %Y %H:%M:%S} GMT"})

    app = web.Application()
    app.router.add_get("/", tell)
    async with TestServer(app) as server:
        found = await clock._compared(str(server.make_url("/")))
    assert found.level is level, found


def test_ntp_tells_how_far_ahead_we_are() -> None:
    """Asked at 100.0 by our clock, answered at 50.25 and 50.75 by theirs, back at 101.0."""
    since = 2_208_988_800
    answer = bytes(32) + struct.pack("!IIII", 50 + since, 1 << 30, 50 + since, 3 << 30)
    assert clock._offset(100.0, answer, 101.0) == pytest.approx(50.0)


async def test_a_clock_that_says_nothing_is_no_reason_to_fail(tmp_path: Path) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
    # Nobody listens there any more: refused at once.
    assert (await clock._compared(f"127.0.0.1:{port}")).level is Level.WARN


# ---- ports ---------------------------------------------------------------------------------------


async def test_ports_that_can_be_had(tmp_path: Path) -> None:
    assert levels(await ports.check(asked(tmp_path, port=free_port()))) == [Level.OK, Level.OK]
    given = {"port": free_port(), "media_ports": "42400-42479", "running": True}
    assert levels(await ports.check(asked(tmp_path, **given))) == [Level.OK, Level.OK]


async def test_ports_that_others_have(tmp_path: Path) -> None:
    with socket.socket() as web_port, socket.socket(type=socket.SOCK_DGRAM) as media:
        web_port.bind(("127.0.0.1", 0))
        web_port.listen()
        media.bind(("", 42480))
        port = web_port.getsockname()[1]
        one = asked(tmp_path, port=port, media_ports="42480-42480")
        assert levels(await ports.check(one)) == [Level.FAIL, Level.FAIL]
        assert ports.count_free(Ports(42480, 42481)) == 1
        some = asked(tmp_path, port=port, media_ports="42480-42579")
        assert levels(await ports.check(some)) == [Level.FAIL, Level.WARN]
    few = asked(tmp_path, port=free_port(), media_ports="42480-42483", **OUTSIDE)
    assert levels(await ports.check(few)) == [Level.OK, Level.WARN]
    unknown = asked(tmp_path, host="192.0.2.1", **OUTSIDE)
    assert levels(await ports.check(unknown)) == [Level.FAIL, Level.WARN]


# ---- papers --------------------------------------------------------------------------------------


async def test_without_letters_or_an_office_papers_are_poorer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = tmp_path / "fc-list"
    listing.write_text('#!/bin/sh\necho "$FONTS"\n')
    listing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    for families, level in (("Noto Sans CJK SC,other", Level.OK), ("", Level.WARN)):
        monkeypatch.setenv("FONTS", families)
        assert levels(await fonts.check(asked(tmp_path))) == [level]
    monkeypatch.setenv("PATH", "")
    assert levels(await fonts.check(asked(tmp_path))) == [Level.WARN]
    assert levels(await office.check(asked(tmp_path))) == [Level.WARN]


async def test_an_office_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def works(*_: object) -> bytes:
        return b"%PDF-1.7"

    async def does_not(*_: object) -> bytes:
        raise Refused("paper_too_slow")

    monkeypatch.setattr(papers, "program", lambda: Path("/usr/bin/soffice"))
    for to_pdf, level in ((works, Level.OK), (does_not, Level.FAIL)):
        monkeypatch.setattr(papers, "to_pdf", to_pdf)
        assert levels(await office.check(asked(tmp_path))) == [level]


# ---- the whole -----------------------------------------------------------------------------------


async def test_a_check_that_breaks_hides_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(_: Asked) -> list[Finding]:
        raise ZeroDivisionError("never said: may quote something")

    async def well(_: Asked) -> list[Finding]:
        return [ok("All is well."), warn("Well, nearly.", "Look again.")]

    monkeypatch.setattr(examination, "CHECKS", {"first": breaks, "second": well})
    report = await examination.examine(asked(tmp_path))
    assert [name for name, _ in report] == ["first", "second", "second"]
    assert not examination.healthy(report)
    assert examination.healthy(report[1:])
    page = examination.page(report)
    assert "ZeroDivisionError" in page
    assert "never said" not in page
    assert "→ Look again." in page
    assert page.endswith("1 to mend, 1 to think about, 1 in order.")
    said = json.loads(json.dumps(examination.record([("x", fail("A.", "B."))])))
    assert said == {
        "ok": False,
        "findings": [{"check": "x", "level": "fail", "what": "A.", "mend": "B."}],
    }
