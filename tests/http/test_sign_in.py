from __future__ import annotations

import pytest
from aiohttp import ClientSession

from server.security import passwords
from server.settings import Settings
from server.store import accounts
from tests.http.house import House

PASSWORD = "correct horse"


@pytest.fixture
async def wang(house: House) -> None:
    """Wang has a password."""
    hashed = await passwords.hash_password(PASSWORD)
    async with house.ctx.store.write() as conn:
        await accounts.set_password(conn, house.world.wang, hashed)


def settle(house: House, **changed: object) -> None:
    house.ctx.settings = house.ctx.settings.model_copy(update=changed)


async def send(browser: ClientSession, password: str, **more: str) -> tuple[int, str, str]:
    """Status, where to, and the page."""
    data = {"login": "wang", "password": password} | more
    async with browser.post("/sign-in", data=data, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location", ""), await answer.text()


async def test_with_login_and_password_one_is_in(house: House, wang: None) -> None:
    async with house.browser() as browser:
        assert (await send(browser, PASSWORD))[:2] == (303, "/today")
        async with browser.get("/today") as answer:
            assert "王敏" in await answer.text()
        async with browser.post("/sign-out", allow_redirects=False) as answer:
            assert answer.status == 303
        async with browser.get("/today", allow_redirects=False) as answer:
            assert answer.headers["Location"] == "/sign-in?next=/today"


async def test_a_wrong_password_keeps_the_login_and_says_so_in_the_readers_language(
    house: House, wang: None
) -> None:
    async with house.browser(lang="en") as browser:
        status, _, page = await send(browser, "wrong")
    assert status == 401
    assert 'value="wang"' in page
    assert "wrong" not in page
    assert "Login or password is not right" in page


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/cases/1?x=2", "/cases/1?x=2"),
        ("", "/today"),
        ("https://elsewhere.example", "/today"),
        ("//elsewhere.example", "/today"),
        ("/\\elsewhere.example", "/today"),
        ("/x\r\nSet-Cookie: a=b", "/today"),
    ],
)
async def test_after_signing_in_one_is_on_a_page_of_ours(
    house: House, wang: None, target: str, location: str
) -> None:
    async with house.browser() as browser:
        assert (await send(browser, PASSWORD, next=target))[1] == location


async def test_too_many_tries_have_to_wait(house: House, wang: None) -> None:
    settle(house, sign_in_limit="2/minute")
    async with house.browser() as browser:
        assert [(await send(browser, "wrong"))[0] for _ in range(3)] == [401, 401, 429]
        assert (await send(browser, PASSWORD))[0] == 429


async def test_behind_a_proxy_of_ours_each_address_has_its_own_tries(
    house: House, wang: None
) -> None:
    proxies = Settings(trusted_proxies=("127.0.0.1/32", "::1/128")).trusted_proxies  # type: ignore[arg-type]
    settle(house, sign_in_limit="2/minute", trusted_proxies=proxies)
    statuses = []
    async with house.browser() as browser:
        for client in ("1.1.1.1", "1.1.1.1", "9.9.9.9, 1.1.1.1", "2.2.2.2"):
            headers = {"X-Forwarded-For": client}
            data = {"login": f"login of {client}", "password": "wrong"}
            async with browser.post("/sign-in", data=data, headers=headers) as answer:
                statuses.append(answer.status)
    # What the client itself has put before the proxy's word is not believed.
    assert statuses == [401, 401, 429, 401]


async def test_a_strangers_word_about_its_address_is_not_believed(house: House, wang: None) -> None:
    settle(house, sign_in_limit="1/minute")
    statuses = []
    async with house.browser() as browser:
        for client in ("1.1.1.1", "2.2.2.2"):
            headers = {"X-Forwarded-For": client}
            data = {"login": client, "password": "wrong"}
            async with browser.post("/sign-in", data=data, headers=headers) as answer:
                statuses.append(answer.status)
    assert statuses == [401, 429]


@pytest.mark.parametrize(
    ("public_url", "name", "secure"),
    [("", "heyi_staff", False), ("https://heyi.example", "__Host-heyi_staff", True)],
)
async def test_the_cookie_is_as_strict_as_the_address_allows(
    house: House, wang: None, public_url: str, name: str, secure: bool
) -> None:
    settle(house, public_url=public_url)
    headers = {"Origin": public_url or house.url}
    data = {"login": "wang", "password": PASSWORD}
    async with (
        house.browser() as browser,
        browser.post("/sign-in", data=data, headers=headers, allow_redirects=False) as answer,
    ):
        cookie = answer.cookies[name]
        strict = answer.headers.get("Strict-Transport-Security")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    assert bool(cookie["secure"]) is secure
    assert (strict is not None) is secure


async def test_a_form_that_finds_one_signed_out_says_how_to_keep_it(house: House) -> None:
    async with (
        house.browser() as browser,
        browser.post("/cases", data={"title": "Wall"}) as answer,
    ):
        assert answer.status == 401
        assert 'name="title" value="Wall"' in await answer.text()
