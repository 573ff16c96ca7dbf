from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from server.domain.case import Case, CaseStatus, HandlerRole, Outcome, Source
from server.domain.ids import CaseId, PartyId
from server.domain.link import Goes
from server.domain.party import Details, Power, RepresentativeKind
from server.domain.screening import Screening, Told
from server.domain.seat import Role
from server.domain.user import User
from server.security.ids import new_id
from server.services import bookings, closing, joining, screenings, sealed, sessions, speakers
from server.services.bookings import NewSeat
from server.services.context import Context
from server.services.opening import NewParty
from server.services.parties import Typed
from server.services.speakers import TypedSpeaker
from server.store import cases, parties
from tests.services.conftest import Staff
from tests.services.matters import ALICE, BOB, fresh, matter
from tests.services.refusing import refused
from tests.store.world import World

CAROL = NewParty("Carol", "A", details=Details(phone="13800000003"))
APART = Screening(violence=Told.YES, code_word="moon", shuttle_only=True)


async def known(ctx: Context, case: Case) -> list[tuple[str, str, str]]:
    """Side, name and telephone of who is there, opened with the case's own key."""
    async with ctx.store.read() as conn:
        hidden = await parties.sealed(conn, case.id)
    present = (await fresh(ctx, case)).present_parties
    return sorted(
        (p.side, p.name, sealed.details(ctx, case.id, p.id, hidden[p.id]).phone) for p in present
    )


async def join(ctx: Context, user: User, case: Case, into: Case) -> None:
    await joining.join(ctx, user, case.id, into.id, "同一面墙", new_id())


async def test_joined_the_parties_of_both_go_on_without_doubles(
    ctx: Context, world: World, staff: Staff
) -> None:
    """Bob is on side A here and on side B there: Carol, who is against him, is on neither."""
    into = await matter(ctx, world.station, staff.wang.id)
    other = (replace(BOB, side="A"), replace(CAROL, side="B"))
    case = await matter(ctx, world.station, staff.wang.id, parties=other, accepted=False)
    await join(ctx, staff.wang, case, into)
    assert await known(ctx, into) == [
        ("A", "Alice", "13800000001"),
        ("B", "Bob", "13800000002"),
        ("C", "Carol", "13800000003"),
    ]
    after = await fresh(ctx, case)
    assert (after.status, after.outcome) == (CaseStatus.CLOSED, Outcome.JOINED)
    with refused("joined_stays"):
        await closing.reopen(ctx, staff.wang, case.id, "x", new_id())
    async with ctx.store.read() as conn:
        (there,) = await joining.of_case(ctx, conn, staff.wang, into.id)
        (here,) = await joining.of_case(ctx, conn, staff.wang, case.id)
        (for_others,) = await joining.of_case(ctx, conn, staff.li, into.id)
    assert (there.outward, here.outward) == (False, True)
    assert there.other is not None
    assert there.other.id == case.id
    assert for_others.other is None
    # Why is for those who may read both.
    assert (there.why, here.why, for_others.why) == ("同一面墙", "同一面墙", "")


async def sides(ctx: Context, case: Case) -> list[tuple[str, str]]:
    return [(side, name) for side, name, _ in await known(ctx, case)]


async def test_a_join_puts_nobody_on_the_side_of_who_they_are_against(
    ctx: Context, world: World, staff: Staff
) -> None:
    """Alice, on side A, is asked for something by Xu; and Alice and Bob are one side of another."""
    into = await matter(ctx, world.station, staff.wang.id)
    xu = NewParty("Xu", "A", details=Details(phone="13800000009"))
    against = await matter(
        ctx, world.station, staff.wang.id, parties=(xu, replace(ALICE, side="B"), CAROL)
    )
    seen = await joining.going(ctx, staff.wang, against.id, into.id)
    assert [(p.name, p.side) for p in seen] == [("Xu", "C"), ("Alice", "A"), ("Carol", "C")]
    await join(ctx, staff.wang, against, into)
    two = [("A", "Alice"), ("B", "Bob")]
    assert await sides(ctx, into) == [*two, ("C", "Carol"), ("C", "Xu")]
    dan = NewParty("Dan", "A")
    together = await matter(
        ctx, world.station, staff.wang.id, parties=(ALICE, replace(BOB, side="A"), dan)
    )
    await join(ctx, staff.wang, together, into)
    assert await sides(ctx, into) == [*two, ("C", "Carol"), ("C", "Xu"), ("D", "Dan")]
    more = await matter(ctx, world.station, staff.wang.id, parties=(NewParty("Eve", "A"),))
    with refused("too_many_sides"):
        await join(ctx, staff.wang, more, into)
    with refused("too_many_sides"):
        await joining.going(ctx, staff.wang, more.id, into.id)


