"""Staff accounts, as the operator makes them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy.exc import IntegrityError

from server.domain.errors import Refused
from server.domain.ids import UserId
from server.domain.organisation import Organisation
from server.domain.session import NAME_LENGTH
from server.domain.text import checked_text
from server.domain.user import StaffRole
from server.security import passwords
from server.security.ids import new_id
from server.services.context import Context
from server.services.organisations import OPERATOR
from server.store import audit, users

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


async def add(
    ctx: Context,
    login: str,
    name: str,
    password: str,
    organisation: Organisation,
    roles: Iterable[StaffRole],
) -> UserId:
    """An account with these roles in this organisation and what is below it.

    Raises Refused: login_unusable, login_taken, name_missing, name_unusable, password_too_short,
    password_too_long, roles_missing.
    """
    login, granted = login.strip().lower(), list(dict.fromkeys(roles))
    if not LOGIN.fullmatch(login):
        raise Refused("login_unusable")
    if not granted:
        raise Refused("roles_missing")
    name = checked_text(name, NAME_LENGTH, "name_missing", "name_unusable")
    hashed = await passwords.hash_password(password)
    user_id = UserId(new_id())
    where = [(role, organisation.id) for role in granted]
    try:
        async with ctx.store.write() as conn:
            await users.insert(conn, user_id, organisation.id, login, name, hashed, where)
            body = {"roles": [str(role) for role in granted]}
            chain = f"org:{organisation.id}"
            await audit.append(conn, chain, "user.added", ctx.clock(), OPERATOR, user_id, body)
    except IntegrityError:
        raise Refused("login_taken") from None
    return user_id
