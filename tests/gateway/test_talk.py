"""What is said and written, on the wire: who is told even that there is something."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from typing import Any

from tests.gateway.cast import a_cast, admitted
from tests.gateway.house import House, Page, on_sqlite, until

LISTS = ("messages", "notes", "releases", "agenda", "minutes")


async def read(page: Page, what: str) -> Any:
    async with page.http.get(f"/j/{page.seat}/room/{what}") as answer:
        return await answer.json() if answer.status == 200 else answer.status


def news(page: Page) -> set[str]:
    return {what for event, told in page.told if event == "news" for what in told["what"]}


@on_sqlite
async def test_nobody_outside_is_told_even_that_something_was_said(house: House) -> None:
    async with AsyncExitStack() as stack:
        cast = await a_cast(house.ctx.store, house.world.case)
        guests = (cast.co, cast.alice, cast.lawyer, cast.dora)
        host, co, alice, lawyer, dora = await admitted(house, stack, cast.host, *guests)
        emil = await stack.enter_async_context(house.page(cast.emil))
        await emil.ready()
        assert (await host.command("move", seats=[alice.seat], to="caucus"))["ok"]
        for page in (host, alice):
            await page.sees(lambda view: view["place"] == "caucus")
        space = alice.views[-1]["space"]
        outside = (co, lawyer, dora, emil)
        for page in outside:
            page.told.clear()

        async def done(page: Page, event: str, **payload: Any) -> None:
            assert await page.command(event, **payload) == {"ok": True}, event

        await done(alice, "say", text="PRIVATE words", space=space)
        await done(host, "note", text="PRIVATE note", space=space)
        await host.is_told("news", what=["notes"])
        note = (await read(host, "notes"))["notes"][0]["id"]
        await done(host, "ask_release", kind="note", thing=note)
        await alice.is_told("news", what=["releases"])
        assert [one["words"] for one in await read(alice, "releases")] == ["PRIVATE note"]
        await done(alice, "answer_release", kind="note", thing=note, yes=True)
        await done(host, "write_minutes", version=0, text="PRIVATE minutes")
        # Whatever was told before has come when this has.
        await done(host, "promise", seats=[dora.seat], minutes=5)
        await dora.sees(lambda view: view["expected_at"] is not None)
        await until(house.plane._events.empty)
        for page in outside:
            assert news(page) == set()
            assert "PRIVATE" not in json.dumps(page.told)
            for what in LISTS:
                assert "PRIVATE" not in str(await read(page, what))
        told = json.dumps([page.told for page in (host, alice)])
        assert "PRIVATE" not in told  # nor do the events themselves carry any of it
        assert [line["text"] for line in await read(alice, "messages")] == ["PRIVATE words"]
        assert (await read(host, "minutes"))["content"] == "PRIVATE minutes"


@on_sqlite
async def test_a_lobby_reads_no_name_but_the_hosts(house: House) -> None:
    async with AsyncExitStack() as stack:
        cast = await a_cast(house.ctx.store, house.world.case)
        host, alice = await admitted(house, stack, cast.host, cast.alice)
        assert (await alice.command("say", text="to all", space=alice.views[-1]["space"]))["ok"]
        dora = await stack.enter_async_context(house.page(cast.dora))
        await dora.ready()
        waiting = await dora.sees(lambda view: view["place"] == "lobby")
        assert (await dora.command("say", text="hello?", space=waiting["space"]))["ok"]
        lobby = waiting["space"]
        assert (await host.command("say", text="a moment", to=dora.seat, space=lobby))["ok"]
        lines = await read(dora, "messages")
        assert [(line["text"], line["name"]) for line in lines] == [
            ("hello?", ""),
            ("a moment", "Booked-Hui"),
        ]
        text = json.dumps(lines)
        for word in ("Alia", "Dao", cast.alice, cast.host, "to all"):
            assert word not in text
        assert await read(dora, "notes") == 403
        assert await read(dora, "minutes") == 403
        assert await read(dora, "agenda") == 403
        assert await read(dora, "releases") == []
        assert [line["text"] for line in await read(alice, "messages")] == ["to all"]


@on_sqlite
async def test_a_cookie_opens_the_lists_of_its_own_seat(house: House) -> None:
    async with AsyncExitStack() as stack:
        cast = await a_cast(house.ctx.store, house.world.case)
        host, alice = await admitted(house, stack, cast.host, cast.alice)
        for what in LISTS:
            for whose in (cast.host, cast.dora, house.world.alice):
                async with alice.http.get(f"/j/{whose}/room/{what}") as answer:
                    assert answer.status == 401, (what, whose)
                    assert (await answer.json())["code"] == "no_seat"
        await alice.command("leave")
        await until(lambda: not alice.socket.connected)
        assert await read(alice, "messages") == 401
        assert await read(host, "messages") == []
