"""Organisations from a table: each below one that there is, or that stands further up in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, ClassVar, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.errors import Refused
from server.domain.identity import email_or_none, phone_or_none
from server.domain.ids import OrganisationId
from server.domain.importing import ImportJob, ImportKind
from server.domain.organisation import (
    Organisation,
    OrganisationKind,
    Particulars,
    checked_address,
    checked_hours,
    checked_name,
    checked_short,
    checked_zone,
    path_under,
)
from server.domain.rights import Verb
from server.domain.user import User
from server.security.ids import new_id
from server.services.context import Context
from server.services.importing import values
from server.services.importing.columns import Column, Row, plain
from server.services.importing.importer import Places
from server.store import audit, organisations
from server.words import N_

T = TypeVar("T")


class Organisations:
    kind: ClassVar = ImportKind.ORGANISATIONS
    verb: ClassVar = Verb.MANAGE
    columns: ClassVar[tuple[Column, ...]] = (
        Column("name", N_("Name"), required=True),
        Column("kind", N_("Kind"), N_("such as station or committee"), required=True),
        Column("above", N_("Below which organisation"), N_("its name; empty: yours")),
        Column("short", N_("Short name in case numbers"), N_("one letter or two")),
        Column("phone", N_("Telephone")),
        Column("email", N_("E-mail")),
        Column("address", N_("Address")),
        Column("hours", N_("Opening hours")),
        Column("time_zone", N_("Time zone"), N_("empty: as the one above")),
    )

    def __init__(self, ctx: Context, user: User, job: ImportJob) -> None:
        self._ctx, self._user, self._job = ctx, user, job
        self._places = Places(ctx, user, self.verb, job)
        self._known: set[tuple[str, str]] = set()
        self._new: dict[int, tuple[Organisation, Organisation]] = {}

    async def begin(self, conn: AsyncConnection) -> None:
        await self._places.load(conn)
        for one in self._places.all.values():
            above = one.path.split("/")[-3:-2]
            self._known.add((above[0] if above else "", plain(one.name)))

    async def check(self, conn: AsyncConnection, rows: Sequence[Row]) -> None:
        for row in rows:
            self._check(row)

    def learnt(self) -> dict[str, Any]:
        return {}

    async def ready(self, conn: AsyncConnection, learnt: dict[str, Any]) -> None:
        return None

    async def prepare(self, rows: Sequence[Row]) -> None:
        return None

    async def insert(self, conn: AsyncConnection, rows: Sequence[Row]) -> None:
        now = self._ctx.clock()
        for row in rows:
            made, above = self._new[row.n]
            await organisations.insert(conn, made, above.id)
            body = {"parent": above.id, "kind": made.kind, "import": self._job.id}
            chain, by = f"org:{made.id}", self._user.id
            await audit.append(conn, chain, "organisation.added", now, by, made.id, body)

    def _check(self, row: Row) -> None:
        def check(column: str, rule: Callable[[], T], otherwise: T) -> T:
            try:
                return rule()
            except Refused as refused:
                row.errors.setdefault(column, refused.code)
                return otherwise

        above = check("above", lambda: self._places.find(row["above"]), None)
        zone = row["time_zone"] or (above.time_zone if above else "")
        new = Particulars(
            name=check("name", lambda: checked_name(row["name"]), ""),
            kind=check("kind", lambda: _kind(row["kind"]), OrganisationKind.COMMITTEE),
            time_zone=check("time_zone", lambda: checked_zone(zone), zone) if above else zone,
            phone=check("phone", lambda: phone_or_none(row["phone"]), ""),
            email=check("email", lambda: email_or_none(row["email"]), ""),
            address=check("address", lambda: checked_address(row["address"]), ""),
            hours=check("hours", lambda: checked_hours(row["hours"]), ""),
            short=check("short", lambda: checked_short(row["short"]), ""),
        )
        if above is not None and (above.id, plain(new.name)) in self._known:
            row.errors.setdefault("name", "import_organisation_known")
        if row.errors or above is None:
            return
        made_id = OrganisationId(new_id())
        made = Organisation(made_id, path_under(above, made_id), **asdict(new))
        self._new[row.n] = (made, above)
        self._known.add((above.id, plain(made.name)))
        self._places.add(made)


def _kind(cell: str) -> OrganisationKind:
    if not cell:
        raise Refused("import_cell_missing")
    return values.word(OrganisationKind, cell)
