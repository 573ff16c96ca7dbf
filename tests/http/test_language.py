from __future__ import annotations

import pytest
from aiohttp import ClientSession, CookieJar

from tests.http.house import House


async def language(browser: ClientSession, path: str = "/", accept: str = "") -> str:
    headers = {"Accept-Language": accept} if accept else {}
    async with browser.get(path, headers=headers) as answer:
        page = await answer.text()
    return "en" if '<html lang="en"' in page else "zh" if '<html lang="zh-CN"' in page else ""


@pytest.mark.parametrize(
    ("accept", "expected"), [("", "zh"), ("fr", "zh"), ("en-GB,en", "en"), ("zh-TW,en", "zh")]
)
async def test_it_is_the_browsers_else_chinese(house: House, accept: str, expected: str) -> None:
    async with ClientSession(house.url) as browser:
        assert await language(browser, accept=accept) == expected


async def test_what_was_asked_for_stays(house: House) -> None:
    async with ClientSession(house.url, cookie_jar=CookieJar(unsafe=True)) as browser:
        assert await language(browser, "/?lang=en") == "en"
        assert await language(browser, accept="zh") == "en"
        assert await language(browser, "/nowhere") == "en"
        assert await language(browser, "/?lang=xx") == "en"
        assert await language(browser, "/?lang=zh") == "zh"
        assert await language(browser, accept="en") == "zh"


async def test_it_stays_through_a_redirect_too(house: House) -> None:
    async with ClientSession(house.url, cookie_jar=CookieJar(unsafe=True)) as browser:
        assert await language(browser, "/today?lang=en", accept="zh") == "en"
        assert await language(browser, "/sign-in", accept="zh") == "en"
