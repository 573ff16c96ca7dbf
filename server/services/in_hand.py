"""What somebody has in hand, and can do something about by the roles they have."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import CaseId, SessionId
from server.domain.rights import Verb, may
from server.domain.user import User
from server.store import cases, leaving, sessions


@dataclass(frozen=True, slots=True)
class InHand:
    """Open matters they work on, and meetings they are to host."""

    cases: frozenset[CaseId]
    meetings: frozenset[SessionId]

    def without(self, other: InHand) -> InHand:
        return InHand(self.cases - other.cases, self.meetings - other.meetings)

    def __bool__(self) -> bool:
        return bool(self.cases or self.meetings)


async def of(conn: AsyncConnection, user: User) -> InHand:
    """By the roles of `user` as given, which may be those of a moment ago."""
    worked, hosted = set(), set()
    for case in await leaving.handled(conn, user.id):
        thing = await cases.thing(conn, case.case)
        if thing and may(user, Verb.WORK, thing):
            worked.add(case.case)
    for meeting in await leaving.hosted(conn, user.id):
        thing = await sessions.thing(conn, meeting.session)
        if thing and may(user, Verb.HOST, thing):
            hosted.add(meeting.session)
    return InHand(frozenset(worked), frozenset(hosted))
