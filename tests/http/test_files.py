"""Papers, reports and imports as they come over HTTP."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Iterable

import pytest
from aiohttp import ClientSession, FormData

from server.domain.document import LARGEST
from server.domain.ids import CaseId
from server.http import uploads
from server.services import later, sealed
from server.services.jobs import JOBS
from tests.http.house import House
from tests.security.test_files import PLACE, jpeg, segment

File = tuple[str, str, bytes]
"""Field, name, content."""


def form(files: Iterable[File], **fields: str) -> FormData:
    made = FormData(quote_fields=False)
    for name, value in fields.items():
        made.add_field(name, value)
    for field, name, content in files:
        made.add_field(field, io.BytesIO(content), filename=name, content_type="image/jpeg")
    return made


async def send(
    browser: ClientSession, path: str, files: Iterable[File], **fields: str
) -> tuple[int, str]:
    """Status, and where to or the page."""
    data = form(files, **fields)
    async with browser.post(path, data=data, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location") or await answer.text()


async def page(browser: ClientSession, path: str) -> str:
    async with browser.get(path) as answer:
        assert answer.status == 200
        return await answer.text()


def kept(house: House) -> int:
    folder = house.ctx.settings.data_dir / "files"
    return sum(1 for file in folder.rglob("*") if file.is_file())


@pytest.fixture
async def case(house: House) -> CaseId:
    made = await house.case_of(house.world.wang)
    await sealed.new_key(house.ctx, made, house.world.bureau.id)
    return made


async def test_papers_are_added_opened_removed_and_put_back(house: House, case: CaseId) -> None:
    async with house.browser("mediator") as browser:
        files = [("files", "欠条 1.pdf", b"%PDF-1.7"), ("files", "", b"")]
        status, to = await send(browser, f"/cases/{case}/documents", files, kind="evidence")
        assert (status, to) == (303, f"/cases/{case}?done=papers_added#papers")
        shown = await page(browser, to)
        assert "欠条 1.pdf" in shown
        assert "The papers were added." in shown
        (document,) = set(re.findall(rf"/cases/{case}/documents/([0-9a-f-]{{36}})\"", shown))
        paper = f"/cases/{case}/documents/{document}"
        async with browser.get(paper) as answer:
            assert await answer.read() == b"%PDF-1.7"
            said = answer.headers
        name = "filename*=UTF-8''%E6%AC%A0%E6%9D%A1%201.pdf"
        assert said["Content-Disposition"] == f'attachment; filename="___1.pdf"; {name}'
        assert said["X-Content-Type-Options"] == "nosniff"
        assert said["Content-Security-Policy"].startswith("sandbox")
        assert said["Cache-Control"] == "no-store"
        assert (await send(browser, f"{paper}/remove", []))[0] == 303
        async with browser.get(paper) as answer:
            assert answer.status == 404
        assert "1 removed paper" in await page(browser, f"/cases/{case}")
        assert (await send(browser, f"{paper}/put-back", []))[0] == 303
        async with browser.get(paper) as answer:
            assert answer.status == 200
    assert kept(house) == 1


@pytest.mark.parametrize(
    ("files", "fields", "sentence"),
    [
        ([("files", "a.jpg", b"MZ")], {"kind": "photo"}, "of a kind that we do not take"),
        ([("files", "a.jpg", b"")], {"kind": "photo"}, "This file is empty"),
        ([], {"kind": "photo"}, "Please choose a file."),
        ([("files", "a.pdf", b"%PDF-1")], {"kind": "x"}, "what kind of paper"),
        ([("files", "a.pdf", b"%PDF-1" * 4_000_000)], {"kind": "photo"}, "larger than this page"),
        ([("files", "a.pdf", b"%PDF-1")] * 21, {"kind": "photo"}, "more than 20 files"),
    ],
)
async def test_what_can_t_be_kept_is_said_and_gone(
    house: House, case: CaseId, files: list[File], fields: dict[str, str], sentence: str
) -> None:
    async with house.browser("mediator") as browser:
        status, shown = await send(browser, f"/cases/{case}/documents", files, **fields)
    assert status == 422
    assert sentence in shown
    assert kept(house) == 0


async def test_a_stranger_s_files_are_not_even_read(house: House, case: CaseId) -> None:
    for who, status in (("elsewhere", 404), ("supervisor", 403), (None, 401)):
        async with house.browser(who) as browser:
            files = [("files", "a.pdf", b"%PDF-1")]
            assert (await send(browser, f"/cases/{case}/documents", files))[0] == status
    assert kept(house) == 0


async def raw(house: House, case: CaseId, cookie: str, length: int, body: bytes) -> bytes:
    """What the server answers to a form that is never sent to its end."""
    host, port = house.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = (
        f"POST /cases/{case}/documents HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookie}\r\n"
        f"Origin: {house.url}\r\nContent-Length: {length}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    )
    writer.write(head.encode() + body)
    try:
        return await asyncio.wait_for(reader.read(65536), 20)
    finally:
        writer.close()


async def test_slow_and_broken_forms(
    house: House, case: CaseId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "STALLED_S", 0.2)
    async with house.browser("mediator") as browser:
        cookie = "; ".join(f"{c.key}={c.value}" for c in browser.cookie_jar)
        part = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n%PDF'
        assert b" 408 " in (await raw(house, case, cookie, 5000, part)).split(b"\r\n")[0]
        more = uploads.IN_ALL + 1
        assert b" 422 " in (await raw(house, case, cookie, more, b"")).split(b"\r\n")[0]
        junk = b"not a form at all\r\n"
        answer = await raw(house, case, cookie, len(junk), junk)
        assert answer.split(b"\r\n")[0].split()[1] in (b"409", b"422")
    assert kept(house) == 0


# ---- reports ------------------------------------------------------------------------------------

REPORT = {
    "key": "k1",
    "title": "Water from above",
    "dispute_type": "neighbours",
    "place": "Village shop",
    "position": "31.2304, 121.4737",
    "nameA": "Alice",
    "phoneA": "13800000001",
    "nameB": "",
    "phoneB": "",
    "facts": "They shout.",
    "danger": "yes",
}


async def test_a_report_from_the_field(house: House) -> None:
    photo = ("photos", "wall.jpg", jpeg(segment(0xFE, PLACE)))
    async with house.browser("grid_worker") as browser:
        async with browser.get("/reports/new") as answer:
            assert "geolocation=(self)" in answer.headers["Permissions-Policy"]
        for _ in range(2):
            sent = await send(browser, "/reports", [photo], **REPORT)
            # Alice has a matter of this kind at this office.
            assert sent == (303, "/reports?done=reported&danger=yes&known=yes")
        mine = await page(browser, sent[1])
        assert "may know of this matter already" in mine
        assert mine.count("<h2>Water from above</h2>") == 1
        assert "tel:110" in mine
    assert kept(house) == 1
    async with house.browser("clerk") as browser:
        cases = await page(browser, "/cases")
        (case,) = set(re.findall(r'href="(/cases/[0-9a-f-]{36})"[^>]*>\s*Water from above', cases))
        shown = await page(browser, case)
        assert all(text in shown for text in ("wall.jpg", "31.23040, 121.47370", "dangerous"))
        assert shown.index('id="danger"') < shown.index('id="next"')
        async with browser.get("/today") as answer:
            assert "geolocation=()" in answer.headers["Permissions-Policy"]
            assert f'<a href="{case}">Water from above' in await answer.text()
    async with house.browser("supervisor") as browser:
        assert 'id="danger"' not in await page(browser, case)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "", "Please enter a title."),
        ("dispute_type", "war", "Please choose the type of dispute."),
        ("position", "nowhere", "This position is not readable."),
        ("phoneA", "12", "no telephone number"),
        ("nameA", "x" * 201, "at most 200 letters"),
        ("facts", "x" * 5001, "5,000 letters"),
    ],
)
async def test_what_is_wrong_in_a_report_is_said_and_the_rest_kept(
    house: House, field: str, value: str, sentence: str
) -> None:
    async with house.browser("grid_worker") as browser:
        status, shown = await send(browser, "/reports", [], **{**REPORT, field: value})
    assert status == 422
    assert sentence in shown
    assert 'name="key" value="k1"' in shown
    assert "Village shop" in shown


async def test_a_photo_that_is_none_or_too_large_keeps_the_words(house: House) -> None:
    async with house.browser("grid_worker") as browser:
        for content in (b"MZ", b"\xff\xd8\xff" + bytes(LARGEST)):
            status, shown = await send(browser, "/reports", [("photos", "a", content)], **REPORT)
            assert status == 422
            assert "They shout." in shown
    assert kept(house) == 0


async def test_script_in_every_field_stays_text(house: House) -> None:
    script = "<script>alert(1)</script>"
    words = dict.fromkeys(("title", "place", "nameA", "facts"), script)
    async with house.browser("grid_worker") as browser:
        sent = {**REPORT, **words, "position": ""}
        assert (await send(browser, "/reports", [], **sent))[0] == 303
        assert script not in await page(browser, "/reports")


async def test_nobody_known_is_no_hindrance(house: House) -> None:
    async with house.browser("grid_worker") as browser:
        sent = {**REPORT, "nameA": "", "phoneA": ""}
        assert (await send(browser, "/reports", [], **sent))[0] == 303


# ---- imports ------------------------------------------------------------------------------------

TABLE = "Case title,Type of dispute,Applicant\nGood,Neighbours,Alice\nBad,War,Bob\n"


async def test_from_the_file_to_the_cases(house: House) -> None:
    async with house.browser("clerk") as browser:
        files = [("file", "cases.csv", TABLE.encode())]
        status, job = await send(browser, "/imports", files, what="cases", key="k")
        assert (status, job.startswith("/imports/")) == (303, True)
        assert "Being checked" in await page(browser, job)
        await later.do_all(house.ctx, JOBS)
        shown = await page(browser, job)
        assert "Row 3" in shown
        assert "This is none of the words that are known here." in shown
        async with browser.get(f"{job}/errors.csv") as answer:
            bad = (await answer.read()).decode("utf-8-sig")
        assert bad.splitlines()[1].startswith("Bad,War,Bob,Type of dispute: This is none")
        assert (await send(browser, f"{job}/start", []))[0] == 303
        await later.do_all(house.ctx, JOBS)
        assert "It is done." in await page(browser, job)
        assert "Good" in await page(browser, "/cases")
        mended = bad.replace("War", "Neighbours").encode()
        files = [("file", "bad-rows.csv", mended)]
        _, job = await send(browser, "/imports", files, what="cases", key="k2")
        await later.do_all(house.ctx, JOBS)
        assert "Bring in the good row" in await page(browser, job)


async def test_a_template_comes_back_as_it_is(house: House) -> None:
    """In either language, with both kinds of file: all columns are known again."""
    for lang in ("en", "zh"):
        async with house.browser("administrator", lang=lang) as browser:
            for what in ("users", "organisations"):
                async with browser.get(f"/imports/templates/{what}.xlsx") as answer:
                    content = await answer.read()
                files = [("file", "t.xlsx", content)]
                status, shown = await send(browser, "/imports", files, what=what, key=f"{what}")
                sentence = {"en": "no rows below the headings", "zh": "没有数据行"}
                assert status == 422
                assert sentence[lang] in shown or "no rows below" in shown


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"Case title,What\nx,y\n", "Type of dispute"),
        (b"", "no rows below the headings"),
        (b"\x89PNG\r\n\x1a\n\0\0", "be read as a table"),
    ],
)
async def test_a_file_that_is_no_table_is_explained(
    house: House, content: bytes, sentence: str
) -> None:
    async with house.browser("clerk") as browser:
        files = [("file", "a.csv", content)]
        status, shown = await send(browser, "/imports", files, what="cases", key="k")
    assert status == 422
    assert sentence in shown
    assert kept(house) == 0
