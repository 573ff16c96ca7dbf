"""A few letters, and there one is: cases and colleagues, of those that one may see."""

from __future__ import annotations

from dataclasses import dataclass, replace

from server.domain.ids import CaseId, UserId
from server.domain.listing import Wanted
from server.domain.rights import scope
from server.domain.search import asked, of_a_person
from server.domain.user import User
from server.services.cases import HANDLERS
from server.services.context import Context
from server.services.finding import reader
from server.store import listing

MOST_CASES = 5
MOST_PEOPLE = 2
LETTERS = 60


@dataclass(frozen=True, slots=True)
class Jump:
    """`people` are those whose lists of cases this user may read."""

    cases: tuple[tuple[CaseId, str, str], ...] = ()
    """Id, title, number."""
    people: tuple[tuple[UserId, str], ...] = ()


async def look(ctx: Context, user: User, typed: str) -> Jump:
    typed = typed.strip()[:LETTERS]
    # Numbers of persons are looked for when somebody means to, for each time is audited.
    if not asked(typed) or of_a_person(typed):
        return Jump()
    clauses = scope(user)
    async with ctx.store.read() as conn:
        wanted = replace(Wanted(), text=typed)
        where = await listing.where(conn, clauses, wanted, await reader(ctx, conn, user))
        found = await listing.page(conn, where, wanted.sort, "", MOST_CASES)
        paths = [clause.path for clause in clauses if clause.everybodys]
        people = await listing.staff_named(conn, paths, HANDLERS, typed, MOST_PEOPLE)
    return Jump(tuple((line.id, line.title, line.number) for line in found.lines), tuple(people))
