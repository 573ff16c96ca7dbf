"""Who would have to be at two meetings at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.booking import Span
from server.domain.errors import Refused
from server.domain.ids import SessionId, UserId
from server.domain.rights import Verb, may
from server.domain.session import Session
from server.domain.user import User
from server.store import calendar, cases, users
from server.store.calendar import Held


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another meeting at the same time and who sits in both. `title` is empty where the user may
    not read its case.
    """

    session: SessionId
    span: Span
    title: str
    names: tuple[str, ...]


class Clash(Refused):
    """Somebody is taken already, and the user has not said that it is to be all the same."""

    def __init__(self, conflicts: tuple[Conflict, ...]) -> None:
        super().__init__("clash")
        self.conflicts = conflicts


async def refuse(
    conn: AsyncConnection,
    user: User,
    session: Session,
    people: Collection[UserId],
    seen: Collection[SessionId],
) -> None:
    """Raises Clash for those of which the user has not seen all."""
    span = Span.of(session.starts_at, session.length)
    parties = {seat.party for seat in session.seats.values() if seat.party and not seat.revoked}
    found = await calendar.taken(conn, span, people, parties, but=session.id)
    if not {held.id for held in found} <= set(seen):
        names = await _names(conn, session, people)
        raise Clash(tuple([await _conflict(conn, user, held, names) for held in found]))


async def of(
    conn: AsyncConnection, user: User, session: Session, people: Collection[UserId]
) -> tuple[Conflict, ...]:
    """All of them."""
    try:
        await refuse(conn, user, session, people, ())
    except Clash as clash:
        return clash.conflicts
    return ()


async def _names(
    conn: AsyncConnection, session: Session, people: Collection[UserId]
) -> dict[str, str]:
    names = {str(user): name for user, name in (await users.names(conn, people)).items()}
    for seat in session.seats.values():
        # The party's own name goes before that of who speaks for it.
        if seat.party and not (seat.speaker and seat.party in names):
            names[seat.party] = seat.name
    return names


async def _conflict(
    conn: AsyncConnection, user: User, held: Held, names: dict[str, str]
) -> Conflict:
    both = [*sorted(held.people), *sorted(held.parties)]
    return Conflict(
        session=held.id,
        span=held.span,
        title=(held.number or held.title) if await readable(conn, user, held) else "",
        names=tuple(names[one] for one in both if one in names),
    )


async def readable(conn: AsyncConnection, user: User, held: Held) -> bool:
    """Whether the user may read the case of a meeting."""
    thing = await cases.thing(conn, held.case)
    return thing is not None and may(user, Verb.READ_CASE, thing)