async def test_joined_sides_that_are_kept_apart_stay_so(
    ctx: Context, world: World, staff: Staff
) -> None:
    """Alice is on side B here and A there, where a newer talk with her says nothing of it."""
    into = await matter(ctx, world.station, staff.wang.id)
    other = (replace(ALICE, side="B"), replace(BOB, side="A"))
    case = await matter(ctx, world.station, staff.wang.id, parties=other)
    guests = [NewSeat(Role.PARTY, "A", "Alice"), NewSeat(Role.PARTY, "B", "Bob")]
    at = ctx.clock() + timedelta(hours=1)
    meeting = await bookings.book(ctx, staff.wang, into.id, at, guests, new_id())
    await screenings.keep(ctx, staff.wang, case.id, "B", APART, new_id())
    await screenings.keep(ctx, staff.wang, into.id, "A", Screening(), new_id())
    await join(ctx, staff.wang, case, into)
    assert (await sessions.state(ctx, meeting)).shuttle_only
    await screenings.keep(ctx, staff.wang, into.id, "B", Screening(), new_id())
    assert (await fresh(ctx, into)).shuttle_only
    told = (await screenings.page(ctx, staff.wang, into.id, "A")).entries
    assert APART in [entry.screening for entry in told]
    await screenings.keep(ctx, staff.wang, into.id, "A", Screening(), new_id())
    assert not (await sessions.state(ctx, meeting)).shuttle_only


async def test_split_sides_that_are_kept_apart_stay_so(
    ctx: Context, world: World, staff: Staff
) -> None:
    """Also where the side that asked for it stays behind: then without its words."""
    people = (ALICE, BOB, replace(CAROL, side="C"))
    case = await matter(ctx, world.station, staff.wang.id, parties=people)
    await screenings.keep(ctx, staff.wang, case.id, "A", APART, new_id())
    goes = {party.id: Goes.BOTH for party in case.parties}
    both = replace(case, id=await split(ctx, staff.wang, case, goes))
    assert (await fresh(ctx, both)).shuttle_only
    (entry,) = (await screenings.page(ctx, staff.wang, both.id, "A")).entries
    assert entry.screening == APART
    goes = {party.id: Goes.MOVES for party in case.parties if party.side != "A"}
    rest = replace(case, id=await split(ctx, staff.wang, case, goes))
    assert (await fresh(ctx, rest)).shuttle_only
    await screenings.keep(ctx, staff.wang, rest.id, "C", Screening(), new_id())
    assert (await fresh(ctx, rest)).shuttle_only
    (entry,) = (await screenings.page(ctx, staff.wang, rest.id, "B")).entries
    assert entry.screening == Screening(shuttle_only=True)
    await screenings.keep(ctx, staff.wang, rest.id, "B", Screening(), new_id())
    assert not (await fresh(ctx, rest)).shuttle_only


async def test_who_speaks_for_somebody_does_so_in_the_other_case_too(
    ctx: Context, world: World, staff: Staff
) -> None:
    into = await matter(ctx, world.station, staff.wang.id)
    case = await matter(ctx, world.station, staff.wang.id, parties=(CAROL,))
    (carol,) = case.parties
    typed = Typed("韩律师", {"phone": "13800000009"})
    new = TypedSpeaker(typed, RepresentativeKind.LAWYER, Power.SPECIAL)
    await speakers.add(ctx, staff.wang, case.id, carol.id, new, new_id())
    await join(ctx, staff.wang, case, into)
    async with ctx.store.read() as conn:
        ((speaker, hidden),) = await parties.representatives(conn, into.id)
    there = next(p.id for p in (await fresh(ctx, into)).parties if p.name == "Carol")
    assert (speaker.name, speaker.party, speaker.power) == ("韩律师", there, Power.SPECIAL)
    assert sealed.details(ctx, into.id, speaker.id, hidden).phone == "13800000009"


