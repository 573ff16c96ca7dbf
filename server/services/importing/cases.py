"""Cases from another system: numbers, dates, outcomes and parties as they were there."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import OVER, Case, CaseStatus, StatusChange, changed
from server.domain.errors import Refused
from server.domain.ids import CaseId, OrganisationId, PartyId
from server.domain.importing import ImportJob, ImportKind
from server.domain.matter_code import ALPHABET, LENGTH
from server.domain.number import read as read_number
from server.domain.number import series, written
from server.domain.party import Party
from server.domain.rights import Thing, Verb, may
from server.domain.user import User
from server.security.ids import new_id
from server.services import deadlines, lookups, sealed
from server.services.cases import HANDLERS
from server.services.context import Context
from server.services.importing import case_rows
from server.services.importing.case_rows import CaseRow
from server.services.importing.columns import Column, Row
from server.services.importing.importer import Places, today
from server.store import cases, due, imported, numbers, users
from server.store.due import Due
from server.store.imported import NewCase, Record

DEADLINES = "import_deadlines"

Counter = tuple[str, int, str]
"""Organisation, year and series: what numbers are counted by."""


class Cases:
    kind: ClassVar = ImportKind.CASES
    verb: ClassVar = Verb.IMPORT
    columns: ClassVar[tuple[Column, ...]] = case_rows.COLUMNS

    def __init__(self, ctx: Context, user: User, job: ImportJob) -> None:
        self._ctx, self._user, self._job = ctx, user, job
        self._places = Places(ctx, user, self.verb, job)
        self._mediators: dict[str, User | None] = {}
        self._numbers: set[tuple[str, str]] = set()
        self._kept: dict[Counter, int] = {}
        self._good: dict[int, CaseRow] = {}
        self._ids: dict[int, CaseId] = {}

    async def begin(self, conn: AsyncConnection) -> None:
        await self._places.load(conn)

    async def check(self, conn: AsyncConnection, rows: Sequence[Row]) -> None:
        self._good = await asyncio.to_thread(self._read, rows)
        named = {(r.organisation.id, r.number) for r in self._good.values() if r.number}
        taken = await imported.numbers_in_use(conn, named)
        await self._look_up(conn, {r.mediator for r in self._good.values() if r.mediator})
        for row in rows:
            if (good := self._good.get(row.n)) is None:
                continue
            number = (good.organisation.id, good.number)
            if good.number and (number in taken or number in self._numbers):
                row.errors["number"] = "import_number_taken"
            elif good.mediator and not self._may_have(good):
                row.errors["mediator"] = "import_mediator_unknown"
            else:
                self._keep(good)

    def learnt(self) -> dict[str, Any]:
        return {"kept": [[*counter, n] for counter, n in sorted(self._kept.items())]}

    async def ready(self, conn: AsyncConnection, learnt: dict[str, Any]) -> None:
        """Numbers that are kept are passed over by the counters before the first new one."""
        for organisation, year, of, n in learnt.get("kept", []):
            await numbers.raise_to(conn, OrganisationId(organisation), year, of, n)

    async def prepare(self, rows: Sequence[Row]) -> None:
        self._ids = {row.n: CaseId(new_id()) for row in rows}
        tenant = next(iter(self._places.all.values())).tenant
        await asyncio.to_thread(self._ctx.keys.data.make_many, self._ids.values(), tenant)

    async def insert(self, conn: AsyncConnection, rows: Sequence[Row]) -> None:
        good = [(row.n, self._good[row.n]) for row in rows]
        given = await self._take_numbers(conn, [row for _, row in good])
        new = await asyncio.to_thread(
            lambda: [self._made(self._ids[n], row, given) for n, row in good]
        )
        await imported.insert(conn, new, self._ctx.clock(), self._user.id)
        await self._deadlines_later(conn, [one.case for one in new])

    async def _deadlines_later(self, conn: AsyncConnection, new: Sequence[Case]) -> None:
        """What is over has none; the others' are set by the same rules as any case's, one by one:
        in this transaction all others would wait for it.
        """
        waiting = [case.id for case in new if case.status not in OVER]
        if waiting:
            now, key = self._ctx.clock(), f"{DEADLINES}:{waiting[0]}"
            body = {"cases": waiting}
            await due.add(conn, at=now, kind=DEADLINES, thing=self._job.id, key=key, body=body)

    def _read(self, rows: Sequence[Row]) -> dict[int, CaseRow]:
        found = {}
        for row in rows:
            try:
                where = self._places.find(row["organisation"])
            except Refused as refused:
                row.errors["organisation"] = refused.code
                continue
            good = case_rows.read(row, where, today(self._ctx, where))
            if good is not None:
                found[row.n] = good
        return found

    async def _look_up(self, conn: AsyncConnection, logins: set[str]) -> None:
        new = logins - self._mediators.keys()
        found = await imported.users_named(conn, new) if new else {}
        for login in new:
            self._mediators[login] = (
                await users.find(conn, found[login]) if login in found else None
            )

    def _may_have(self, row: CaseRow) -> bool:
        """Somebody who handles cases there."""
        mediator = self._mediators[row.mediator]
        if mediator is None or mediator.left:
            return False
        roles = {g.role for g in mediator.grants if row.organisation.path.startswith(g.path)}
        mine = may(self._user, self.verb, Thing(mediator.path))
        return mine and bool(roles & set(HANDLERS))

    def _keep(self, row: CaseRow) -> None:
        if not row.number:
            return
        self._numbers.add((row.organisation.id, row.number))
        found = read_number(row.organisation, row.kind, row.regime, row.number)
        if found:
            year, n = found
            counter = (row.organisation.id, year, series(row.kind, row.regime))
            self._kept[counter] = max(n, self._kept.get(counter, 0))

    async def _take_numbers(
        self, conn: AsyncConnection, rows: Sequence[CaseRow]
    ) -> dict[Counter, list[int]]:
        """New numbers for those that were accepted and have none, in order."""
        wanted: dict[Counter, int] = {}
        for row in rows:
            if (counter := _counter(row)) is not None:
                wanted[counter] = wanted.get(counter, 0) + 1
        given = {}
        for (organisation, year, of), count in sorted(wanted.items()):
            last = await numbers.take(conn, OrganisationId(organisation), year, of, count)
            given[organisation, year, of] = list(range(last, last - count, -1))
        return given

    def _made(self, case_id: CaseId, row: CaseRow, given: dict[Counter, list[int]]) -> NewCase:
        ctx, number = self._ctx, row.number
        if (counter := _counter(row)) is not None:
            n = given[counter].pop()
            number = written(row.organisation, row.kind, row.regime, counter[1], n)
        people = [Party(PartyId(new_id()), p.side, p.name, p.kind) for p in row.parties]
        mediator = self._mediators[row.mediator] if row.mediator else None
        case = Case(
            id=case_id,
            organisation=row.organisation.id,
            kind=row.kind,
            regime=row.regime,
            dispute_type=row.dispute_type,
            title=row.title,
            created_at=self._at(row, row.received_on or row.accepted_on),
            handlers=frozenset({mediator.id} if mediator else ()),
            parties=tuple(people),
            history=self._history(row, mediator),
            number=number,
            source=row.source,
            reference=row.reference,
            referred_by=row.referred_by,
            received_on=row.received_on,
            difficulty=row.difficulty,
            outcome=row.outcome,
            accepted_on=row.accepted_on,
            closed_on=row.closed_on,
        )
        details = [given.details for given in row.parties]
        tenant = row.organisation.tenant
        return NewCase(
            case=case,
            statement=sealed.seal(ctx, case_id, "statement", asdict(row.statement)),
            details={
                p.id: sealed.seal_details(ctx, case_id, p.id, d)
                for p, d in zip(people, details, strict=True)
            },
            lookups={
                p.id: lookups.of(ctx, tenant, d) for p, d in zip(people, details, strict=True)
            },
            records=self._records(case),
            code=None if case.status in OVER else self._code(case_id),
        )

    def _history(self, row: CaseRow, mediator: User | None) -> tuple[StatusChange, ...]:
        by, accepted = self._user.id, row.accepted_on
        steps = [(CaseStatus.APPLIED, row.received_on or accepted)]
        if accepted:
            steps.append((CaseStatus.ACCEPTED, accepted))
        if mediator:
            steps.append((CaseStatus.ASSIGNED, accepted))
        if row.closed_on:
            steps.append((CaseStatus.CLOSED, row.closed_on))
        history: list[StatusChange] = []
        for status, on in steps:
            before = history[-1].status if history else None
            history.append(changed(before, status, self._at(row, on), by))
        return tuple(history)

    def _records(self, case: Case) -> list[Record]:
        """The steps were made elsewhere; here they were only entered, which is what is said."""
        body = {"organisation": case.organisation, "handlers": sorted(case.handlers)}
        said = {**body, "import": self._job.id, "status": case.status}
        return [Record("case.imported", said)]

    def _code(self, case_id: CaseId) -> tuple[str, str]:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        hashed = sealed.lookup(self._ctx, "", "matter_code", code)
        return hashed, sealed.seal(self._ctx, case_id, "matter_code", code)

    def _at(self, row: CaseRow, on: date | None) -> datetime:
        """A day's beginning where it was; now, if no day is known."""
        if on is None:
            return self._ctx.clock()
        return datetime.combine(on, time(0), row.organisation.zone)


def _counter(row: CaseRow) -> Counter | None:
    """By which it gets a new number; None if it needs none."""
    if row.number or row.accepted_on is None:
        return None
    return row.organisation.id, row.accepted_on.year, series(row.kind, row.regime)


async def set_deadlines(ctx: Context, job: Due) -> None:
    """Later work, after an import."""
    for case_id in job.body["cases"]:
        async with ctx.store.write() as conn:
            case = await cases.load(conn, CaseId(case_id), lock=True)
            if case is not None:
                await deadlines.refresh(ctx, conn, case)
