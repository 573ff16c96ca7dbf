from __future__ import annotations

import pytest

from tests.http.house import House


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1"}, 403),
    ],
)
async def test_only_our_own_pages_change_anything(
    house: House, headers: dict[str, str], status: int
) -> None:
    async with house.browser("mediator") as browser:
        async with browser.post("/sign-out", headers=headers, allow_redirects=False) as answer:
            assert answer.status == status
        async with browser.get("/today", allow_redirects=False) as answer:
            assert answer.status == (303 if status == 303 else 200)


async def test_nothing_is_changed_by_looking(house: House) -> None:
    async with house.browser("mediator") as browser:
        for path in ("/sign-out", f"/sessions/{house.world.session.id}/cancel"):
            async with browser.get(path) as answer:
                assert answer.status == 405
