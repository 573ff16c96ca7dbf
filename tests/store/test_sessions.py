from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import fields
from datetime import date, timedelta

import pytest

from server.domain.consent import Purpose, Text
from server.domain.ids import DeviceId, SeatId, SessionId, SpaceId
from server.domain.patience import Patience
from server.domain.result import Result, ResultKind
from server.domain.rights import Thing
from server.domain.seat import Ask
from server.domain.seating import SessionState
from server.domain.session import Destination, Session
from server.security.ids import new_id, new_secret_id
from server.store import sessions, tables
from server.store.sessions import Stale, Stored
from server.store.store import Store
from tests.store.world import MINUTE, NOON, World

TEXT = Text(Purpose.ONLINE_MEDIATION, 1, "zh", "我同意在线调解。")
DEVICES = [DeviceId(new_secret_id()) for _ in range(4)]
LEFT_OUT = {"new_space_id", "new_seat_id", "happened", "cut"}


async def loaded(store: Store, session_id: SessionId) -> Stored:
    async with store.read() as conn:
        session = await sessions.load(conn, session_id)
    assert session is not None
    return session


async def saved(store: Store, session: Stored) -> Stored:
    async with store.write() as conn:
        await sessions.save(conn, session)
    return await loaded(store, session.id)


def assert_same(a: Session, b: Session) -> None:
    for field in fields(Session):
        if field.name not in LEFT_OUT:
            assert getattr(a, field.name) == getattr(b, field.name), field.name


def arrive(session: Session, seat: SeatId, device: DeviceId) -> SeatId:
    got = session.connect(seat, device, NOON).id
    if got != session.main_host.id:
        session.say_name(got, "我", NOON)
        if session.seats[got].claim_of is None:
            session.consent(got, TEXT, NOON)
    return got


async def test_a_new_session_is_loaded_as_it_was_inserted(store: Store, world: World) -> None:
    session = await loaded(store, world.session.id)
    assert_same(session, world.session)
    assert list(session.seats) == list(world.session.seats)


async def test_nothing_is_found_under_an_unknown_id(store: Store, world: World) -> None:
    async with store.write() as conn:
        assert await sessions.load(conn, SessionId(new_id()), lock=True) is None
        assert await sessions.of_seat(conn, SeatId(new_id())) is None
        assert await sessions.thing(conn, SessionId(new_id())) is None


async def test_every_step_of_a_mediation_survives_a_restart(store: Store, world: World) -> None:
    """After each step the database says exactly what memory said."""
    host, alice, other = world.host, world.alice, world.opponent
    at = iter(NOON + n * MINUTE for n in range(100))
    steps: list[Callable[[Session], object]] = [
        lambda s: arrive(s, host, DEVICES[0]),
        lambda s: arrive(s, alice, DEVICES[1]),
        lambda s: arrive(s, other, DEVICES[2]),
        lambda s: s.admit(host, alice, next(at)),
        lambda s: s.admit(host, other, next(at)),
        lambda s: s.microphone(alice, True),
        lambda s: s.ask(alice, Ask.PRIVATE_WORD, True, next(at)),
        lambda s: s.move(host, [alice], Destination.CAUCUS, next(at)),
        lambda s: s.lost(host, next(at)),
        lambda s: s.tick(next(at)),
        lambda s: s.connect(host, DEVICES[0], next(at)),
        lambda s: arrive(s, alice, DEVICES[3]),
        lambda s: s.withdraw(other, Purpose.ONLINE_MEDIATION, next(at)),
        lambda s: s.leave(alice, next(at)),
        lambda s: s.reissue(other, next(at)),
        lambda s: s.end(
            host, Result(ResultKind.ADJOURNED, "下周再谈", date(2026, 12, 1)), next(at)
        ),
    ]
    session = await loaded(store, world.session.id)
    for version, step in enumerate(steps, start=1):
        step(session)
        again = await saved(store, session)
        assert_same(again, session)
        assert again.version == version
        session = again
    assert session.state is SessionState.ENDED


