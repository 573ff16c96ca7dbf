"""Staff from a table: accounts without a password, and an invitation to each who has an e-mail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.errors import Refused
from server.domain.identity import email_or_none, phone_or_none
from server.domain.ids import UserId
from server.domain.importing import ImportJob, ImportKind
from server.domain.rights import Verb
from server.domain.user import StaffRole, User
from server.security.ids import new_id
from server.services import users
from server.services.context import Context
from server.services.importing import values
from server.services.importing.columns import Column, Row
from server.services.importing.importer import Places
from server.services.users import NewPerson
from server.store import audit, due, imported, profiles
from server.store import users as stored
from server.words import N_

T = TypeVar("T")

INVITE = "import_invite"


class Users:
    kind: ClassVar = ImportKind.USERS
    verb: ClassVar = Verb.MANAGE
    columns: ClassVar[tuple[Column, ...]] = (
        Column("login", N_("Login"), N_("letters a to z and digits"), required=True),
        Column("name", N_("Name"), required=True),
        Column("organisation", N_("Organisation"), N_("its name; empty: yours")),
        Column("roles", N_("Roles"), N_("several are divided by ;"), required=True),
        Column("phone", N_("Telephone")),
        Column("email", N_("E-mail"), N_("the invitation goes there")),
        Column("licence", N_("Licence number")),
    )

    def __init__(self, ctx: Context, user: User, job: ImportJob) -> None:
        self._ctx, self._user, self._job = ctx, user, job
        self._places = Places(ctx, user, self.verb, job)
        self._logins: set[str] = set()
        self._new: dict[int, tuple[NewPerson, str]] = {}

    async def begin(self, conn: AsyncConnection) -> None:
        await self._places.load(conn)

    async def check(self, conn: AsyncConnection, rows: Sequence[Row]) -> None:
        taken = await imported.users_named(conn, {row["login"].lower() for row in rows})
        for row in rows:
            self._check(row, taken)

    def learnt(self) -> dict[str, Any]:
        return {}

    async def ready(self, conn: AsyncConnection, learnt: dict[str, Any]) -> None:
        return None

    async def prepare(self, rows: Sequence[Row]) -> None:
        return None

    async def insert(self, conn: AsyncConnection, rows: Sequence[Row]) -> None:
        now, by = self._ctx.clock(), self._user.id
        for row in rows:
            new, licence = self._new[row.n]
            user_id, where = UserId(new_id()), [(role, new.organisation) for role in new.roles]
            await stored.insert(conn, user_id, new.organisation, new.login, new.name, "", where)
            known = {"phone": new.phone, "email": new.email, "licence": licence}
            await profiles.set_fields(conn, user_id, known)
            body = {"roles": [str(role) for role in new.roles], "import": self._job.id}
            chain = f"org:{new.organisation}"
            await audit.append(conn, chain, "user.added", now, by, user_id, body)
            if new.email:
                key, who = f"{INVITE}:{user_id}", {"by": by}
                await due.add(conn, at=now, kind=INVITE, thing=user_id, key=key, body=who)

    def _check(self, row: Row, taken: dict[str, UserId]) -> None:
        def check(column: str, rule: Callable[[], T], otherwise: T) -> T:
            try:
                return rule()
            except Refused as refused:
                row.errors.setdefault(column, refused.code)
                return otherwise

        where = check("organisation", lambda: self._places.find(row["organisation"]), None)
        login = check("login", lambda: users.checked_login(row["login"]), "")
        if login and (login in taken or login in self._logins):
            row.errors["login"] = "login_taken"
        name = check("name", lambda: users.checked_name(row["name"]), "")
        nothing: tuple[StaffRole, ...] = ()
        roles = check("roles", lambda: _roles(row["roles"]), nothing)
        phone = check("phone", lambda: phone_or_none(row["phone"]), "")
        email = check("email", lambda: email_or_none(row["email"]), "")
        licence = row["licence"]
        if len(licence) > 50 or not licence.isprintable():
            row.errors["licence"] = "import_too_long"
        if row.errors or where is None:
            return
        self._logins.add(login)
        self._new[row.n] = (NewPerson(login, name, where.id, roles, phone, email), licence)


def _roles(cell: str) -> tuple[StaffRole, ...]:
    return users.checked_roles([values.word(StaffRole, said) for said in values.several(cell)])
