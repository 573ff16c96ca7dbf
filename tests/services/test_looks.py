"""Who looked at what is sealed: seen by those who oversee the unit, page by page."""

from __future__ import annotations

from server.domain.case import Case
from server.domain.export import ExportWhy
from server.domain.listing import Wanted
from server.domain.look import LookKind
from server.domain.party import Why
from server.domain.user import User
from server.services import calling, exports, looking, looks
from server.services.context import Context
from server.services.looks import A_PAGE, Look
from server.store import audit
from tests.services.conftest import Clock, Staff
from tests.services.matters import matter
from tests.services.refusing import refused
from tests.store.world import World


async def look(ctx: Context, user: User, case: Case, n: int = 0, words: str = "") -> None:
    why = Why.OTHER if words else Why.CONTACT
    await looking.full(ctx, user, case.id, case.parties[n].id, why, words)


async def seen(ctx: Context, user: User, name: str = "", first: str = "") -> list[Look]:
    return list((await looks.listing(ctx, user, first, "", name)).looks)


async def test_who_saw_whom_and_why(ctx: Context, world: World, staff: Staff, clock: Clock) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    await look(ctx, staff.wang, case, words="周六核对")
    clock.forward(minutes=1)
    await look(ctx, staff.clerk, case, n=1)
    newest, oldest = await seen(ctx, staff.supervisor)
    assert (newest.who, newest.party, newest.why) == (staff.clerk.name, "Bob", Why.CONTACT)
    assert (oldest.who, oldest.party, oldest.words) == ("王敏", "Alice", "周六核对")
    assert (oldest.kind, oldest.why, oldest.title) == (LookKind.PARTY, Why.OTHER, case.title)
    assert (oldest.unit, oldest.case) == (world.station.name, case.id)
    assert [one.who for one in await seen(ctx, staff.supervisor, "敏")] == ["王敏"]
    assert await seen(ctx, staff.supervisor, "%") == []
    clock.forward(days=40)
    assert await seen(ctx, staff.supervisor) == []
    assert len(await seen(ctx, staff.supervisor, first="2026-11-01")) == 2


async def test_an_administrator_sees_who_and_why_and_not_whom(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    await look(ctx, staff.wang, case, words="周六核对")
    (line,) = await seen(ctx, staff.administrator)
    assert (line.who, line.why, line.unit) == ("王敏", Why.OTHER, world.station.name)
    assert (line.title, line.party, line.words) == (None, "", "")


async def test_of_the_units_one_oversees_and_no_others(
    ctx: Context, world: World, staff: Staff
) -> None:
    here, there = [
        await matter(ctx, unit, handler)
        for unit, handler in ((world.station, staff.wang.id), (world.elsewhere, staff.zhao.id))
    ]
    await look(ctx, staff.wang, here)
    await look(ctx, staff.zhao, there)
    assert {one.unit for one in await seen(ctx, staff.supervisor)} == {"河东所", "河西所"}
    for user in (staff.wang, staff.clerk, staff.lawyer):
        assert await seen(ctx, user) == []


async def test_an_export_is_one_line_a_unit(ctx: Context, world: World, staff: Staff) -> None:
    for _ in range(3):
        await matter(ctx, world.station, staff.wang.id)
    why = ExportWhy.SUPERIORS
    async for _ in exports.lines(ctx, staff.clerk, Wanted(), why, with_sealed=True):
        pass
    (line,) = await seen(ctx, staff.supervisor)
    # The case of the world itself has no sealed details, and is looked at all the same.
    assert (line.kind, line.why, line.cases) == (LookKind.EXPORT, why, 4)
    assert line.who == staff.clerk.name


async def test_a_number_seen_in_a_meeting(ctx: Context, world: World, staff: Staff) -> None:
    async with ctx.store.write() as conn:
        chain = f"case:{world.case.id}"
        body = {"seat": world.alice}
        await audit.append(
            conn, chain, calling.SEEN, ctx.clock(), world.host, world.session.id, body
        )
    (line,) = await seen(ctx, staff.supervisor, "王")
    assert (line.kind, line.who, line.why) == (LookKind.NUMBER, "王敏", None)


async def test_page_by_page_nothing_twice_and_nothing_left_out(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    """Several at the same moment, too."""
    case = await matter(ctx, world.station, staff.wang.id)
    many = A_PAGE + 7
    async with ctx.store.write() as conn:
        chain, body = f"case:{case.id}", {"why": Why.CONTACT, "words": ""}
        for n in range(many):
            clock.forward(minutes=n % 2)
            actor = f"somebody {n:03}"
            await audit.append(conn, chain, looking.SEEN, ctx.clock(), actor, "", body)
    first = await looks.listing(ctx, staff.supervisor, "", "", "")
    second = await looks.listing(ctx, staff.supervisor, "", "", "", first.older)
    assert (len(first.looks), len(second.looks), second.older) == (A_PAGE, 7, "")
    times = [one.at for one in (*first.looks, *second.looks)]
    assert times == sorted(times, reverse=True)
    assert times.count(times[0]) == times.count(times[10]) == 2
    for mark in ("x", "~~~", "2026-11-23~a~b~c", "2026-11-23T00:00:00+00:00~a"):
        with refused("bad_request"):
            await looks.listing(ctx, staff.supervisor, "", "", "", mark)
