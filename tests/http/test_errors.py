from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from yarl import URL

from server.http import middleware
from server.http.app import make_app
from server.services import finding
from tests.http.house import House


async def test_a_wrong_address_is_a_page_with_a_code_in_the_readers_language(house: House) -> None:
    for lang, title in (("en", "Not found"), ("zh", "没有找到")):
        async with house.browser(lang=lang) as browser, browser.get("/nowhere") as answer:
            page = await answer.text()
        assert answer.status == 404
        assert f"<h1>{title}</h1>" in page
        assert "<code>not_found</code>" in page
        assert "12348" in page


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
    async with TestServer(app) as server, ClientSession(server.make_url("/")) as browser:
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
