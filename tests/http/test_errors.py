from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from yarl import URL

from server.http import middleware
from server.http.app import make_app
from server.http.routes import ROUTES
from server.services import finding
from tests.http.house import House, Whole
from tests.http.test_rights import Visit


async def test_a_wrong_address_is_a_page_with_a_code_in_the_readers_language(house: House) -> None:
    for lang, title in (("en", "Not found"), ("zh", "没有找到")):
        async with house.browser(lang=lang) as browser, browser.get("/nowhere") as answer:
            page = await answer.text()
        assert answer.status == 404
        assert f"<h1>{title}</h1>" in page
        assert "<code>not_found</code>" in page
        assert "12348" in page


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("/cases/", "/cases"),
        ("/cases//", "/cases"),
        ("/calendar/?week=2026-W48&person=%26%2F", "/calendar?week=2026-W48&person=%26/"),
        ("/sign-in/?next=//elsewhere.test/", "/sign-in?next=//elsewhere.test/"),
        ("//cases/", "/cases"),
    ],
)
async def test_a_slash_too_many_leads_to_the_page(house: House, asked: str, page: str) -> None:
    async with house.browser() as browser:
        address = URL(f"{house.url}{asked}", encoded=True)
        async with browser.get(address, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (308, page)


async def test_a_slash_too_many_leads_nowhere_else(house: House) -> None:
    async with house.browser() as browser:
        for path in ("//elsewhere.test/", "/\\elsewhere.test/", "/nowhere/", "/%5C/%2F/"):
            address = URL(f"{house.url}{path}", encoded=True)
            async with browser.get(address, allow_redirects=False) as answer:
                assert answer.status == 404, path
        async with browser.post("/cases/", allow_redirects=False) as answer:
            assert answer.status == 404


async def test_somebody_elses_case_looks_like_none_at_all(house: House) -> None:
    other = await house.case_of(house.staff["elsewhere"], elsewhere=True)
    pages = []
    async with house.browser("mediator") as browser:
        for case in (other, "no-such-case"):
            async with browser.get(f"/cases/{case}") as answer:
                assert answer.status == 404
                pages.append((await answer.text()).replace(str(case), ""))
    nonces = [page.partition('nonce="')[2].partition('"')[0] for page in pages]
    assert pages[0].replace(nonces[0], "") == pages[1].replace(nonces[1], "")


async def test_a_fault_of_ours_is_a_page_that_tells_nothing_of_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("王小明 k3mX9-secret")

    monkeypatch.setattr(finding, "find", broken)
    async with house.browser("mediator") as browser, browser.get("/cases") as answer:
        page = await answer.text()
    assert answer.status == 500
    assert "<code>unknown</code>" in page
    assert "secret" not in page
    assert "RuntimeError" not in page


async def test_a_body_beyond_measure_is_refused(house: House) -> None:
    form = {"title": "x" * 70_000}
    async with house.browser("mediator") as browser, browser.post("/cases", data=form) as answer:
        assert answer.status == 413
        assert "<code>too_large</code>" in await answer.text()


async def test_a_body_that_does_not_come_is_given_up(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "BODY_S", 0.05)
    url = URL(house.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nlogin=")
    await writer.drain()
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n"), 10)
    assert answer.startswith(b"HTTP/1.1 408")
    writer.close()
    await writer.wait_closed()


async def test_without_its_media_a_server_is_not_ready_but_alive(house: House) -> None:
    up = True
    app = make_app(house.ctx, media_up=lambda: up)
    async with (
        TestServer(app) as server,
        ClientSession(server.make_url("/"), response_class=Whole) as browser,
    ):
        assert (await browser.get("/readyz")).status == 200
        up = False
        assert (await browser.get("/readyz")).status == 503
        assert (await browser.get("/healthz")).status == 200


async def test_the_database_gone_is_not_ready_but_alive(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise OSError("no database")

    async with house.browser() as browser:
        async with browser.get("/readyz") as answer:
            assert answer.status == 200
        monkeypatch.setattr(house.ctx.store, "read", gone)
        async with browser.get("/readyz") as answer:
            assert answer.status == 503
        async with browser.get("/healthz") as answer:
            assert answer.status == 200


FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="a"\r\n'
BROKEN = (
    (b"--x\r\nbroken", PARTS),
    (b"", "multipart/form-data"),
    (PART + b"Content-Type: text/plain; charset=nonesuch\r\n\r\nq\r\n--x--\r\n", PARTS),
    (PART + b"Content-Encoding: gzip\r\n\r\nq\r\n--x--\r\n", PARTS),
    (b"a=1", FORM + "; charset=nonesuch"),
    (b"a=+2AA-", FORM + "; charset=utf-7"),
    (b"a=%00", FORM),
    (b"\xff", "application/json"),
    (b"[" * 20_000, "application/json"),
    (b'{"q": "\\ud800", "token": "\\ud800"}', "application/json"),
    (b'{"q": "\\u0000abc", "token": "\\u0000"}', "application/json"),
)


async def test_no_broken_body_is_a_fault_of_ours(house: House) -> None:
    wrong = []
    visit = await Visit.prepared(house, "clerk", "own")
    things = {"case": visit.case, "session": visit.session, "seat": visit.target}
    for role in ("clerk", "administrator", "grid_worker"):
        async with house.browser(role) as browser:
            for route in ROUTES:
                if route.method != "POST":
                    continue
                path = route.path.format(**things, **visit.others)
                for body, kind in BROKEN:
                    headers = {"Content-Type": kind}
                    async with browser.post(
                        path, data=body, headers=headers, allow_redirects=False
                    ) as answer:
                        if answer.status >= 500:
                            wrong.append(f"{role}: {path}: {kind} {body[:30]!r}: {answer.status}")
    assert wrong == []


@pytest.mark.parametrize(
    "path",
    ["/cases/a%00b", "/cases?text=a%00b", "/cases?handler=%00", "/j/%00/welcome", "/people?q=%00"],
)
async def test_no_address_with_a_nul_is_looked_up(house: House, path: str) -> None:
    async with house.browser("clerk") as browser, browser.get(URL(path, encoded=True)) as answer:
        assert answer.status == 409


@pytest.mark.parametrize("end", ["9999-12-31", "0001-01-01"])
async def test_the_ends_of_the_calendar_are_no_days_to_look_for(house: House, end: str) -> None:
    query = f"since={end}&until={end}"
    async with house.browser("clerk") as browser:
        async with browser.get(f"/cases?{query}") as answer:
            assert answer.status == 200
        for path, form in (
            ("/cases/find", {"since": end, "until": end}),
            ("/cases/filters", {"name": "All", "query": query}),
            ("/cases/export", {"query": query}),
        ):
            async with browser.post(path, data=form) as answer:
                assert answer.status < 500


async def test_a_version_of_too_many_digits(house: House) -> None:
    form = {"subject": "a", "body": "b", "version": "9" * 4400}
    path = "/notices/templates/case_accepted/en"
    async with house.browser("administrator") as browser, browser.post(path, data=form) as answer:
        assert answer.status < 500
