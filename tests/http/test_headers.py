from __future__ import annotations

import re

from aiohttp import ClientSession

from server.http.headers import policy
from tests.http.house import House


async def test_a_page_tells_the_browser_what_not_to_do(house: House) -> None:
    async with house.browser() as browser, browser.get("/") as answer:
        headers = answer.headers
    rules = headers["Content-Security-Policy"]
    assert "default-src 'none'" in rules
    assert "frame-ancestors 'none'" in rules
    assert "unsafe" not in rules
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=(self)" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Server"] == "heyi"


async def test_every_answer_is_hardened_also_the_bad_ones(house: House) -> None:
    async with house.browser() as browser:
        for path in ("/nowhere", "/today", "/j/x/welcome", "/healthz", "/static/nothing.js"):
            async with browser.get(path, allow_redirects=False) as answer:
                assert "Content-Security-Policy" in answer.headers, path
                assert answer.headers["X-Content-Type-Options"] == "nosniff", path


async def test_scripts_run_only_with_the_nonce_of_their_answer(house: House) -> None:
    seen = set()
    async with house.browser(seat=house.world.alice) as browser:
        for _ in range(2):
            async with browser.get(f"/j/{house.world.alice}") as answer:
                rules, page = answer.headers["Content-Security-Policy"], await answer.text()
            found = re.search(r"'nonce-([\w-]{20,})'", rules)
            assert found
            seen.add(found[1])
            scripts = re.findall(r"<script[^>]*>", page)
            assert scripts
            assert all(f'nonce="{found[1]}"' in script for script in scripts)
            assert not re.search(r"\son\w+=|javascript:|style=", page)
    assert len(seen) == 2


def test_the_socket_is_named_for_browsers_that_do_not_count_it_as_self() -> None:
    assert "connect-src 'self' wss://heyi.example;" in policy("n", "https://heyi.example")
    assert "connect-src 'self' ws://127.0.0.1:8000;" in policy("n", "http://127.0.0.1:8000")


async def test_webassembly_is_for_the_page_of_a_seat_alone(house: House) -> None:
    async with house.browser(seat=house.world.alice) as browser:
        for path, allowed in ((f"/j/{house.world.alice}", True), ("/", False)):
            async with browser.get(path) as answer:
                rules = answer.headers["Content-Security-Policy"]
            assert ("'wasm-unsafe-eval'" in rules) == allowed
            assert "'unsafe-eval'" not in rules


async def test_a_built_file_is_kept_for_ever_and_comes_packed(house: House) -> None:
    async with house.browser() as browser, browser.get("/static/assets/main-1.js") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Content-Type"].startswith("text/javascript")
        assert await answer.text() == "export {};\n" * 100


async def test_only_built_files_are_served(house: House) -> None:
    async with ClientSession(house.url) as browser:
        for name in (
            "nothing.js",
            ".vite/manifest.json",
            "../heyi.sqlite3",
            "%2e%2e/keys/link.key",
        ):
            async with browser.get(f"/static/{name}") as answer:
                assert answer.status == 404, name
