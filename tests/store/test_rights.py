"""`may` and `scope` are one rule: over random trees, roles, cases and sessions they agree."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Join, Table, insert, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import HandlerRole
from server.domain.errors import Refused
from server.domain.ids import CaseId, OrganisationId, SessionId, UserId
from server.domain.listing import Sort, Wanted
from server.domain.organisation import moved
from server.domain.rights import RULES, Reach, Scope, Verb, may, scope
from server.domain.seat import Role
from server.domain.user import StaffRole, User
from server.security.ids import new_id
from server.store import cases, listing, organisations, sessions, tables, users
from server.store.cases import in_scope
from server.store.listing import Reader
from server.store.store import Store
from tests.store.world import NOON

HOSTED = {
    verb for rules in RULES.values() for verb, reach in rules.items() if reach is Reach.HOSTED
}
"""Verbs that are about sessions only: a case has no host."""


@dataclass(frozen=True)
class Place:
    """Everything by number: `parents[n]` is the parent of organisation n + 1; 0 is a root.

    A parent of None makes another root, which is another tenant.
    """

    parents: list[int | None]
    homes: list[int]
    grants: list[set[tuple[StaffRole, int]]]
    cases: list[tuple[int, dict[int, HandlerRole]]]
    hosts: list[tuple[int, int]]


@st.composite
def places(draw: st.DrawFn) -> Place:
    parents: list[int | None] = [
        draw(st.none() | st.integers(0, n)) for n in range(draw(st.integers(0, 7)))
    ]
    unit = st.integers(0, len(parents))
    homes = draw(st.lists(unit, min_size=1, max_size=4))
    grant = st.tuples(st.sampled_from(StaffRole), unit)
    person = st.integers(0, len(homes) - 1)
    handlers = st.dictionaries(person, st.sampled_from(HandlerRole), max_size=2)
    matters = draw(st.lists(st.tuples(unit, handlers), min_size=1, max_size=6))
    session = st.tuples(st.integers(0, len(matters) - 1), person)
    return Place(
        parents=parents,
        homes=homes,
        grants=[draw(st.sets(grant, max_size=3)) for _ in homes],
        cases=matters,
        hosts=draw(st.lists(session, max_size=6)),
    )


class Built:
    """The place in the database, and its ids."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.units = [OrganisationId(new_id()) for _ in range(len(place.parents) + 1)]
        self.users = [UserId(new_id()) for _ in place.homes]
        self.cases = [CaseId(new_id()) for _ in place.cases]
        self.sessions = [SessionId(new_id()) for _ in place.hosts]

    async def write(self, conn: AsyncConnection) -> None:
        for table, rows in [
            (tables.organisation, self._units()),
            (tables.user, self._users()),
            (tables.grant, self._grants()),
            (tables.case, self._cases()),
            (tables.case_handler, self._handlers()),
            (tables.party, self._parties()),
            (tables.session, self._sessions()),
            (tables.seat, self._seats()),
        ]:
            if found := list(rows):
                await conn.execute(insert(table), found)

    def _units(self) -> Iterator[dict[str, Any]]:
        paths: list[str] = []
        for n, unit in enumerate(self.units):
            parent = self.place.parents[n - 1] if n else None
            paths.append(f"{paths[parent] if parent is not None else ''}{unit}/")
            row = {"id": unit, "path": paths[n], "kind": "station", "name": "所"}
            above = None if parent is None else self.units[parent]
            yield row | {"time_zone": "Asia/Shanghai", "parent": above}

    def _users(self) -> Iterator[dict[str, Any]]:
        for user, home in zip(self.users, self.place.homes, strict=True):
            row = {"id": user, "organisation": self.units[home], "login": user}
            yield row | {"name": "人", "password_hash": ""}

    def _grants(self) -> Iterator[dict[str, Any]]:
        for user, grants in zip(self.users, self.place.grants, strict=True):
            for role, unit in grants:
                yield {"user": user, "organisation": self.units[unit], "role": role}

    def _cases(self) -> Iterator[dict[str, Any]]:
        for case, (unit, _) in zip(self.cases, self.place.cases, strict=True):
            row = {"id": case, "organisation": self.units[unit], "kind": "mediation"}
            yield row | {"dispute_type": "other", "title": "案"}

    def _handlers(self) -> Iterator[dict[str, Any]]:
        """Everybody else has handled each case before, which counts for nothing."""
        for case, (_, handlers) in zip(self.cases, self.place.cases, strict=True):
            for n, user in enumerate(self.users):
                role = handlers.get(n, HandlerRole.MEDIATOR)
                row = {"id": new_id(), "case": case, "user": user, "since": NOON, "role": role}
                yield row | {"until": None if n in handlers else NOON}

    def _parties(self) -> Iterator[dict[str, Any]]:
        for case in self.cases:
            yield {"id": new_id(), "case": case, "side": "A", "name": "人"}

    def _sessions(self) -> Iterator[dict[str, Any]]:
        for session, (case, _) in zip(self.sessions, self.place.hosts, strict=True):
            unit = self.units[self.place.cases[case][0]]
            row = {"id": session, "case": self.cases[case], "organisation": unit}
            yield row | {"starts_at": NOON, "state": "planned", "version": 0}

    def _seats(self) -> Iterator[dict[str, Any]]:
        for session, (_, host) in zip(self.sessions, self.place.hosts, strict=True):
            row: dict[str, Any] = {"id": new_id(), "session": session, "name": "人"}
            row |= {"user": self.users[host], "role": Role.HOST, "link_version": 1, "asks": []}
            yield row | dict.fromkeys(
                ["chair", "admitted", "sent_out", "present", "microphone", "camera"], False
            )


