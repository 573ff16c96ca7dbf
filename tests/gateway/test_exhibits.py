"""Papers at the socket: who is shown a pointer, and that nothing of it stays."""

from __future__ import annotations

from contextlib import AsyncExitStack
from io import BytesIO
from typing import Any

import pytest
from aiohttp import FormData

from server.documents.paper import Paper
from server.domain.document import FileType
from server.services import exhibits, sealed
from signaling.pace import A_SECOND, AT_ONCE, Pace
from tests.gateway.cast import three
from tests.gateway.house import House, Page, on_sqlite, rows


@pytest.fixture(autouse=True)
def papers(monkeypatch: pytest.MonkeyPatch) -> None:
    async def open_paper(content: bytes, kind: FileType) -> Paper:
        return Paper(2)

    monkeypatch.setattr(exhibits, "open_paper", open_paper)


async def add(page: Page) -> str:
    """By this page, as its script sends it."""
    house = page.house
    await sealed.new_key(house.ctx, house.world.case.id, house.world.bureau.id)
    headers = {"Origin": house.url.rstrip("/")}
    form = FormData()
    form.add_field("file", BytesIO(b"%PDF-1.7"), filename="a.pdf")
    address = f"/j/{page.seat}/room/exhibits"
    async with page.http.post(address, data=form, headers=headers) as answer:
        return str((await answer.json())["id"])


def pointed(page: Page) -> list[dict[str, Any]]:
    return [payload for event, payload in page.told if event == "pointed"]


async def there(page: Page) -> None:
    """Whatever was sent to it until now has come: its own answer comes last."""
    assert (await page.command("ask", ask="help", on=True))["ok"]


@on_sqlite
async def test_a_pointer_is_seen_by_those_in_the_same_space_and_kept_nowhere(
    house: House,
) -> None:
    async with AsyncExitStack() as stack:
        host, alice, opponent = await three(house, stack)
        exhibit = await add(alice)
        assert (await host.command("show", exhibit=exhibit, page=2))["ok"]
        await alice.sees(lambda view: view["shown"]["exhibit"] == exhibit)
        before = await rows(house)
        at = {"exhibit": exhibit, "page": 2, "x": 5000, "y": 100}
        assert await alice.send("point", at) == {"ok": True}
        for other in (host, opponent):
            assert await other.is_told("pointed") == {**at, "seat": alice.seat}
        assert pointed(alice) == []
        assert await rows(house) == before


@on_sqlite
async def test_a_pointer_in_a_caucus_is_not_seen_outside_it(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, opponent = await three(house, stack)
        exhibit = await add(host)
        await host.command("show", exhibit=exhibit, page=1)
        await host.command("move", seats=[alice.seat], to="caucus")
        await host.command("show", exhibit=exhibit, page=1)
        await alice.sees(lambda view: view["place"] == "caucus" and view["shown"]["exhibit"])
        at = {"exhibit": exhibit, "page": 1, "x": 1, "y": 2}
        assert (await alice.send("point", at))["ok"]
        await host.is_told("pointed", seat=alice.seat)
        # What the opponent still looks at in their mind is not shown to them: it goes nowhere.
        assert (await opponent.send("point", at))["ok"]
        for page in (host, alice, opponent):
            await there(page)
        assert [p["seat"] for p in pointed(host)] == [alice.seat]
        assert pointed(alice) == pointed(opponent) == []


@on_sqlite
async def test_what_is_not_shown_is_not_pointed_at(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, _ = await three(house, stack)
        exhibit = await add(host)
        await host.command("show", exhibit=exhibit, page=1)
        await alice.sees(lambda view: view["shown"]["exhibit"])
        for wrong in ({"page": 2}, {"exhibit": alice.seat}):
            at = {"exhibit": exhibit, "page": 1, "x": 1, "y": 2, **wrong}
            assert await alice.send("point", at) == {"ok": True}
        for unusable in ({"x": 10_001}, {"y": -1}, {"x": 0.5}, {"page": 0}):
            at = {"exhibit": exhibit, "page": 1, "x": 1, "y": 2, **unusable}
            assert (await alice.send("point", at))["code"] == "bad_request"
        await there(alice)
        await there(host)
        assert pointed(host) == []


def test_only_so_much_a_second_is_passed_on() -> None:
    now = 0.0
    pace = Pace(lambda: now)
    assert [pace.allowed() for _ in range(AT_ONCE + 2)] == [True] * AT_ONCE + [False] * 2
    now = 1 / A_SECOND + 0.001
    assert [pace.allowed(), pace.allowed()] == [True, False]
    now = 3600
    assert sum(pace.allowed() for _ in range(100)) == AT_ONCE


@on_sqlite
async def test_lists_are_told_of_only_to_those_who_may_read_them(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, opponent = await three(house, stack)
        await host.command("move", seats=[alice.seat], to="caucus")
        await alice.sees(lambda view: view["place"] == "caucus")
        exhibit = await add(alice)
        await host.is_told("news", what=["exhibits"])
        await host.command("show", exhibit=exhibit, page=1)
        points = [1, 2, 3, 4]
        drawn = {"exhibit": exhibit, "page": 1, "points": points, "colour": "red", "width": 2}
        assert (await alice.command("draw", **drawn))["ok"]
        await host.is_told("news", what=["strokes"])
        for wrong in ({"points": [1, 2, 3]}, {"points": [1, 2]}, {"colour": "green"}):
            answer = await alice.command("draw", **{**drawn, **wrong})
            assert answer["code"] == "bad_request"
        assert (await opponent.command("draw", **drawn))["code"] == "not_shown_here"
        await there(opponent)
        assert not [payload for event, payload in opponent.told if event == "news"]