async def test_rights_on_both_are_needed(ctx: Context, world: World, staff: Staff) -> None:
    mine = await matter(ctx, world.station, staff.wang.id)
    hers = await matter(ctx, world.station, staff.li.id)
    far = await matter(ctx, world.elsewhere, staff.zhao.id)
    for user, case, into, code in (
        (staff.wang, mine, hers, "not_found"),
        (staff.wang, hers, mine, "not_found"),
        (staff.clerk, mine, far, "not_found"),
        (staff.supervisor, mine, hers, "not_allowed"),
    ):
        with refused(code):
            await join(ctx, user, case, into)
    await join(ctx, staff.clerk, mine, hers)


async def test_only_open_cases_are_joined_and_none_to_itself(
    ctx: Context, world: World, staff: Staff
) -> None:
    one, two, three = [await matter(ctx, world.station, staff.wang.id) for _ in range(3)]
    with refused("join_itself"):
        await join(ctx, staff.wang, one, one)
    await join(ctx, staff.wang, one, two)
    with refused("join_over"):
        await join(ctx, staff.wang, one, three)
    with refused("join_over"):
        await join(ctx, staff.wang, three, one)


async def test_the_other_case_is_meant_by_number_or_address(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    for typed in (case.number, f" https://heyi.example/cases/{case.id}?done=x#notes "):
        assert await joining.meant(ctx, staff.wang, typed) == case.id
    for typed, user in ((case.number, staff.li), (f"/cases/{case.id}", staff.supervisor)):
        with refused("join_unknown"):
            await joining.meant(ctx, user, typed)
    with refused("join_missing"):
        await joining.meant(ctx, staff.wang, " ")


async def split(ctx: Context, user: User, case: Case, goes: dict[PartyId, Goes]) -> CaseId:
    return await joining.split(ctx, user, case.id, "围栏", goes, "是另一件事", new_id())


async def test_split_a_part_is_applied_for_by_itself(
    ctx: Context, world: World, staff: Staff
) -> None:
    people = (ALICE, BOB, CAROL)
    source = Source.POLICE
    case = await matter(ctx, world.station, staff.wang.id, parties=people, source=source)
    alice, bob, carol = (
        next(p.id for p in case.parties if p.name == new.name) for new in (ALICE, BOB, CAROL)
    )
    made = await split(ctx, staff.wang, case, {bob: Goes.BOTH, carol: Goes.MOVES})
    new = await fresh(ctx, replace(case, id=made))
    assert (new.status, new.title, new.source) == (CaseStatus.APPLIED, "围栏", source)
    assert new.handlers == {staff.wang.id}
    assert new.due_kind == "decide"
    assert await known(ctx, new) == [("A", "Carol", "13800000003"), ("B", "Bob", "13800000002")]
    assert [name for _, name, _ in await known(ctx, case)] == ["Alice", "Bob"]
    async with ctx.store.read() as conn:
        hidden = await cases.statement(conn, made)
    assert sealed.unseal(ctx, made, "statement", hidden)["facts"] == "屋顶漏水"
    assert alice not in {party.id for party in new.parties}


async def test_somebody_is_in_each(ctx: Context, world: World, staff: Staff) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    everyone = {party.id: Goes.MOVES for party in case.parties}
    with refused("split_nobody_stays"):
        await split(ctx, staff.wang, case, everyone)
    with refused("split_nobody_moves"):
        await split(ctx, staff.wang, case, {})
    for user, code in ((staff.supervisor, "not_allowed"), (staff.li, "not_found")):
        with refused(code):
            await split(ctx, user, case, everyone)


async def test_nobody_mediates_a_part_of_it_who_would_not_be_given_it(
    ctx: Context, world: World, staff: Staff
) -> None:
    namesake = NewParty(staff.wang.name, "B")
    case = await matter(ctx, world.station, staff.wang.id, parties=(ALICE, BOB, namesake))
    async with ctx.store.write() as conn:
        await cases.add_handler(conn, case.id, staff.li.id, HandlerRole.CLERK, ctx.clock())
    goes = {case.parties[2].id: Goes.MOVES}
    for user in (staff.wang, staff.li):
        with refused("split_by_another"):
            await split(ctx, user, case, goes)
    made = await split(ctx, staff.clerk, case, goes)
    assert (await fresh(ctx, replace(case, id=made))).handlers == frozenset()
