"""Papers of a meeting by HTTP: what may come in, and who gets it out again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientSession, FormData

from server.domain.document import LARGEST
from server.domain.ids import SeatId
from server.http.cookies import SEAT
from server.services import exhibits
from tests.http.house import House
from tests.services.papers import made_up_papers
from tests.services.seated import Seated, seated

PDF = b"%PDF-1.7 a paper"


@pytest.fixture
async def meeting(house: House, monkeypatch: pytest.MonkeyPatch) -> Seated:
    made_up_papers(monkeypatch, pages=2)
    return await seated(house.ctx, house.world, house.world.alice, house.world.opponent)


@asynccontextmanager
async def page_of(house: House, meeting: Seated, seat: SeatId) -> AsyncIterator[ClientSession]:
    async with house.browser() as browser:
        browser.cookie_jar.update_cookies({SEAT + seat: meeting.cookies[seat]})
        yield browser


async def send(
    browser: ClientSession, seat: SeatId, content: bytes = PDF, name: str = "合同.pdf"
) -> tuple[int, dict[str, Any]]:
    form = FormData(quote_fields=False)
    form.add_field("file", BytesIO(content), filename=name, content_type="application/pdf")
    async with browser.post(f"/j/{seat}/room/exhibits", data=form) as answer:
        return answer.status, await answer.json()


async def status(browser: ClientSession, path: str) -> int:
    async with browser.get(path) as answer:
        return answer.status


async def test_a_paper_is_sent_listed_looked_at_and_saved(house: House, meeting: Seated) -> None:
    alice = meeting.alice
    async with page_of(house, meeting, alice) as browser:
        code, made = await send(browser, alice)
        assert code == 200
        one = f"/j/{alice}/room/exhibits/{made['id']}"
        async with browser.get(f"/j/{alice}/room/exhibits") as answer:
            (line,) = await answer.json()
        assert (line["name"], line["pages"], line["mine"]) == ("合同.pdf", 2, True)
        async with browser.get(f"{one}/2?w=700") as answer:
            assert answer.status == 200
            assert answer.headers["Content-Type"] == "image/webp"
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        async with browser.get(f"{one}/file") as answer:
            assert await answer.read() == PDF
            assert answer.headers["Content-Disposition"].startswith("attachment;")
            assert "sandbox" in answer.headers["Content-Security-Policy"]
        for page in ("0", "3", "-1", "x", "99999999999", "%C2%B2"):
            assert await status(browser, f"{one}/{page}") == 409
        assert await status(browser, f"{one}/1/strokes") == 200


async def test_a_cookie_opens_no_other_seats_papers(house: House, meeting: Seated) -> None:
    alice, opponent = meeting.alice, meeting.opponent
    async with page_of(house, meeting, alice) as browser:
        _, made = await send(browser, alice)
    async with page_of(house, meeting, opponent) as browser:
        for path in ("", f"/{made['id']}/1", f"/{made['id']}/file", f"/{made['id']}/1/strokes"):
            assert await status(browser, f"/j/{alice}/room/exhibits{path}") == 401
            answered = await status(browser, f"/j/{opponent}/room/exhibits{path}")
            assert answered == 200, "in the joint space it is everybody's"
        assert (await send(browser, alice))[0] == 401
        assert await status(browser, f"/j/{opponent}/room/papers") == 403
    async with page_of(house, meeting, meeting.host) as browser:
        assert await status(browser, f"/j/{meeting.host}/room/papers") == 200


async def test_what_is_removed_is_not_served_any_more(house: House, meeting: Seated) -> None:
    alice = meeting.alice
    async with page_of(house, meeting, alice) as browser:
        _, made = await send(browser, alice)
        one = f"/j/{alice}/room/exhibits/{made['id']}"
        assert await status(browser, f"{one}/1") == 200
        await exhibits.remove(house.ctx, meeting.by(alice), made["id"])
        for path in ("/1", "/file", "/1/strokes"):
            assert await status(browser, one + path) == 409


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"MZ\x90\0 a program", "合同.pdf", "file_type"),
        (b"<html><script>alert(1)</script>", "notes.txt", "file_type"),
        (b"", "empty.pdf", "file_empty"),
    ],
)
async def test_what_is_no_paper_is_not_kept(
    house: House, meeting: Seated, content: bytes, name: str, code: str
) -> None:
    async with page_of(house, meeting, meeting.alice) as browser:
        _, answer = await send(browser, meeting.alice, content, name)
        assert answer["code"] == code
        assert answer["text"]
        async with browser.get(f"/j/{meeting.alice}/room/exhibits") as listed:
            assert await listed.json() == []


async def test_two_gigabytes_are_refused_before_they_are_read(
    house: House, meeting: Seated
) -> None:
    """Both by what the browser says, and, if it says nothing, by what has come."""
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        for _ in range(2 * 1024):
            given += 1
            yield bytes(1024 * 1024)

    address = f"/j/{meeting.alice}/room/exhibits"
    async with page_of(house, meeting, meeting.alice) as browser:
        for more in ({"Content-Length": str(2 * 1024**3)}, {}):
            given = 0
            headers = {"Content-Type": "multipart/form-data; boundary=x", **more}
            async with browser.post(address, data=endless(), headers=headers) as answer:
                assert answer.status == 413
                assert (await answer.json())["code"] == "file_too_large"
                taken = given
            assert taken <= LARGEST / 1024**2 + 60, "what lies in between on the way"
    folder = house.ctx.settings.data_dir / "files"
    assert [file for file in folder.rglob("*") if file.is_file()] == []
