"""What hosts alone are told of the voices: how long each has spoken, and which seem dead."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest

from server.domain.ids import SeatId, SessionId
from signaling import voices
from signaling.media.plane import MicrophoneSilent, Speaking
from signaling.talk_time import TalkTime
from tests.gateway.cast import a_cast, admitted, three
from tests.gateway.house import House, Page, on_sqlite, until

ONE, OTHER = SessionId("one"), SessionId("other")
ALICE, BOB, CAROL = SeatId("alice"), SeatId("bob"), SeatId("carol")


class Watch:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def talk(watch: Watch) -> TalkTime:
    talk = TalkTime(watch)
    talk.sits(ONE, ALICE)
    talk.sits(ONE, BOB)
    talk.sits(OTHER, CAROL)
    return talk


def seconds(talk: TalkTime, session: SessionId = ONE) -> dict[str, int]:
    found = talk.told(session, "talk")["seconds"]
    assert isinstance(found, dict)
    return found


def test_everybody_counts_by_their_own_event_also_when_two_speak(
    talk: TalkTime, watch: Watch
) -> None:
    assert talk.hear(Speaking(ALICE, (ALICE,))) == (ONE, "talk")
    assert talk.hear(Speaking(BOB, (ALICE,))) is None, "it is not Bob who speaks"
    watch.now += 3
    talk.hear(Speaking(BOB, (ALICE, BOB)))
    assert talk.hear(Speaking(ALICE, (ALICE, BOB))) is None, "she goes on"
    watch.now += 4.5
    talk.hear(Speaking(ALICE, ()))
    watch.now += 60
    assert seconds(talk) == {ALICE: 7, BOB: 64}
    assert talk.talking(ONE)
    talk.hear(Speaking(BOB, ()))
    assert not talk.talking(ONE)
    assert seconds(talk, OTHER) == {}


def test_gone_with_the_last_page_and_never_of_a_stranger(talk: TalkTime, watch: Watch) -> None:
    talk.hear(Speaking(ALICE, (ALICE,)))
    talk.hear(MicrophoneSilent(BOB, silent=True))
    assert talk.told(ONE, "alerts") == {"silent": [BOB]}
    watch.now += 5
    talk.forget(ONE)
    assert talk.hear(Speaking(ALICE, (ALICE,))) is None
    talk.sits(ONE, ALICE)
    assert seconds(talk) == {}
    assert talk.told(ONE, "alerts") == {"silent": []}
    assert talk.hear(Speaking(SeatId("nobody"), ())) is None


def test_who_went_with_the_last_page_is_not_counted_when_others_come(talk: TalkTime) -> None:
    talk.forget(ONE)
    talk.sits(ONE, BOB)
    assert talk.hear(Speaking(ALICE, (ALICE,))) is None
    assert talk.hear(Speaking(BOB, (BOB,))) == (ONE, "talk")
    assert talk.hear(Speaking(CAROL, (CAROL,))) == (OTHER, "talk"), "the others' goes on"


def test_a_microphone_that_is_heard_again(talk: TalkTime) -> None:
    talk.hear(MicrophoneSilent(ALICE, silent=True))
    assert talk.hear(MicrophoneSilent(ALICE, silent=False)) == (ONE, "alerts")
    assert talk.told(ONE, "alerts") == {"silent": []}


def last(page: Page, event: str) -> object:
    return [payload for name, payload in page.told if name == event][-1]


@on_sqlite
async def test_hosts_are_told_and_nobody_else(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voices, "TALK_S", 0.01)
    async with AsyncExitStack() as stack:
        cast = await a_cast(house.store, house.world.case)
        host, co, alice = await admitted(house, stack, cast.host, cast.co, cast.alice)
        await somebody_hosts_another(house, stack)
        house.plane.tell(Speaking(cast.alice, (cast.alice,)))
        await until(lambda: "talk" in names(host) and last(host, "talk") != {"seconds": {}})
        house.plane.tell(Speaking(cast.alice, ()))
        house.plane.tell(MicrophoneSilent(cast.alice, silent=True))
        await until(lambda: last(host, "alerts") == {"silent": [cast.alice]})
        assert (await host.command("give_chair", seat=cast.co))["ok"]
        await co.is_told("alerts", silent=[cast.alice])
        told = last(co, "talk")
        assert isinstance(told, dict)
        assert set(told["seconds"]) == {cast.alice}
        assert not {"talk", "alerts"} & set(names(alice))
        assert not host.undeclared
        assert not co.undeclared


@on_sqlite
async def test_a_host_who_comes_back_learns_how_it_stands(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, _ = await three(house, stack)
        house.plane.tell(MicrophoneSilent(SeatId(alice.seat), silent=True))
        await host.is_told("alerts", silent=[alice.seat])
        await host.socket.disconnect()
        host.told.clear()
        await host.connect()
        await host.is_told("alerts", silent=[alice.seat])
        assert "alerts" not in names(alice)


@on_sqlite
async def test_whose_microphone_seems_dead_is_told_only_where_they_are(house: House) -> None:
    async with AsyncExitStack() as stack:
        cast = await a_cast(house.store, house.world.case)
        host, alice, _ = await admitted(house, stack, cast.host, cast.alice, cast.dora)
        assert (await host.command("move", seats=[alice.seat], to="side"))["ok"]
        await alice.sees(lambda view: view["place"] == "side")
        host.told.clear()
        house.plane.tell(MicrophoneSilent(cast.alice, silent=True))
        house.plane.tell(MicrophoneSilent(cast.alice, silent=False))
        house.plane.tell(MicrophoneSilent(cast.alice, silent=True))
        house.plane.tell(MicrophoneSilent(cast.dora, silent=True))
        await until(lambda: "alerts" in names(host))
        assert alerts(host) == [[cast.dora]], "of Alice nothing, and not even that there is news"

        await host.command("move", seats=[alice.seat], to="joint")
        await until(lambda: alerts(host)[-1] == sorted([cast.alice, cast.dora]))
        await host.command("move", seats=[alice.seat], to="side")
        await until(lambda: alerts(host)[-1] == [cast.dora])
        await host.command("move", seats=[alice.seat], to="caucus")
        await until(lambda: alerts(host)[-1] == [cast.alice])
        await host.command("move", seats=[], to="joint")
        await until(lambda: alerts(host)[-1] == sorted([cast.alice, cast.dora]))
        await alice.socket.disconnect()
        await until(lambda: alerts(host)[-1] == [cast.dora])
        assert not host.undeclared


def alerts(page: Page) -> list[list[str]]:
    return [payload["silent"] for name, payload in page.told if name == "alerts"]


@on_sqlite
async def test_what_is_said_in_private_is_not_counted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voices, "TALK_S", 0.01)
    async with AsyncExitStack() as stack:
        host, alice, opponent = await three(house, stack)
        assert (await host.command("move", seats=[alice.seat], to="side"))["ok"]
        await alice.sees(lambda view: view["place"] == "side")
        house.plane.tell(Speaking(SeatId(alice.seat), (SeatId(alice.seat),)))
        house.plane.tell(Speaking(SeatId(opponent.seat), (SeatId(opponent.seat),)))
        await until(lambda: "talk" in names(host) and last(host, "talk") != {"seconds": {}})
        told = last(host, "talk")
        assert isinstance(told, dict)
        assert set(told["seconds"]) == {opponent.seat}


def names(page: Page) -> list[str]:
    return [name for name, _ in page.told]


async def somebody_hosts_another(house: House, stack: AsyncExitStack) -> None:
    """Somebody hosts another meeting at the same time, and must hear nothing of this one."""
    stranger = await stack.enter_async_context(
        house.page(next(iter(house.world.other_session.seats)))
    )
    await stranger.sees(lambda view: view["hosting"])

    async def heard_nothing() -> None:
        assert last(stranger, "talk") == {"seconds": {}}
        assert last(stranger, "alerts") == {"silent": []}

    stack.push_async_callback(heard_nothing)
