"""How well each is connected: measured, judged, kept, and told to whom it concerns."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest

from server.domain.ids import SeatId
from server.domain.quality import Cause, Grade, Judgement, Shown
from server.services import quality as service
from server.store import quality as store
from server.store.quality import Kept
from signaling import quality
from signaling.media.plane import Quality
from tests.gateway.cast import three
from tests.gateway.house import WAIT_S, House, Page, on_sqlite, until
from tests.store.world import NOON

FINE: dict[str, Any] = {
    "up_loss": 0.0,
    "down_loss": 0.0,
    "jitter": 0.004,
    "round_trip": 0.03,
    "up_bits": 800_000.0,
    "down_bits": 1_600_000.0,
    "how": "full",
    "held": 0.001,
}
SMOOTH = {"freezes": 0, "frozen_ms": 0, "concealed_ms": 0, "dropped": 0.0, "starved_s": 0}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "GATHER_S", 0.0)


def of(seat: str, **changes: Any) -> Quality:
    return Quality(SeatId(seat), **{**FINE, **changes})


async def kept(house: House) -> list[Kept]:
    async with house.ctx.store.read() as conn:
        return await store.of_session(conn, house.world.session.id, NOON - timedelta(hours=1))


async def keeps(house: House, *events: Quality) -> list[Kept]:
    """Their rows, as soon as they are there."""
    before = await kept(house)
    for event in events:
        house.plane.tell(event)
    found: list[Kept] = []
    async with asyncio.timeout(WAIT_S):
        while len(found) < len(events):
            await asyncio.sleep(0.01)
            found = [row for row in await kept(house) if row not in before]
    return found


async def listed(page: Page) -> Any:
    async with page.http.get(f"/j/{page.seat}/room/quality") as answer:
        assert answer.status == 200
        return await answer.json()


async def told(page: Page, times: int) -> None:
    """So often, and not more, that there is news of it."""
    await until(lambda: page.told.count(("news", {"what": ["quality"]})) == times)


async def test_a_minute_is_kept_with_what_its_page_says(house: House) -> None:
    async with AsyncExitStack() as stack:
        _, alice, _ = await three(house, stack)
        assert (await alice.send("playback", {**SMOOTH, "frozen_ms": 9_000, "freezes": 4}))["ok"]
        house.clock.pass_(83)
        [row] = await keeps(house, of(alice.seat))
        assert row.seat == alice.seat
        assert row.at == NOON + timedelta(minutes=1), "to the minute"
        assert row.minute.carried.up_kbits == 800
        assert row.minute.carried.round_trip_ms == 30
        assert row.minute.shown == Shown(4, 9_000, 0, 0.0, 0)
        assert row.judgement == Judgement(Grade.WEAK, Cause.DEVICE)

        house.clock.pass_(60)
        [row] = await keeps(house, of(alice.seat))
        assert row.minute.shown == Shown(), "what was said is said of one minute"
        assert row.judgement == Judgement(Grade.GOOD)


@on_sqlite
async def test_links_built_anew_are_counted_once(house: House) -> None:
    async with AsyncExitStack() as stack:
        _, alice, _ = await three(house, stack)
        assert (await alice.send("rebuild", {}))["ok"]
        assert (await alice.send("rebuild", {}))["ok"]
        [row] = await keeps(house, of(alice.seat, up_loss=None, down_loss=None))
        assert row.minute.breaks == 2
        assert row.judgement == Judgement(Grade.WEAK, Cause.BREAKS)
        house.clock.pass_(60)
        [row] = await keeps(house, of(alice.seat))
        assert row.minute.breaks == 0


async def test_a_second_row_of_the_same_minute_is_let_go(house: House) -> None:
    async with AsyncExitStack() as stack:
        _, alice, opponent = await three(house, stack)
        [row] = await keeps(house, of(alice.seat, up_loss=0.2))
        house.plane.tell(of(alice.seat))
        [other] = await keeps(house, of(opponent.seat))
        assert sorted(await kept(house), key=str) == sorted([row, other], key=str)
        house.clock.pass_(60)
        [later] = await keeps(house, of(alice.seat))
        assert later.judgement == Judgement(Grade.GOOD)


@on_sqlite
async def test_hosts_see_everybody_and_others_themselves(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, opponent = await three(house, stack)
        await keeps(house, of(alice.seat, up_loss=0.2), of(opponent.seat), of(host.seat))
        await host.is_told("news", what=["quality"])
        await alice.is_told("news", what=["quality"])
        seen = await listed(host)
        assert {one["seat"] for one in seen["people"]} == {p.seat for p in (host, alice, opponent)}
        [minute] = next(one for one in seen["people"] if one["seat"] == alice.seat)["minutes"]
        assert minute == {
            "at": NOON.isoformat(),
            "grade": "weak",
            "cause": "up_loss",
            "loss": 0.2,
            "round_trip_ms": 30,
        }, "and nothing from which one could tell who has spoken"
        assert await listed(alice) == {"own": {"grade": "weak", "cause": "up_loss"}, "people": []}
        assert await listed(opponent) == {"own": {"grade": "good", "cause": None}, "people": []}
        house.clock.pass_(600)
        assert (await listed(alice))["own"] is None, "what was ten minutes ago is not now"
        assert (await listed(host))["people"]


@on_sqlite
async def test_a_party_is_not_told_that_somebody_else_has_a_bad_network(house: House) -> None:
    async with AsyncExitStack() as stack:
        _, alice, opponent = await three(house, stack)
        await keeps(house, of(opponent.seat, up_loss=0.2))
        assert (await alice.send("playback", {**SMOOTH, "frozen_ms": 9_000}))["ok"]
        [row] = await keeps(house, of(alice.seat))
        assert row.judgement == Judgement(Grade.WEAK, Cause.OTHERS)
        assert await listed(alice) == {"own": {"grade": "weak", "cause": None}, "people": []}


@on_sqlite
async def test_parties_are_told_of_what_is_new_only(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, _ = await three(house, stack)
        for n in range(3):
            await keeps(house, of(alice.seat))
            await told(host, n + 1)
            house.clock.pass_(60)
        await told(alice, 1)
        await keeps(house, of(alice.seat, how="none"))
        await told(alice, 2)
        assert (await listed(alice))["own"] == {"grade": "audio_only", "cause": "down_slow"}


@on_sqlite
async def test_the_last_word_about_who_has_gone_is_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with AsyncExitStack() as stack:
        _, alice, _ = await three(house, stack)
        assert (await alice.send("rebuild", {}))["ok"]
        await alice.socket.disconnect()
        await until(lambda: house.gateway.presence.of(SeatId(alice.seat)) is None)
        [row] = await keeps(house, of(alice.seat, down_loss=0.4))
        assert row.minute.breaks == 1


@on_sqlite
async def test_who_has_gone_is_forgotten(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "LAST_S", 0.0)
    known = house.gateway.qualities._known
    async with AsyncExitStack() as stack:
        _, alice, opponent = await three(house, stack)
        await keeps(house, of(alice.seat), of(opponent.seat))
        assert house.gateway.qualities.figures().values[("good",)] == 2
        await alice.socket.disconnect()
        await until(lambda: SeatId(alice.seat) not in known)
        assert house.gateway.qualities.figures().values[("good",)] == 1
        house.plane.tell(of(alice.seat))
        house.clock.pass_(60)
        assert [k.seat for k in await keeps(house, of(opponent.seat))] == [opponent.seat]


@on_sqlite
async def test_a_minute_that_cannot_be_kept_takes_nothing_with_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with AsyncExitStack() as stack:
        _, alice, _ = await three(house, stack)
        tried: list[int] = []

        async def full(_: object, found: list[Kept]) -> None:
            tried.append(len(found))
            raise OSError("the disk is full")

        with monkeypatch.context() as broken:
            broken.setattr(service, "keep", full)
            house.plane.tell(of(alice.seat))
            await until(lambda: tried == [1])
        assert (await alice.command("camera", on=True))["ok"]
        house.clock.pass_(60)
        assert len(await keeps(house, of(alice.seat))) == 1


@on_sqlite
@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {**SMOOTH, "frozen_ms": -1},
        {**SMOOTH, "frozen_ms": 10**7},
        {**SMOOTH, "dropped": 1.01},
        {**SMOOTH, "starved_s": 3600},
        {**SMOOTH, "freezes": "many"},
        {**SMOOTH, "browser": "a name"},
    ],
)
async def test_what_a_page_says_is_checked(house: House, wrong: dict[str, Any]) -> None:
    async with AsyncExitStack() as stack:
        _, alice, _ = await three(house, stack)
        assert (await alice.send("playback", wrong))["code"] == "bad_request"
        [row] = await keeps(house, of(alice.seat))
        assert row.minute.shown == Shown()


@on_sqlite
async def test_a_page_says_so_once_a_minute_and_not_all_the_time(house: House) -> None:
    async with AsyncExitStack() as stack:
        _, alice, _ = await three(house, stack)
        codes = [(await alice.send("playback", SMOOTH)).get("code") for _ in range(20)]
        assert "too_quick" in codes
        assert codes[0] is None
