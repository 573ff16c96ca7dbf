"""What an importer is given, and what it does with rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.errors import Refused
from server.domain.importing import ImportJob, ImportKind
from server.domain.organisation import Organisation
from server.domain.rights import Verb, scope
from server.domain.user import User
from server.services.context import Context
from server.services.importing.columns import Column, Row, plain
from server.store import organisations


class Importer(Protocol):
    """One pass over one file: it remembers what stood in earlier rows."""

    kind: ClassVar[ImportKind]
    verb: ClassVar[Verb]
    columns: ClassVar[tuple[Column, ...]]

    async def begin(self, conn: AsyncConnection) -> None:
        """Load what rows refer to."""

    async def check(self, conn: AsyncConnection, rows: Sequence[Row]) -> None:
        """Note in `errors` of each row what is wrong with it, by column."""

    async def prepare(self, rows: Sequence[Row]) -> None:
        """Before the transaction that inserts them, of rows without errors."""

    async def insert(self, conn: AsyncConnection, rows: Sequence[Row]) -> None:
        """Those without errors, checked in this very transaction."""

    def learnt(self) -> dict[str, Any]:
        """What the check knows of the whole file, for the import: JSON."""

    async def ready(self, conn: AsyncConnection, learnt: dict[str, Any]) -> None:
        """Before the first row is inserted."""


class Places:
    """The organisations that rows may name, as far as the user's verb goes."""

    def __init__(self, ctx: Context, user: User, verb: Verb, job: ImportJob) -> None:
        self._paths = [clause.path for clause in scope(user, verb)]
        self._home = job.organisation
        self._named: dict[str, list[Organisation]] = {}
        self.all: dict[str, Organisation] = {}

    async def load(self, conn: AsyncConnection) -> None:
        for one in await organisations.below(conn, self._paths, closed=False):
            self.add(one)

    def add(self, one: Organisation) -> None:
        self.all[one.id] = one
        self._named.setdefault(plain(one.name), []).append(one)

    def find(self, name: str) -> Organisation:
        """By name or id; the job's own for an empty cell.

        Raises Refused: import_organisation_unknown, import_organisation_ambiguous.
        """
        if not name or name in self.all:
            found = self.all.get(name or self._home)
            if found is None:
                raise Refused("import_organisation_unknown")
            return found
        several = self._named.get(plain(name), [])
        if not several:
            raise Refused("import_organisation_unknown")
        if len(several) > 1:
            raise Refused("import_organisation_ambiguous")
        return several[0]


def today(ctx: Context, organisation: Organisation) -> date:
    return ctx.clock().astimezone(organisation.zone).date()
