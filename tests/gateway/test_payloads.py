"""What pages send that no page of ours would: a clear answer with a code, nobody else disturbed."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from server.security.ids import new_id
from server.services import sessions
from tests.gateway.cast import admitted, three
from tests.gateway.house import House, Page, on_sqlite, rows, until
from tests.gateway.raw import a_raw, opened

pytestmark = on_sqlite

ID = "01a20000-0000-7000-8000-000000000001"
NOT_PAYLOADS: dict[str, Any] = {
    "nothing": None,
    "a list": [],
    "a list of one": [{"id": ID, "on": True}],
    "text": "on",
    "a number": 5,
    "true": True,
    "bytes": b"\x00\xff",
    "no id": {"on": True},
    "id null": {"id": None, "on": True},
    "id a number": {"id": 5, "on": True},
    "id in capitals": {"id": ID.upper().replace("0", "A"), "on": True},
    "id too long": {"id": ID + "0", "on": True},
    "text for a truth": {"id": ID, "on": "true"},
    "number for a truth": {"id": ID, "on": 1},
    "bytes for a truth": {"id": ID, "on": b"\x01"},
    "one thing more": {"id": ID, "on": True, "seat": ID},
    "deep": {"id": ID, "on": [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]},
    "half a character": {"id": ID, "on": "\ud800"},
}
NOT_EVENTS = [
    *("nonsense", "", "payload", "trigger_event", "connect", "disconnect", "message", "__init__"),
    *("changed", "cut", "told", "close", "on_admit", "x" * 5000),
]


async def test_every_malformed_payload_is_a_bad_request(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, _ = await three(house, stack)
        before = await rows(house)
        for why, payload in NOT_PAYLOADS.items():
            answer = await alice.send("camera", payload)
            assert answer["code"] == "bad_request", why
            assert answer["text"].startswith("This page sent something")
        commands: list[tuple[str, dict[str, Any]]] = [
            ("move", {"seats": "everyone", "to": "joint"}),
            ("move", {"seats": ["nobody"], "to": "joint"}),
            ("move", {"seats": [host.seat] * 101, "to": "joint"}),
            ("move", {"seats": [], "to": "lobby"}),
            ("say_name", {"name": "x" * 401}),
            ("say_name", {"name": ["x"]}),
            ("ask", {"ask": "money", "on": True}),
            ("end", {"result": "won", "reason": "x"}),
            ("end", {"result": "agreed", "reason": "x", "until": "tomorrow"}),
            ("end", {"result": "agreed", "reason": "x" * 4001}),
            ("consent", {"purpose": "everything", "hash": "x"}),
        ]
        for event, fields in commands:
            answer = await host.send(event, {"id": ID, **fields})
            assert answer["code"] == "bad_request", (event, fields)
        assert await rows(house) == before


async def test_every_well_formed_nonsense_is_refused_by_its_code(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, opponent = await three(house, stack)
        before = await rows(house)
        commands: list[tuple[Page, str, dict[str, Any], str]] = [
            (host, "end", {"result": "not_agreed", "reason": " "}, "reason_missing"),
            (host, "end", {"result": "agreed", "reason": "x" * 2001}, "reason_too_long"),
            (host, "end", {"result": "adjourned", "reason": "x"}, "adjourned_date"),
            (
                host,
                "end",
                {"result": "adjourned", "reason": "x", "until": "2026-02-31"},
                "adjourned_date",
            ),
            (host, "admit", {"seat": ID}, "unknown_seat"),
            (host, "admit", {"seat": house.world.charlie}, "unknown_seat"),
            (host, "admit", {"seat": house.world.bob}, "not_here"),
            (host, "admit", {"seat": alice.seat}, "already_admitted"),
            (host, "move", {"seats": [], "to": "caucus"}, "nobody_named"),
            (host, "move", {"seats": [house.world.bob], "to": "caucus"}, "not_admitted"),
            (host, "remove", {"seat": host.seat}, "not_oneself"),
            (alice, "say_name", {"name": " \t"}, "name_missing"),
            (alice, "say_name", {"name": "x" * 201}, "name_unusable"),
            (alice, "say_name", {"name": "a\u202eb"}, "name_unusable"),
            (
                alice,
                "consent",
                {"purpose": "online_mediation", "hash": "sha256:0"},
                "unknown_text",
            ),
        ]
        for page, event, fields, code in commands:
            answer = await page.command(event, **fields)
            assert answer["code"] == code, (event, fields)
            assert answer["text"]
        link = house.plane.links[opponent.seat].up
        signal = {"link": link, "kind": "offer", "sdp": "v=0"}
        assert (await alice.send("signal", signal))["code"] == "not_your_link"
        own = {"link": house.plane.links[alice.seat].up, "kind": "offer", "sdp": "hello"}
        assert (await alice.send("signal", own))["code"] == "bad_sdp"
        assert (await alice.send("signal", {**own, "sdp": "v" * 60_001}))["code"] == "bad_request"
        assert (await alice.send("signal", {**own, "kind": "pranswer"}))["code"] == "bad_request"
        assert await rows(house) == before


async def test_unknown_events_are_refused_also_those_of_the_library(house: House) -> None:
    async with AsyncExitStack() as stack:
        _, alice, opponent = await three(house, stack)
        before, told = await rows(house), len(opponent.told)
        for event in NOT_EVENTS:
            payloads: list[Any] = [None, {"id": ID}, {"aiohttp.request": {}}]
            for payload in payloads:
                answer = await alice.send(event, payload)
                assert answer["code"] == "unknown_event", event
        assert await rows(house) == before
        assert len(opponent.told) == told
        assert await alice.command("camera", on=True) == {"ok": True}


STRANGE_FRAMES: list[str | bytes] = [
    *("", "9", "4", "49", "42", "42/seat", "42/seat,", "42/seat,[]", "42/seat,{}", "42/seat,null"),
    *('42/seat,1[{"a":1}]', "42/seat,2[null]", '42/seat,3[["camera"]]', "42/seat,4[5]"),
    *('42/other,["camera",{}]', '42["camera",{}]', "43/seat,7[1]", "44/seat,{}", "47/seat"),
    *("42/seat,[" + "[" * 20_000, '42/seat,["camera",' + "[" * 20_000 + "]" * 20_000 + "]"),
    *("40/seat,{}", "40/seat,[]", "40/other,{}", "42/seat," + "9" * 99, "451-/other,[]"),
    *(b"\x00", b"\xff" * 100, "bAAAA"),
]


async def test_strange_frames_are_survived(house: House) -> None:
    async with AsyncExitStack() as stack:
        host = (await admitted(house, stack, house.world.host, house.world.opponent))[0]
        alice = await stack.enter_async_context(Page.opened(house, house.world.alice))
        for frame in STRANGE_FRAMES:
            async with opened(alice) as raw:
                await raw.send(frame)
                await raw.send('42/seat,77["camera",{}]')
                while (got := await raw.frame()) is not None:
                    if got.startswith("43/seat,77"):
                        break
        await alice.connect()
        await alice.sees(lambda view: view["place"] == "lobby")
        assert await alice.command("camera", on=True) == {"ok": True}
        assert await host.command("camera", on=True) == {"ok": True}


async def test_an_event_without_a_name_is_answered(house: House) -> None:
    async with a_raw(house, house.world.alice) as raw:
        for frame in ('42/seat,1[{"a":1}]', "42/seat,2[null]", '42/seat,3[["camera"]]'):
            await raw.send(frame)
            assert (await raw.answer())["code"] == "unknown_event"


async def test_without_an_acknowledgement_asked_for_it_is_done_all_the_same(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, _ = await three(house, stack)
        payload = {"id": ID, "seats": [alice.seat], "to": "caucus"}
        await host.socket.emit("move", payload, namespace="/seat")
        await alice.sees(lambda view: view["place"] == "caucus")


async def test_what_is_too_large_costs_its_sender_the_connection(house: House) -> None:
    async with AsyncExitStack() as stack:
        _, alice, opponent = await three(house, stack)
        told = len(opponent.told)
        await alice.socket.emit("say_name", {"id": ID, "name": "x" * 300_000}, namespace="/seat")
        await opponent.sees(lambda view: any(not m["present"] for m in view["members"]))
        await until(lambda: not alice.socket.connected)
        last = alice.numbers[-1]
        await alice.connect(last=last)
        await alice.sees(lambda view: view["place"] == "joint")
        await opponent.sees(lambda view: all(m["present"] for m in view["members"]))
        assert {event for event, _ in opponent.told[told:]} <= {"changed", "routes"}


BAD_AUTH: list[Any] = [
    *([], "seat", 5, {}, {"seat": 5}, {"seat": ID, "last": -1}, {"seat": ID, "last": "1"}),
    *({"seat": ID, "lang": "fr"}, {"seat": ID, "more": 1}, {"seat": "x" * 36}),
]


async def test_bad_credentials_are_told_so_and_cut(house: House) -> None:
    for auth in BAD_AUTH:
        async with a_raw(house, house.world.alice, auth) as raw:
            cut = await raw.frame()
            assert cut is not None
            assert '"code":"bad_request"' in cut, auth
            await raw.until_closed()
    assert house.gateway.presence.all() == []


async def test_the_same_id_at_once_is_done_once(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, _ = await three(house, stack)
        session = house.world.session.id
        before = (await sessions.state(house.ctx, session)).version
        move = {"seats": [alice.seat], "to": "caucus"}
        answers = await asyncio.gather(*(host.command("move", ID, **move) for _ in range(8)))
        assert answers == [{"ok": True}] * 8
        assert (await sessions.state(house.ctx, session)).version == before + 1
        assert await alice.command("camera", ID, on=True) == {"ok": True}, "ids are the seat's own"
        assert (await sessions.state(house.ctx, session)).version == before + 2


async def test_a_command_that_waited_too_long_comes_from_nobody(house: House) -> None:
    """A newer tab of the same device took the seat while it stood behind another command."""
    async with AsyncExitStack() as stack:
        _, alice, _ = await three(house, stack)
        older = house.gateway.presence.of(alice.seat)
        assert older is not None
        camera = {"id": new_id(), "on": True}
        async with older.turn:
            late = asyncio.create_task(house.gateway.trigger_event("camera", older.sid, camera))
            await until(lambda: bool(older.turn._waiters))
            tab = await stack.enter_async_context(alice.another_tab())
            await tab.sees(lambda view: view["place"] == "joint")
            before = await rows(house)
        assert (await late)["code"] == "no_seat"
        assert await rows(house) == before


async def test_who_left_or_was_removed_is_heard_no_more(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, opponent = await three(house, stack)
        for page, act in (
            (alice, alice.command("leave")),
            (opponent, host.command("remove", seat=opponent.seat)),
        ):
            connection = house.gateway.presence.of(page.seat)
            assert connection is not None
            assert (await act)["ok"]
            if page is opponent:
                await page.sees(lambda view: view["place"] == "lobby")
                assert (await host.command("remove", seat=opponent.seat))["ok"]
            await page.is_told("cut")
            before = await rows(house)
            camera = {"id": new_id(), "on": True}
            late = await house.gateway.trigger_event("camera", connection.sid, camera)
            assert late["code"] == "no_seat"
            assert await rows(house) == before