async def test_what_is_passed_in_is_used(store: Store, world: World) -> None:
    patience = Patience(host_silence=timedelta(seconds=1))
    async with store.read() as conn:
        session = await sessions.load(
            conn,
            world.session.id,
            new_space_id=lambda: SpaceId("space"),
            new_seat_id=lambda: SeatId("seat"),
            patience=patience,
        )
    assert session is not None
    assert (session.new_space_id(), session.new_seat_id()) == ("space", "seat")
    assert session.patience is patience


async def test_of_two_who_loaded_the_same_the_second_is_stale(store: Store, world: World) -> None:
    first, second = [await loaded(store, world.session.id) for _ in range(2)]
    arrive(first, world.alice, DEVICES[1])
    await saved(store, first)
    arrive(second, world.opponent, DEVICES[2])
    with pytest.raises(Stale):
        await saved(store, second)
    assert_same(await loaded(store, world.session.id), first)


async def test_of_many_who_save_at_once_one_does(store: Store, world: World) -> None:
    """Each loaded the same and writes at the same moment; the others are told to begin again."""
    everyone = [await loaded(store, world.session.id) for _ in range(8)]
    for n, session in enumerate(everyone):
        session.connect(world.alice, DEVICES[n % 4], NOON)
    saves = [saved(store, session) for session in everyone]
    done = await asyncio.gather(*saves, return_exceptions=True)
    assert sum(isinstance(result, Session) for result in done) == 1
    assert sum(isinstance(result, Stale) for result in done) == 7
    assert (await loaded(store, world.session.id)).version == 1


async def test_who_loads_with_the_lock_is_never_stale(store: Store, world: World) -> None:
    async def reissue() -> None:
        async with store.write() as conn:
            session = await sessions.load(conn, world.session.id, lock=True)
            assert session is not None
            session.reissue(world.alice, NOON)
            await sessions.save(conn, session)

    await asyncio.gather(*(reissue() for _ in range(20)))
    session = await loaded(store, world.session.id)
    assert (session.version, session.seats[world.alice].link_version) == (20, 21)


async def test_a_claim_that_is_over_is_nobodys_seat_but_its_row_stays(
    store: Store, world: World
) -> None:
    session = await loaded(store, world.session.id)
    arrive(session, world.alice, DEVICES[1])
    claim = arrive(session, world.alice, DEVICES[2])
    session = await saved(store, session)
    assert claim in session.seats
    async with store.read() as conn:
        assert await sessions.of_seat(conn, claim) == session.id
    session.leave(claim, NOON)
    session = await saved(store, session)
    assert claim not in session.seats
    async with store.read() as conn:
        assert await sessions.of_seat(conn, claim) is None
        row = (await conn.execute(tables.seat.select().where(tables.seat.c.id == claim))).one()
    assert row.dropped_at is not None


async def test_spaces_keep_when_they_were_closed(store: Store, world: World) -> None:
    session = await loaded(store, world.session.id)
    arrive(session, world.alice, DEVICES[1])
    lobby = session.seats[world.alice].space
    session = await saved(store, session)
    session.leave(world.alice, NOON + MINUTE)
    await saved(store, session)
    async with store.read() as conn:
        row = (await conn.execute(tables.space.select())).one()
    assert (row.id, row.closed_at) == (lobby, NOON + MINUTE)


async def test_a_restart_finds_where_people_are(store: Store, world: World) -> None:
    async with store.read() as conn:
        assert await sessions.with_people(conn) == []
    session = await loaded(store, world.session.id)
    arrive(session, world.host, DEVICES[0])
    arrive(session, world.alice, DEVICES[1])
    session.admit(world.host, world.alice, NOON)
    session = await saved(store, session)
    async with store.read() as conn:
        assert await sessions.with_people(conn) == [session.id]
    session.restart(NOON)
    session = await saved(store, session)
    assert not any(s.present for s in session.seats.values())
    async with store.read() as conn:
        # Its clock still runs: the joint space waits for its host.
        assert await sessions.with_people(conn) == [session.id]
    session.tick(NOON + MINUTE)
    await saved(store, session)
    async with store.read() as conn:
        assert await sessions.with_people(conn) == []


async def test_who_hosts_with_an_account(store: Store, world: World) -> None:
    async with store.read() as conn:
        thing = await sessions.thing(conn, world.session.id)
    assert thing is not None
    mine = frozenset({world.wang})
    assert thing == Thing(world.station.path, mine, world.wang, mediators=mine)
