"""One change to many cases: each by the user's own rights, and undone as one."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.bulk import Bulk, BulkItem, BulkVerb, checked_cases, checked_change
from server.domain.case import Case, Difficulty, DisputeType, HandlerRole
from server.domain.errors import Refused
from server.domain.ids import CaseId, OfferId, UserId
from server.domain.rights import Thing, Verb, may, scope
from server.domain.user import StaffRole, User
from server.security.ids import new_id
from server.services import forms, handling, offers
from server.services.cases import require
from server.services.context import Context
from server.store import audit, bulk, cases, profiles, users

MOST_TAKERS = 300

Change = Callable[[Context, AsyncConnection, User, Case, str], Awaitable[BulkItem]]


async def do(ctx: Context, user: User, change: str, chosen: Sequence[str], key: str) -> str:
    """Returns the id of what was done; which cases were refused stands in it.

    Raises Refused: change_missing, nothing_ticked, too_many_ticked.
    """
    verb, value = checked_change(change)
    wanted = checked_cases(list(chosen))
    offered = []
    if verb is BulkVerb.OFFER:
        offered = [await _offer(ctx, user, case_id, value, key) for case_id in wanted]

    async def make(conn: AsyncConnection) -> str:
        items = offered or [await _one(ctx, conn, user, verb, case, value) for case in wanted]
        made = Bulk(new_id(), user.id, verb, ctx.clock(), tuple(items))
        await bulk.insert(conn, made)
        return made.id

    return await forms.once(ctx, user.id, key, make)


async def told(ctx: Context, user: User, bulk_id: str) -> tuple[Bulk, dict[CaseId, str]] | None:
    """What this user did, with the titles of those cases that they may read."""
    async with ctx.store.read() as conn:
        found = await bulk.of(conn, user.id, bulk_id)
        if found is None:
            return None
        readable = [
            item.case
            for item in found.items
            if (thing := await cases.thing(conn, item.case)) and may(user, Verb.READ_CASE, thing)
        ]
        return found, await bulk.titles(conn, readable)


async def undo(ctx: Context, user: User, bulk_id: str) -> bool:
    """Put back whatever nobody has changed since. False: there is nothing (any more) to undo."""
    taken_back = await _offers_taken_back(ctx, user, bulk_id)
    async with ctx.store.write() as conn:
        found = await bulk.of(conn, user.id, bulk_id, lock=True)
        now = ctx.clock()
        if found is None or not found.undoable(now):
            return False
        items = []
        for item in found.items:
            back = item.case in taken_back
            if not item.refused and found.verb is not BulkVerb.OFFER:
                back = await _back(ctx, conn, user, found.verb, item)
            items.append(replace(item, undone=back))
        await bulk.undone(conn, found.id, now, items)
        return True


async def takers(ctx: Context, user: User, roles: Sequence[StaffRole]) -> list[tuple[UserId, str]]:
    """To whom of these roles this user may give cases, by name; of very many the first."""
    found: dict[UserId, str] = {}
    async with ctx.store.read() as conn:
        for clause in scope(user, Verb.DECIDE):
            for taker in await profiles.below(conn, clause.path, roles):
                found[taker.user] = taker.name
    return sorted(found.items(), key=lambda person: person[1])[:MOST_TAKERS]


async def _offer(ctx: Context, user: User, case_id: CaseId, taker: str, key: str) -> BulkItem:
    """Each in a transaction of its own, as from the case's page, and by a key of its own."""
    own_key = hashlib.blake2b(f"{key} {case_id}".encode(), digest_size=24).hexdigest()
    try:
        made = await offers.offer(ctx, user, case_id, UserId(taker), HandlerRole.MEDIATOR, own_key)
    except Refused as refused:
        return BulkItem(case_id, refused=refused.code)
    return BulkItem(case_id, after=made)


async def _offers_taken_back(ctx: Context, user: User, bulk_id: str) -> set[CaseId]:
    """Those of the offers made together that nobody has answered."""
    async with ctx.store.read() as conn:
        found = await bulk.of(conn, user.id, bulk_id)
    taken_back = set()
    if found and found.verb is BulkVerb.OFFER and found.undoable(ctx.clock()):
        for item in found.done:
            with suppress(Refused):
                await offers.take_back(ctx, user, item.case, OfferId(item.after))
                taken_back.add(item.case)
    return taken_back


