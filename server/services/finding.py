"""Finding cases: the list, its filters, and the search."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.errors import Refused
from server.domain.ids import OrganisationId, UserId
from server.domain.listing import Wanted, written
from server.domain.rights import Verb, scope
from server.domain.search import asked
from server.domain.text import checked_text
from server.domain.user import User
from server.services import lookups, sealed
from server.services.cases import HANDLERS
from server.services.context import Context
from server.store import audit, listing, organisations, saved_filters, search, users
from server.store.listing import ListLine, Reader
from server.store.saved_filters import SavedFilter

PAGE = 50
COUNTED = 1_000
"""More than so many are not counted: nobody reads them."""
MOST_CHOICES = 300
"""Of a longer list of people or places one sees the upper part only."""
MOST_SAVED = 50
NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Found:
    """`count` is exact up to `COUNTED`; `after`: where the next page begins, if there is one."""

    lines: tuple[ListLine, ...]
    count: int
    after: str


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """`depth`: how far below the uppermost one that is shown."""

    id: OrganisationId
    name: str
    depth: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer this user. Empty `handlers`: one sees one's own cases only."""

    places: tuple[PlaceChoice, ...]
    handlers: tuple[tuple[UserId, str], ...]
    handlers_left_out: bool
    saved: tuple[SavedFilter, ...]


async def find(ctx: Context, user: User, wanted: Wanted, after: str = "") -> Found:
    """A page of the cases that this user may read and that are as wanted."""
    async with ctx.store.read() as conn:
        where = await listing.where(conn, scope(user), wanted, await reader(ctx, conn, user))
        page = await listing.page(conn, where, wanted.sort, after, PAGE, COUNTED + 1)
        count = await listing.count(conn, where, COUNTED + 1) if after else page.seen
    return Found(tuple(page.lines), count, page.after)


async def find_number(ctx: Context, user: User, typed: str, wanted: Wanted) -> Found:
    """Cases with somebody whose ID number or telephone is exactly this one (or the words are).

    That it was searched is audited, the number is not.
    """
    tenants = sorted({grant.path.partition("/")[0] for grant in user.grants})
    forms = {"id_number": lookups.id_number(typed), "phone": lookups.phone(typed)}
    hashes = [
        sealed.lookup(ctx, tenant, kind, value)
        for tenant in tenants
        for kind, value in forms.items()
        if value
    ]
    async with ctx.store.read() as conn:
        me = await reader(ctx, conn, user)
        where = await listing.where(conn, scope(user), wanted, me)
        by_word = await search.has(conn, asked(typed))
        where.append(or_(listing.with_lookups(hashes), by_word))
        page = await listing.page(conn, where, wanted.sort, "", PAGE, COUNTED + 1)
    async with ctx.store.write() as conn:
        chain, body = f"org:{user.organisation}", {"found": page.seen}
        await audit.append(conn, chain, "cases.sought", ctx.clock(), user.id, user.id, body)
    return Found(tuple(page.lines), page.seen, "")


async def reader(ctx: Context, conn: AsyncConnection, user: User) -> Reader:
    zone = (await organisations.get(conn, user.organisation)).zone
    return Reader(user.id, ctx.clock().astimezone(zone).date(), zone)


async def choices(ctx: Context, user: User, wanted: Wanted) -> Choices:
    clauses = scope(user)
    async with ctx.store.read() as conn:
        places = await listing.places(conn, clauses)
        paths = sorted({clause.path for clause in clauses if clause.everybodys})
        narrow = [path for place, _, path in places if place == wanted.organisation]
        people: dict[UserId, str] = {}
        for path in narrow if paths and narrow else paths:
            people.update(await users.below(conn, path, HANDLERS))
        saved = await saved_filters.of(conn, user.id)
    chosen = sorted(people.items(), key=lambda person: person[1])
    return Choices(
        places=_upper(places, wanted.organisation),
        handlers=tuple(chosen[:MOST_CHOICES]),
        handlers_left_out=len(chosen) > MOST_CHOICES,
        saved=tuple(saved),
    )


def _upper(places: list[tuple[OrganisationId, str, str]], chosen: str) -> tuple[PlaceChoice, ...]:
    """The tree, by name; of a large one as many levels as fit, and what is around the chosen."""
    depths = [path.count("/") for _, _, path in places]
    top = min(depths, default=0)
    level, shown = top, 0
    for depth, number in sorted(Counter(depths).items()):
        shown += number
        if shown > MOST_CHOICES and depth > top:
            break
        level = depth
    names = {str(place): name for place, name, _ in places}
    near = next((path for place, _, path in places if place == chosen), "-")

    def by_name(place: tuple[OrganisationId, str, str]) -> list[tuple[str, str]]:
        return [(names.get(step, ""), step) for step in place[2].split("/")]

    return tuple(
        PlaceChoice(place, name, path.count("/") - top)
        for place, name, path in sorted(places, key=by_name)
        if path.count("/") <= level
        or near.startswith(path)
        or (path.startswith(near) and path.count("/") <= near.count("/") + 1)
    )


# ---- saved filters ------------------------------------------------------------------------------


async def save(ctx: Context, user: User, name: str, wanted: Wanted) -> None:
    """Raises Refused: filter_name_missing, filter_name_unusable, too_many_filters."""
    name = checked_text(name, NAME_LENGTH, "filter_name_missing", "filter_name_unusable")
    async with ctx.store.write() as conn:
        if await saved_filters.count(conn, user.id) >= MOST_SAVED:
            raise Refused("too_many_filters")
        await saved_filters.save(conn, user.id, name, urlencode(written(wanted)))


async def forget(ctx: Context, user: User, filter_id: str) -> None:
    async with ctx.store.write() as conn:
        await saved_filters.remove(conn, user.id, filter_id)


def may_bulk(user: User) -> bool:
    return bool(scope(user, Verb.WORK))


def may_export(user: User) -> bool:
    return bool(scope(user, Verb.EXPORT))