CASES = tables.case.join(
    tables.organisation, tables.case.c.organisation == tables.organisation.c.id
)
SESSIONS = tables.session.join(CASES, tables.session.c.case == tables.case.c.id)


async def in_scopes(
    conn: AsyncConnection, scopes: Iterable[Scope], of: Table, among: Join
) -> dict[Scope, set[str]]:
    """What each of them holds, by one question: there are many at every step."""
    numbered = list(scopes)
    asked = [
        select(literal(n).label("n"), of.c.id).select_from(among).where(in_scope(one))
        for n, one in enumerate(numbered)
    ]
    found: dict[Scope, set[str]] = {one: set() for one in numbered}
    for row in await conn.execute(union_all(*asked)):
        found[numbered[row.n]].add(row.id)
    return found


async def cases_listed(conn: AsyncConnection, asked: Scope) -> set[str]:
    """As lists say the same in another way."""
    reader = Reader(UserId("nobody"), NOON.date(), ZoneInfo("Asia/Shanghai"))
    where = await listing.where(conn, asked, Wanted(), reader)
    return {line.id for line in (await listing.page(conn, where, Sort.CAME_IN)).lines}


async def people_in_scope(conn: AsyncConnection, asked: Scope, ids: list[CaseId]) -> set[str]:
    return {party.case for party in await listing.people(conn, asked, ids)}


Allowed = dict[Scope, set[str]]


async def compare(conn: AsyncConnection, built: Built) -> Allowed:
    """Everybody, every verb, everything. Returns which cases `may` allows, by the scope of who
    asked for what: those of several are one.
    """
    of_case = {case: await cases.thing(conn, case) for case in built.cases}
    of_session = {held: await sessions.thing(conn, held) for held in built.sessions}
    allowed: Allowed = {}
    held: Allowed = {}
    for user_id in built.users:
        user = await users.find(conn, user_id)
        assert user is not None
        for verb in Verb:
            asked = scope(user, verb)
            for things, known in ((of_case, allowed), (of_session, held)):
                if known is held or verb not in HOSTED:
                    mine: set[str] = {one for one, t in things.items() if t and may(user, verb, t)}
                    assert known.setdefault(asked, mine) == mine
    assert await in_scopes(conn, allowed, tables.case, CASES) == allowed
    assert await in_scopes(conn, held, tables.session, SESSIONS) == held
    return allowed