async def _one(
    ctx: Context, conn: AsyncConnection, user: User, verb: BulkVerb, case_id: CaseId, value: str
) -> BulkItem:
    """Checks everything before it writes anything, so that a refusal leaves the rest be."""
    right, change = _CHANGES[verb]
    try:
        await require(conn, user, right, case_id)
        case = await cases.load(conn, case_id, lock=True)
        assert case is not None
        item = await change(ctx, conn, user, case, value)
    except Refused as refused:
        return BulkItem(case_id, refused=refused.code)
    after = await cases.load(conn, case_id)
    assert after is not None
    return replace(item, version=after.version)


async def _back(
    ctx: Context, conn: AsyncConnection, user: User, verb: BulkVerb, item: BulkItem
) -> bool:
    right, change = _CHANGES[verb]
    case = await cases.load(conn, item.case, lock=True)
    thing = await cases.thing(conn, item.case)
    if case is None or thing is None or not may(user, right, thing):
        return False
    if case.version != item.version:
        return False
    if verb is BulkVerb.CLERK:
        return await _take_back(ctx, conn, user, case, item)
    await change(ctx, conn, user, case, item.before)
    return True


# ---- what can be done ---------------------------------------------------------------------------


async def _difficulty(
    ctx: Context, conn: AsyncConnection, user: User, case: Case, value: str
) -> BulkItem:
    if value not in set(Difficulty):
        raise Refused("change_missing")
    return await _classify(ctx, conn, user, case, "difficulty", case.difficulty, value)


async def _type(
    ctx: Context, conn: AsyncConnection, user: User, case: Case, value: str
) -> BulkItem:
    if value not in set(DisputeType):
        raise Refused("change_missing")
    return await _classify(ctx, conn, user, case, "dispute_type", case.dispute_type, value)


async def _classify(
    ctx: Context,
    conn: AsyncConnection,
    user: User,
    case: Case,
    field: str,
    before: str,
    after: str,
) -> BulkItem:
    if before == after:
        raise Refused("already_so")
    await cases.set_fields(conn, case.id, **{field: after})
    body = {"field": field, "before": str(before), "after": after}
    await _happened(ctx, conn, user, case.id, "case.classified", body)
    return BulkItem(case.id, str(before), after)


async def _clerk(
    ctx: Context, conn: AsyncConnection, user: User, case: Case, value: str
) -> BulkItem:
    stays = await users.stays(conn, UserId(value))
    clerk = await users.find(conn, UserId(value))
    thing = await cases.thing(conn, case.id)
    if clerk is None or not stays or thing is None or not _is_clerk_of(clerk, thing):
        raise Refused("clerk_unknown")
    if clerk.id in case.handlers:
        raise Refused("already_so")
    case, profile = await handling.checked(
        ctx, conn, user, case.id, clerk.id, HandlerRole.CLERK, other_person=False, why="", note=""
    )
    await handling.put(ctx, conn, case, profile, HandlerRole.CLERK, user.id)
    await cases.set_fields(conn, case.id)
    return BulkItem(case.id, "", clerk.id)


async def _take_back(
    ctx: Context, conn: AsyncConnection, user: User, case: Case, item: BulkItem
) -> bool:
    clerk = UserId(item.after)
    if (clerk, HandlerRole.CLERK) not in await cases.handlers(conn, case.id):
        return False
    now, body = ctx.clock(), {"user": clerk, "role": HandlerRole.CLERK}
    await cases.end_handler(conn, case.id, clerk, now)
    await cases.set_fields(conn, case.id)
    chain, verb = f"case:{case.id}", "case.handler_ended"
    await audit.append(conn, chain, verb, now, user.id, clerk, body)
    return True


def _is_clerk_of(clerk: User, thing: Thing) -> bool:
    return any(
        grant.role is StaffRole.CLERK and thing.path.startswith(grant.path)
        for grant in clerk.grants
    )


async def _happened(
    ctx: Context,
    conn: AsyncConnection,
    user: User,
    case_id: CaseId,
    verb: str,
    body: dict[str, str],
) -> None:
    await audit.append(conn, f"case:{case_id}", verb, ctx.clock(), user.id, case_id, body)


_CHANGES: dict[BulkVerb, tuple[Verb, Change]] = {
    BulkVerb.DIFFICULTY: (Verb.WORK, _difficulty),
    BulkVerb.TYPE: (Verb.WORK, _type),
    BulkVerb.CLERK: (Verb.DECIDE, _clerk),
}
