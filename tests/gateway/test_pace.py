"""How many commands a page may send: people never notice, programs are held up."""

from __future__ import annotations

import asyncio
import random
from contextlib import AsyncExitStack
from typing import Any

import pytest

from server.domain.ids import SeatId
from signaling import gateway
from signaling.pace import HOSTING, INSIDE, SIGNALLING, WAITING, Limit, Paces
from tests.gateway.cast import three
from tests.gateway.house import House, Page, on_sqlite, rows

ALICE, BOB = SeatId("alice"), SeatId("bob")


class Watch:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("limit", [WAITING, INSIDE, HOSTING, *SIGNALLING.values()])
def test_so_many_at_once_and_so_many_a_second(limit: Limit) -> None:
    watch = Watch()
    paces = Paces(watch)
    tries = 2 * limit.at_once
    assert sum(paces.allowed(ALICE, limit) for _ in range(tries)) == limit.at_once
    assert paces.allowed(BOB, limit), "each has their own"
    watch.now += 1
    assert sum(paces.allowed(ALICE, limit) for _ in range(tries)) == limit.a_second
    watch.now += limit.rest_s
    assert sum(paces.allowed(ALICE, limit) for _ in range(tries)) == limit.at_once


def test_who_is_let_in_may_do_more_at_once() -> None:
    paces = Paces(Watch())
    while paces.allowed(ALICE, WAITING):
        pass
    assert sum(paces.allowed(ALICE, INSIDE) for _ in range(100)) == INSIDE.at_once - WAITING.at_once


def test_who_has_rested_is_forgotten_and_nobody_else() -> None:
    watch = Watch()
    paces = Paces(watch)
    for _ in range(WAITING.at_once):
        paces.allowed(ALICE, WAITING)
    watch.now += WAITING.rest_s - 1
    assert paces.allowed(BOB, WAITING)
    assert len(paces) == 2
    watch.now += 2
    paces.allowed(SeatId("carol"), WAITING)
    assert len(paces) == 2
    watch.now += 3600
    paces.allowed(SeatId("dora"), WAITING)
    assert len(paces) == 1


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time passes for whoever is held up."""
    monkeypatch.setattr(gateway, "Paces", lambda: Paces(Watch()))


@pytest.fixture
def house(stopped: None, house: House) -> House:
    return house


async def taps(page: Page, many: int) -> list[str]:
    answers = await asyncio.gather(*(page.command("camera", on=n % 2 == 0) for n in range(many)))
    assert all(a["ok"] or a["text"].endswith("then try again.") for a in answers)
    return [answer.get("code", "ok") for answer in answers]


@on_sqlite
async def test_a_stranger_with_a_link_changes_only_so_much(house: House) -> None:
    async with house.page(house.world.alice) as alice:
        codes = await taps(alice, 100)
        assert codes == ["ok"] * WAITING.at_once + ["too_quick"] * (100 - WAITING.at_once)
        before = await rows(house)
        assert set(await taps(alice, 50)) == {"too_quick"}
        assert await rows(house) == before

        await alice.socket.disconnect()
        await alice.connect()
        await alice.sees(lambda view: True)
        assert set(await taps(alice, 10)) == {"too_quick"}, "a new connection is no way round it"


@on_sqlite
async def test_people_inside_are_held_up_later_and_hosts_hardly(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, opponent = await three(house, stack)
        codes = await taps(alice, 2 * INSIDE.at_once)
        assert INSIDE.at_once - WAITING.at_once < codes.count("ok") < INSIDE.at_once
        assert set(await taps(opponent, WAITING.at_once)) == {"ok"}
        assert set(await taps(host, 2 * INSIDE.at_once)) == {"ok"}


@on_sqlite
@pytest.mark.parametrize("event", SIGNALLING)
async def test_signals_have_a_pace_each(house: House, event: str) -> None:
    """Links are dear: who asks for them without end is held up, and nothing else is."""
    payloads: dict[str, dict[str, object]] = {
        "signal": {"link": "nobody", "kind": "candidate", "sdp": ""},
        "rebuild": {},
        "pin": {"seats": []},
        "tiles": {"sizes": {}},
        "playback": dict.fromkeys(("freezes", "frozen_ms", "concealed_ms", "dropped", "starved_s")),
    }

    async def code(page: Page, name: str) -> str:
        answer = await page.send(name, payloads[name])
        return "ok" if answer["ok"] else str(answer["code"])

    async with AsyncExitStack() as stack:
        _, alice, opponent = await three(house, stack)
        opened = house.plane.opened
        limit = SIGNALLING[event]
        codes = [await code(alice, event) for _ in range(limit.at_once + 3)]
        assert codes[limit.at_once - 1] != "too_quick"
        assert codes[-3:] == ["too_quick"] * 3
        assert house.plane.opened <= opened + limit.at_once
        for name in SIGNALLING.keys() - {event}:
            assert await code(alice, name) != "too_quick"
        assert await code(opponent, event) != "too_quick"
        assert set(await taps(alice, 1)) == {"ok"}


@on_sqlite
async def test_a_flood_of_signals_keeps_nobody_waiting(house: House) -> None:
    """ASVS 17.3.1 and 17.3.2: half of it is no signal at all, all of it is answered."""
    pick = random.Random(5)
    malformed: list[object] = [{}, [], None, "signal", 5, {"link": 3, "kind": "offer", "sdp": ""}]

    def nonsense(number: int) -> object:
        sdp = "".join(chr(pick.randrange(1, 0xD000)) for _ in range(pick.randrange(300)))
        some = {"link": "nobody", "kind": pick.choice(["offer", "answer", "candidate"]), "sdp": sdp}
        return some if number % 2 else pick.choice([*malformed, {**some, "more": 1}])

    async with AsyncExitStack() as stack:
        _, alice, opponent = await three(house, stack)
        reached, real = 0, house.plane.signal

        async def counted(seat: SeatId, signal: Any) -> None:
            nonlocal reached
            reached += 1
            await real(seat, signal)

        house.plane.signal = counted  # type: ignore[method-assign]
        flood = [asyncio.create_task(alice.send("signal", nonsense(n))) for n in range(1500)]
        for n in range(10):
            assert await opponent.command("camera", on=n % 2 == 0) == {"ok": True}
        answers = await asyncio.gather(*flood)
        assert {a["code"] for a in answers} <= {"bad_request", "not_your_link", "too_quick"}
        assert [a["code"] for a in answers].count("bad_request") == 750
        assert reached == SIGNALLING["signal"].at_once
        assert set(await taps(alice, 1)) == {"ok"}
