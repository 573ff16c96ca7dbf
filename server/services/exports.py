"""Lists of cases as files: what one may take along, with a reason, and everybody knows who did."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

from server.domain.errors import Refused
from server.domain.export import MOST_SEALED, ExportWhy
from server.domain.ids import CaseId, PartyId
from server.domain.listing import Wanted
from server.domain.party import Details
from server.domain.rights import Verb, scope
from server.domain.user import User
from server.services import finding, sealed
from server.services.context import Context
from server.store import audit, listing
from server.store.listing import ListLine

CHUNK = 1_000
EXPORTED = "case.exported"


@dataclass(frozen=True, slots=True)
class Exported:
    """`people`: name and details of each party, where they were asked for and may be seen."""

    line: ListLine
    people: tuple[tuple[str, Details], ...] = ()


def may_see_sealed(user: User) -> bool:
    return bool(scope(user, Verb.SEE_SEALED))


async def count(ctx: Context, user: User, wanted: Wanted) -> int:
    """Exact up to `finding.COUNTED`."""
    return await _count(ctx, user, wanted, finding.COUNTED + 1)


async def today(ctx: Context, user: User) -> date:
    """Where the user works."""
    async with ctx.store.read() as conn:
        return (await finding.reader(ctx, conn, user)).today


async def begin(
    ctx: Context,
    user: User,
    wanted: Wanted,
    why: ExportWhy,
    kind: str,
    with_sealed: bool,
) -> None:
    """Audited before the first row leaves. Raises Refused: not_allowed, export_too_large."""
    if not scope(user, Verb.EXPORT) or (with_sealed and not may_see_sealed(user)):
        raise Refused("not_allowed")
    if with_sealed and await _count(ctx, user, wanted, MOST_SEALED + 1) > MOST_SEALED:
        raise Refused("export_too_large")
    body = {
        "why": str(why),
        "kind": kind,
        "sealed": with_sealed,
        "columns": [str(column) for column in wanted.columns],
    }
    async with ctx.store.write() as conn:
        chain = f"org:{user.organisation}"
        await audit.append(conn, chain, "cases.exported", ctx.clock(), user.id, user.id, body)


async def lines(
    ctx: Context, user: User, wanted: Wanted, why: ExportWhy, with_sealed: bool
) -> AsyncIterator[list[Exported]]:
    """The rows in the list's order, a chunk at a time.

    Each chunk is read by itself: nothing is held while a slow line takes it.
    """
    after = ""
    while True:
        async with ctx.store.read() as conn:
            me = await finding.reader(ctx, conn, user)
            where = await listing.where(conn, scope(user, Verb.EXPORT), wanted, me)
            page = await listing.page(conn, where, wanted.sort, after, CHUNK)
        found, after = page.lines, page.after
        people = await _people(ctx, user, found, why) if with_sealed else {}
        yield [Exported(line, tuple(people.get(line.id, ()))) for line in found]
        if not after:
            return


async def _count(ctx: Context, user: User, wanted: Wanted, most: int) -> int:
    async with ctx.store.read() as conn:
        me = await finding.reader(ctx, conn, user)
        where = await listing.where(conn, scope(user, Verb.EXPORT), wanted, me)
        return await listing.count(conn, where, most)


async def _people(
    ctx: Context, user: User, found: list[ListLine], why: ExportWhy
) -> dict[CaseId, list[tuple[str, Details]]]:
    """What is sealed of them, of those cases where this user may see it; audited in each."""
    ids = [line.id for line in found]
    async with ctx.store.write() as conn:
        rows = await listing.people(conn, scope(user, Verb.SEE_SEALED), ids)
        now, body = ctx.clock(), {"why": str(why)}
        for case_id in sorted({row.case for row in rows}):
            chain = f"case:{case_id}"
            await audit.append(conn, chain, EXPORTED, now, user.id, case_id, body)
    people: dict[CaseId, list[tuple[str, Details]]] = {}
    for row in rows:
        details = sealed.details(ctx, row.case, PartyId(row.party), row.details)
        people.setdefault(row.case, []).append((row.name, details))
    return people
