"""Taking a matter on: numbers without gaps, refusing with where else to go, one who wins."""

from __future__ import annotations

import asyncio
import re

import pytest

from server.domain.case import OWN, CaseKind, CaseStatus, Source
from server.domain.errors import Refused
from server.domain.ids import CaseId
from server.domain.notice import NoticeName
from server.domain.organisation import Organisation, OrganisationKind
from server.domain.refusal import Elsewhere, RefusalGround
from server.domain.user import StaffRole, User
from server.security.ids import new_id
from server.services import deciding, notice_texts, organisations, statuses
from server.services import notices as notice_service
from server.services.context import Context
from server.services.refusing import in_language
from server.store import audit, notices
from server.store import cases as stored_cases
from server.store import organisations as stored_organisations
from tests.services.come_in import applied, assigned, give, load
from tests.services.conftest import Clock, Staff
from tests.services.refusing import refused
from tests.store import world as worlds
from tests.store.world import World

COURT = [Elsewhere.COURT]


def counted(number: str) -> int:
    found = re.search(r"第(\d+)号", number)
    assert found
    return int(found[1])


async def test_accepted_it_has_a_number_and_its_side_is_told(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await applied(ctx, world.station)
    await deciding.accept(ctx, staff.clerk, case, new_id())
    found = await load(ctx, case)
    assert found.status is CaseStatus.ACCEPTED
    assert found.number == "（2026）人调字第1号"
    assert str(found.accepted_on) == "2026-11-23"
    applicant = next(p for p in found.parties if p.side == "A")
    assert await told(ctx, case) == [(applicant.id, "case_accepted")]


@pytest.mark.parametrize("source", sorted(set(Source) - OWN))
async def test_no_party_is_answered_what_it_never_asked(
    ctx: Context, world: World, staff: Staff, source: Source
) -> None:
    """Found by a grid worker or passed on: they hear of it when they have a mediator."""
    case = await applied(ctx, world.station, source=source)
    await deciding.refuse(ctx, staff.clerk, case, new_id(), RefusalGround.NOT_CIVIL, "", COURT)
    await deciding.think_again(ctx, staff.clerk, case, new_id(), "看错了")
    await deciding.accept(ctx, staff.clerk, case, new_id())
    assert {t for _, t in await told(ctx, case)} & {"case_accepted", "case_declined"} == set()
    await give(ctx, staff.clerk, case, staff.wang.id)
    found = await load(ctx, case)
    assigned_to = {who for who, t in await told(ctx, case) if t == "mediator_assigned"}
    assert assigned_to == {party.id for party in found.parties}


async def test_fifty_at_once_count_from_1_to_50(ctx: Context, world: World, staff: Staff) -> None:
    matters = [await applied(ctx, world.station) for _ in range(50)]
    await asyncio.gather(*(deciding.accept(ctx, staff.clerk, m, new_id()) for m in matters))
    numbers = [counted((await load(ctx, m)).number) for m in matters]
    assert sorted(numbers) == list(range(1, 51))


async def test_each_series_unit_and_year_counts_for_itself(
    ctx: Context, world: World, staff: Staff, clock: Clock
) -> None:
    async def number(where: Organisation, clerk: User, kind: CaseKind = CaseKind.MEDIATION) -> str:
        case = await applied(ctx, where, kind=kind)
        await deciding.accept(ctx, clerk, case, new_id())
        return (await load(ctx, case)).number

    assert await number(world.station, staff.clerk) == "（2026）人调字第1号"
    assert await number(world.elsewhere, staff.far_clerk) == "（2026）人调字第1号"
    assert await number(world.station, staff.clerk, CaseKind.CONSULTATION) == "（2026）咨字第1号"
    # New Year's Eve in London is New Year's Day here.
    clock.now = clock.now.replace(month=12, day=31, hour=16, minute=30)
    assert await number(world.station, staff.clerk) == "（2027）人调字第1号"
    assert await number(world.station, staff.clerk) == "（2027）人调字第2号"


async def test_two_decide_at_once_and_one_wins(ctx: Context, world: World, staff: Staff) -> None:
    case = await applied(ctx, world.station)
    answers = await asyncio.gather(
        deciding.accept(ctx, staff.clerk, case, new_id()),
        deciding.refuse(ctx, staff.clerk, case, new_id(), RefusalGround.POLICE_MATTER, "", COURT),
        deciding.accept(ctx, staff.clerk, case, new_id()),
        return_exceptions=True,
    )
    lost = [a for a in answers if isinstance(a, Refused)]
    assert [a.code for a in lost] == ["status_changed"] * 2
    assert answers.count(None) == 1
    assert len((await load(ctx, case)).history) == 2


async def test_only_what_was_applied_for_is_accepted(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await assigned(ctx, staff.clerk, world.station, staff.wang.id)
    with refused("status_changed"):
        await deciding.accept(ctx, staff.clerk, case, new_id())
    assert (await load(ctx, case)).status is CaseStatus.ASSIGNED


async def test_a_form_sent_twice_decides_once(ctx: Context, world: World, staff: Staff) -> None:
    case, key = await applied(ctx, world.station), new_id()
    await asyncio.gather(*(deciding.accept(ctx, staff.clerk, case, key) for _ in range(2)))
    assert (await load(ctx, case)).number


async def test_refused_with_the_reason_and_where_else_to_go(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await applied(ctx, world.station)
    with refused("elsewhere_missing"):
        await deciding.refuse(ctx, staff.clerk, case, new_id(), RefusalGround.NOT_CIVIL, "", [])
    with refused("words_missing"):
        await deciding.refuse(ctx, staff.clerk, case, new_id(), RefusalGround.OTHER, " ", COURT)
    await deciding.refuse(
        ctx, staff.clerk, case, new_id(), RefusalGround.COURT_DECIDED, "本院已判", COURT
    )
    found = await load(ctx, case)
    assert found.status is CaseStatus.DECLINED
    assert found.number == ""
    assert "本院已判" in statuses.why(ctx, found)
    assert [template for _, template in await told(ctx, case)] == ["case_declined"]
    async with ctx.store.read() as conn:
        (entry,) = [
            e for e in await audit.of_chain(conn, f"case:{case}") if e.verb == "case.declined"
        ]
    assert "本院已判" not in str(entry.body)


async def test_a_refusal_is_told_in_the_language_of_whoever_reads_it(
    ctx: Context, world: World, staff: Staff
) -> None:
    """What was typed stays as it was typed."""
    case = await applied(ctx, world.station)
    with in_language("zh"):
        ground = RefusalGround.COURT_DECIDED
        await deciding.refuse(ctx, staff.clerk, case, new_id(), ground, "本院已判", COURT)
    found = await load(ctx, case)
    english = ["A court has decided it, or is dealing with it now.", "本院已判"]
    english.append("You can bring an action at the court.")
    with in_language("en"):
        assert statuses.why(ctx, found).splitlines() == english
    with in_language("zh"):
        chinese = statuses.why(ctx, found).splitlines()
    assert chinese[1] == "本院已判"
    assert not any(re.search("[A-Za-z]", line) for line in chinese)
    async with ctx.store.read() as conn:
        (sent,) = await notices.of_case(conn, case)
        where = await stored_organisations.get(conn, world.station.id)
    given = notice_service.unseal(ctx, sent, "notice")["given"]
    for language, lines in (("en", english), ("zh", chinese)):
        words = notice_texts.ours(NoticeName.CASE_DECLINED, language)
        text = notice_service.content(ctx, where, "Alice", language, words, given)["text"]
        assert all(line in text for line in lines), text


async def test_a_refusal_of_before_reads_as_it_was_written(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await applied(ctx, world.station)
    async with ctx.store.write() as conn:
        found = await stored_cases.load(conn, case, lock=True)
        assert found is not None
        why = "It is a matter for the police.\nCall 110."
        await statuses.change(ctx, conn, found, CaseStatus.DECLINED, staff.clerk.id, why)
    with in_language("zh"):
        assert statuses.why(ctx, await load(ctx, case)) == why


async def test_refused_it_can_be_thought_over_and_accepted(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await applied(ctx, world.station)
    await deciding.refuse(ctx, staff.clerk, case, new_id(), RefusalGround.WRONG_PARTY, "", COURT)
    with refused("words_missing"):
        await deciding.think_again(ctx, staff.clerk, case, new_id(), "")
    await deciding.think_again(ctx, staff.clerk, case, new_id(), "对方找到了")
    await deciding.accept(ctx, staff.clerk, case, new_id())
    found = await load(ctx, case)
    assert [c.status for c in found.history] == [
        CaseStatus.APPLIED,
        CaseStatus.DECLINED,
        CaseStatus.APPLIED,
        CaseStatus.ACCEPTED,
    ]
    assert counted(found.number) == 1


async def test_a_unit_below_handles_it_and_counts_it(
    ctx: Context, world: World, staff: Staff
) -> None:
    async with ctx.store.write() as conn:
        below = await worlds.organisation(
            conn, world.station, OrganisationKind.COMMITTEE, "河东调委会"
        )
        await worlds.member(conn, below, StaffRole.MEDIATOR, "sun", "孙立")
    case = await applied(ctx, world.station)
    decision = await deciding.decision(ctx, staff.clerk, await load(ctx, case))
    assert decision is not None
    # Wang and Li work at the station, so it may stay there.
    assert [(u.name, u.mediators) for u in decision.units] == [("河东所", 3), ("河东调委会", 4)]
    assert decision.usual == world.station.id
    await deciding.accept(ctx, staff.clerk, case, new_id(), below.id)
    found = await load(ctx, case)
    assert (found.organisation, counted(found.number)) == (below.id, 1)
    other = await applied(ctx, world.station)
    with refused("unit_unknown"):
        await deciding.accept(ctx, staff.clerk, other, new_id(), world.elsewhere.id)
    assert (await load(ctx, other)).status is CaseStatus.APPLIED


@pytest.mark.parametrize("who", ["far_clerk", "supervisor", "administrator", "wang", "lawyer"])
async def test_nobody_else_decides(ctx: Context, world: World, staff: Staff, who: str) -> None:
    case, user = await applied(ctx, world.station), getattr(staff, who)
    code = "not_allowed" if who == "supervisor" else "not_found"
    with refused(code):
        await deciding.accept(ctx, user, case, new_id())
    with refused(code):
        await deciding.refuse(ctx, user, case, new_id(), RefusalGround.NOT_CIVIL, "", COURT)
    with refused(code):
        await deciding.think_again(ctx, user, case, new_id(), "因为")
    assert await deciding.decision(ctx, user, await load(ctx, case)) is None
    assert (await load(ctx, case)).status is CaseStatus.APPLIED


async def told(ctx: Context, case: CaseId) -> list[tuple[str, str]]:
    async with ctx.store.read() as conn:
        return [(n.to_id, n.template) for n in await notices.of_case(conn, case)]


async def test_a_unit_is_closed_or_gets_a_matter_never_both(
    ctx: Context, world: World, staff: Staff
) -> None:
    for n in range(6):
        async with ctx.store.write() as conn:
            unit = await worlds.organisation(
                conn, world.station, OrganisationKind.STUDIO, f"studio{n}"
            )
        case = await applied(ctx, world.station)
        both = await asyncio.gather(
            organisations.close(ctx, staff.administrator, unit.id),
            deciding.accept(ctx, staff.clerk, case, new_id(), unit.id),
            return_exceptions=True,
        )
        assert sorted(getattr(one, "code", "") for one in both)[0] == ""
        refused_with = {one.code for one in both if isinstance(one, Refused)}
        assert refused_with in ({"organisation_in_use"}, {"unit_unknown"})
        there = (await load(ctx, case)).organisation == unit.id
        assert there == ("organisation_in_use" in refused_with)
