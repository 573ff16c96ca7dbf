"""Parties come, change, leave and come back; what is sealed of them is seen with a reason only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from server.domain.case import Case, DisputeType
from server.domain.errors import Refused
from server.domain.identity import DetailsRefused
from server.domain.ids import CaseId, PartyId, RepresentativeId
from server.domain.party import Details, Party, PartyKind, Sex, Why
from server.domain.user import User
from server.security.ids import new_id
from server.services import (
    audit,
    cases,
    intake,
    looking,
    lookups,
    parties,
    sealed,
    similar,
    speakers,
)
from server.services.context import Context
from server.services.intake import Intake
from server.services.opening import NewParty
from server.services.parties import PartyLine, Typed
from server.services.speakers import TypedSpeaker
from server.store import parties as stored
from tests.services.conftest import Clock, Staff
from tests.services.refusing import refused
from tests.services.test_sealed import everything
from tests.store.world import World

ANNA = Details(
    phone="13800000001",
    id_number="11010519491231002X",
    address="东街三号",
    sex=Sex.FEMALE,
    born=date(1949, 12, 31),
)
OUTSIDE = ("li", "zhao", "far_clerk", "lawyer", "administrator")


@pytest.fixture
async def case(ctx: Context, staff: Staff) -> Case:
    """Of Wang, with Anna on one side and Bert on the other."""
    people = [NewParty("Anna", "A", details=ANNA), NewParty("Bert", "B")]
    new = Intake("Wall", DisputeType.NEIGHBOURS, people)
    case_id = await intake.create(ctx, staff.wang, new, new_id())
    return (await cases.page(ctx, staff.wang, case_id)).case


async def lines(ctx: Context, user: User, case_id: CaseId) -> dict[str, PartyLine]:
    page = await cases.page(ctx, user, case_id)
    async with ctx.store.read() as conn:
        found = await parties.of_case(ctx, conn, page.case, page.organisation)
    return {line.party.name: line for line in found}


async def known(ctx: Context, case: Case, party: PartyId) -> Details:
    async with ctx.store.read() as conn:
        return sealed.details(ctx, case.id, party, (await stored.sealed(conn, case.id))[party])


def typed(party: Party, details: Mapping[str, str] | None = None, **new: str) -> Typed:
    return Typed(
        name=new.get("name", party.name),
        details=details or {},
        side=new.get("side", party.side),
        kind=PartyKind(new.get("kind", party.kind)),
        removed=frozenset(new.get("removed", "").split()),
    )


async def change(ctx: Context, user: User, case: Case, name: str, new: Typed) -> None:
    line = (await lines(ctx, user, case.id))[name]
    await parties.change(ctx, user, case.id, line.party.id, new, line.stamp)


async def test_who_reads_the_case_sees_them_covered(ctx: Context, staff: Staff, case: Case) -> None:
    for user in (staff.wang, staff.clerk, staff.supervisor):
        shown = (await lines(ctx, user, case.id))["Anna"].details
        assert (shown.phone, shown.id_number) == ("138****0001", "1101**********002X")
        assert "三号" not in shown.address
        assert shown.age == 76


async def test_one_is_added_once(ctx: Context, staff: Staff, case: Case) -> None:
    new = Typed("Cora", {"phone": "139 0000 0002"}, side="C")
    made = [await parties.add(ctx, staff.wang, case.id, new, "one form") for _ in range(2)]
    assert made[0] == made[1]
    assert set(await lines(ctx, staff.wang, case.id)) == {"Anna", "Bert", "Cora"}
    assert (await known(ctx, case, made[0])).phone == "13900000002"
    assert await audit.verify(ctx) == []


async def test_what_is_left_empty_stays(ctx: Context, staff: Staff, case: Case) -> None:
    anna, _ = case.parties
    await change(ctx, staff.wang, case, "Anna", typed(anna, {"phone": "13900000009"}))
    now = await known(ctx, case, anna.id)
    assert (now.phone, now.id_number, now.address) == (
        "13900000009",
        ANNA.id_number,
        ANNA.address,
    )
    await change(ctx, staff.clerk, case, "Anna", typed(anna, removed="address", name="Anne"))
    assert (await known(ctx, case, anna.id)).address == ""
    assert set(await lines(ctx, staff.wang, case.id)) == {"Anne", "Bert"}


async def test_she_is_found_by_her_new_number_only(
    ctx: Context, staff: Staff, case: Case, world: World
) -> None:

    anna, _ = case.parties
    await change(ctx, staff.wang, case, "Anna", typed(anna, {"phone": "13900000009"}))
    for phone, found in (("13900000009", True), (ANNA.phone, False)):
        people = [NewParty("Nobody", "A", details=Details(phone=phone))]
        alike = await similar.before_entering(ctx, staff.wang, people, DisputeType.OTHER)
        assert bool(alike) is found
    assert lookups.phone("+86 139 0000 0009") == "13900000009"


async def test_sides_are_changed(ctx: Context, staff: Staff, case: Case) -> None:
    _, bert = case.parties
    await change(ctx, staff.wang, case, "Bert", typed(bert, side="A"))
    assert (await lines(ctx, staff.wang, case.id))["Bert"].party.side == "A"
    with refused("side_unknown"):
        await change(ctx, staff.wang, case, "Bert", typed(bert, side="Z"))


async def test_nobody_overwrites_what_they_have_not_seen(
    ctx: Context, staff: Staff, case: Case
) -> None:
    anna, bert = case.parties
    seen = (await lines(ctx, staff.wang, case.id))["Anna"].stamp
    await change(ctx, staff.clerk, case, "Anna", typed(anna, name="Anna Clerk"))
    await change(ctx, staff.clerk, case, "Bert", typed(bert, name="Bert Clerk"))
    with refused("edited_meanwhile"):
        new = typed(anna, name="Anna Wang")
        await parties.change(ctx, staff.wang, case.id, anna.id, new, seen)
    newer = (await lines(ctx, staff.wang, case.id))["Anna Clerk"].stamp
    await parties.change(ctx, staff.wang, case.id, anna.id, new, newer)
    assert set(await lines(ctx, staff.wang, case.id)) == {"Anna Wang", "Bert Clerk"}


async def test_saving_what_is_there_is_nothing_that_happened(
    ctx: Context, staff: Staff, case: Case
) -> None:
    anna, _ = case.parties
    before = (await lines(ctx, staff.wang, case.id))["Anna"].stamp
    details = {"sex": "female"}
    await change(ctx, staff.wang, case, "Anna", typed(anna, details))
    assert (await lines(ctx, staff.wang, case.id))["Anna"].stamp == before


async def test_nobody_is_in_it_twice(ctx: Context, staff: Staff, case: Case) -> None:
    anna, bert = case.parties
    again = {"id_number": ANNA.id_number}
    with refused("same_person_twice"):
        await parties.add(ctx, staff.wang, case.id, Typed("A.", again, side="B"), new_id())
    with refused("same_person_twice"):
        await change(ctx, staff.wang, case, "Bert", typed(bert, again))
    await parties.leave(ctx, staff.wang, case.id, anna.id, "moved away")
    await change(ctx, staff.wang, case, "Bert", typed(bert, again))
    with refused("same_person_twice"):
        await parties.come_back(ctx, staff.wang, case.id, anna.id)


async def test_details_are_refused_at_their_fields(ctx: Context, staff: Staff, case: Case) -> None:
    _, bert = case.parties
    wrong = {"phone": "139", "id_number": "110105194912310021"}
    with pytest.raises(DetailsRefused) as no:
        await change(ctx, staff.wang, case, "Bert", typed(bert, wrong))
    assert no.value.fields == {"phone": "phone_unusable", "id_number": "id_number_wrong"}


async def test_a_person_who_is_an_organisation(ctx: Context, staff: Staff, case: Case) -> None:
    """Entered as a person by mistake, with a birthday."""
    _, bert = case.parties
    await change(ctx, staff.wang, case, "Bert", typed(bert, {"born": "1980-05-01"}))
    code = {"id_number": "91350100M000100Y43"}
    await change(ctx, staff.wang, case, "Bert", typed(bert, code, kind="organisation"))
    assert await known(ctx, case, bert.id) == Details(id_number="91350100M000100Y43")


async def test_who_leaves_stays_in_the_history(
    ctx: Context, staff: Staff, case: Case, clock: Clock
) -> None:
    anna, bert = case.parties
    with refused("reason_missing"):
        await parties.leave(ctx, staff.wang, case.id, anna.id, " ")
    for _ in range(2):
        await parties.leave(ctx, staff.wang, case.id, anna.id, "撤回对楼下的要求")
    line = (await lines(ctx, staff.wang, case.id))["Anna"]
    assert line.party.left_at == clock()
    assert line.why_left == "撤回对楼下的要求"
    assert "撤回" not in await everything(ctx)
    with refused("party_has_left"):
        await change(ctx, staff.wang, case, "Anna", typed(anna))
    with refused("last_party"):
        await parties.leave(ctx, staff.wang, case.id, bert.id, "moved away")
    for _ in range(2):
        await parties.come_back(ctx, staff.wang, case.id, anna.id)
    line = (await lines(ctx, staff.wang, case.id))["Anna"]
    assert (line.party.left_at, line.why_left) == (None, "")


async def test_those_without_access_change_nothing(
    ctx: Context, staff: Staff, case: Case, world: World
) -> None:
    anna, _ = case.parties
    stamp = (await lines(ctx, staff.wang, case.id))["Anna"].stamp
    speaker = await speakers.add(ctx, staff.wang, case.id, anna.id, LEE, new_id())
    others_party = world.case.parties[0].id
    for name in (*OUTSIDE, "supervisor"):
        user, code = getattr(staff, name), "not_allowed" if name == "supervisor" else "not_found"
        with refused(code):
            await parties.add(ctx, user, case.id, typed(anna, name="Mallory"), new_id())
        with refused(code):
            await parties.change(ctx, user, case.id, anna.id, typed(anna, name="M"), stamp)
        with refused(code):
            await parties.leave(ctx, user, case.id, anna.id, "why not")
        with refused(code):
            await looking.full(ctx, user, case.id, anna.id, "contact", "")
        with refused(code):
            await speakers.end(ctx, user, case.id, anna.id, speaker)
    # A party of another case is none of this one.
    with refused("not_found"):
        await parties.leave(ctx, staff.wang, case.id, others_party, "why not")
    with refused("not_found"):
        await looking.full(ctx, staff.wang, case.id, others_party, "contact", "")


# ---- who speaks for them ------------------------------------------------------------------------

LEE = TypedSpeaker(Typed("Lee", {"phone": "13900000007"}), "lawyer", "special", "2026-12-31")


async def test_a_lawyer_speaks_until_the_end_of_the_day(
    ctx: Context, staff: Staff, case: Case, clock: Clock
) -> None:
    anna, _ = case.parties
    lee = await speakers.add(ctx, staff.wang, case.id, anna.id, LEE, "one form")
    assert await speakers.add(ctx, staff.wang, case.id, anna.id, LEE, "one form") == lee
    (line,) = (await lines(ctx, staff.wang, case.id))["Anna"].speakers
    assert (line.representative.name, line.last_day) == ("Lee", date(2026, 12, 31))
    assert line.details.phone == "139****0007"
    # In Shanghai the day ends at 16:00 UTC.
    clock.forward(days=38, hours=11, minutes=59)
    assert (await lines(ctx, staff.wang, case.id))["Anna"].speakers[0].speaks
    clock.forward(minutes=1)
    assert not (await lines(ctx, staff.wang, case.id))["Anna"].speakers[0].speaks


async def test_a_power_is_changed_and_ended(ctx: Context, staff: Staff, case: Case) -> None:
    anna, bert = case.parties
    lee = await speakers.add(ctx, staff.wang, case.id, anna.id, LEE, new_id())
    (line,) = (await lines(ctx, staff.wang, case.id))["Anna"].speakers
    new = TypedSpeaker(Typed("Lee", {}), "lawyer", "general")
    await speakers.change(ctx, staff.wang, case.id, anna.id, lee, new, line.stamp)
    with refused("edited_meanwhile"):
        await speakers.change(ctx, staff.clerk, case.id, anna.id, lee, new, line.stamp)
    (line,) = (await lines(ctx, staff.wang, case.id))["Anna"].speakers
    assert (line.representative.power, line.last_day) == ("general", None)
    assert line.details.phone == "139****0007"
    with refused("not_found"):
        await speakers.end(ctx, staff.wang, case.id, bert.id, lee)
    for _ in range(2):
        await speakers.end(ctx, staff.wang, case.id, anna.id, lee)
    (line,) = (await lines(ctx, staff.wang, case.id))["Anna"].speakers
    assert not line.speaks
    with refused("power_has_ended"):
        await speakers.change(ctx, staff.wang, case.id, anna.id, lee, new, line.stamp)
    assert await audit.verify(ctx) == []


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (TypedSpeaker(Typed("", {}), "lawyer", "general"), "party_name_missing"),
        (TypedSpeaker(Typed("Lee", {}), "friend", "general"), "speaker_kind_missing"),
        (TypedSpeaker(Typed("Lee", {}), "lawyer", ""), "power_missing"),
        (TypedSpeaker(Typed("Lee", {}), "lawyer", "general", "2026-11-22"), "until_unusable"),
        (TypedSpeaker(Typed("Lee", {}), "lawyer", "general", "9999-12-31"), "until_unusable"),
        (TypedSpeaker(Typed("Lee", {"phone": "1"}), "lawyer", "general"), "phone_unusable"),
    ],
)
async def test_who_cannot_speak(
    ctx: Context, staff: Staff, case: Case, new: TypedSpeaker, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        await speakers.add(ctx, staff.wang, case.id, case.parties[0].id, new, new_id())


async def test_no_speaker_under_a_wrong_address(ctx: Context, staff: Staff, case: Case) -> None:
    with refused("not_found"):
        wrong = RepresentativeId("\0")
        await speakers.end(ctx, staff.wang, case.id, case.parties[0].id, wrong)


# ---- looking ------------------------------------------------------------------------------------


async def test_who_looks_says_why_and_is_written_down(
    ctx: Context, staff: Staff, case: Case
) -> None:
    anna, _ = case.parties
    await speakers.add(ctx, staff.wang, case.id, anna.id, LEE, new_id())
    for why, words in (("", ""), ("other", " "), ("curious", "")):
        with refused("reason_missing"):
            await looking.full(ctx, staff.wang, case.id, anna.id, why, words)
    full = await looking.full(ctx, staff.wang, case.id, anna.id, "contact", "")
    assert full.details.phone == ANNA.phone
    assert [details.phone for _, details in full.speakers] == ["13900000007"]
    await looking.full(ctx, staff.clerk, case.id, anna.id, "", "法院来函核对")
    async with ctx.store.read() as conn:
        seen = await looking.looks(ctx, conn, case)
    assert [(look.who, look.party, look.why, look.words) for look in seen] == [
        ("clerk", "Anna", Why.OTHER, "法院来函核对"),
        ("王敏", "Anna", Why.CONTACT, ""),
    ]
    assert "来函" not in await everything(ctx)
    assert await audit.verify(ctx) == []