async def lists(conn: AsyncConnection, built: Built, allowed: Allowed) -> None:
    """What is made of scopes elsewhere says the same."""
    for asked, mine in allowed.items():
        assert await cases_listed(conn, asked) == mine
        assert await people_in_scope(conn, asked, built.cases) == mine


# ---- what is moved and given meanwhile ----------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """Everything by number, taken round: unit `what` comes under unit `under`, if it can."""

    what: int
    under: int


@dataclass(frozen=True)
class Give:
    """Or take away, if they have it."""

    person: int
    role: StaffRole
    where: int


@dataclass(frozen=True)
class Handle:
    """Or hand over to nobody, if they work on it."""

    person: int
    case: int
    role: HandlerRole


@dataclass(frozen=True)
class Leave:
    person: int


number = st.integers(0, 7)
steps = st.lists(
    st.builds(Move, number, number)
    | st.builds(Give, number, st.sampled_from(StaffRole), number)
    | st.builds(Handle, number, number, st.sampled_from(HandlerRole))
    | st.builds(Leave, number),
    max_size=6,
)


async def take(conn: AsyncConnection, built: Built, step: Move | Give | Handle | Leave) -> None:
    match step:
        case Move():
            unit = await organisations.get(conn, built.units[step.what % len(built.units)])
            under = await organisations.get(conn, built.units[step.under % len(built.units)])
            try:
                path = moved(unit, under)
            except Refused:
                return
            await organisations.move(conn, unit, path)
        case Give():
            user = built.users[step.person % len(built.users)]
            where = built.units[step.where % len(built.units)]
            if not await users.take(conn, user, step.role, where):
                await users.give(conn, user, step.role, where)
        case Handle():
            user = built.users[step.person % len(built.users)]
            case = built.cases[step.case % len(built.cases)]
            if user in dict(await cases.handlers(conn, case)):
                await cases.end_handler(conn, case, user, NOON)
            else:
                await cases.add_handler(conn, case, user, step.role, NOON)
        case Leave():
            user = built.users[step.person % len(built.users)]
            await users.take_all(conn, user)
            await users.set_left(conn, user, NOON)


async def whole(conn: AsyncConnection, built: Built) -> None:
    """Every unit's path is its parent's and its own id: the tree is one, without circles."""
    for unit in await organisations.below(conn, [""]):
        above = [await organisations.get(conn, i) for i in unit.above]
        assert unit.path == "".join(f"{one.id}/" for one in above) + f"{unit.id}/"
        assert all(unit.path.startswith(one.path) for one in above)
        parent = tables.organisation.c.parent
        found = select(parent).where(tables.organisation.c.id == unit.id)
        assert await conn.scalar(found) == (above[-1].id if above else None)


class Undo(Exception):
    """Leaves a transaction without anything having happened."""


@pytest.fixture
def runner(database_url: str) -> Iterator[tuple[asyncio.Runner, Store]]:
    """A loop and a store for all examples: to open them takes as long as an example."""
    with asyncio.Runner() as loop:
        store = Store(database_url)
        yield loop, store
        loop.run(store.close())


@given(place=places(), steps=steps)
@settings(
    # Each is compared anew after every step: on two databases hundreds of trees, roles, moves.
    max_examples=max(4, settings().max_examples // 4),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_may_and_scope_agree_whatever_is_moved_and_given(
    runner: tuple[asyncio.Runner, Store], place: Place, steps: list[Move | Give | Handle | Leave]
) -> None:
    loop, store = runner

    async def example() -> None:
        with suppress(Undo):
            async with store.write() as conn:
                built = Built(place)
                await built.write(conn)
                allowed = await compare(conn, built)
                for step in steps:
                    await take(conn, built, step)
                    allowed = await compare(conn, built)
                await lists(conn, built, allowed)
                await whole(conn, built)
                raise Undo

    loop.run(example())


@pytest.mark.parametrize("verb", Verb)
async def test_nobody_may_anything_without_a_role(store: Store, verb: Verb) -> None:
    user = User(UserId(new_id()), OrganisationId(new_id()), "x/", "人")
    assert scope(user, verb) == ()
    async with store.write() as conn:
        assert await in_scopes(conn, [()], tables.case, CASES) == {(): set()}
