"""The parties' pages: covered as a rule, in full in one answer only, and nothing lost by two."""

from __future__ import annotations

import re

import pytest

from server.domain.case import DisputeType
from server.domain.ids import CaseId
from server.domain.party import Details, Party
from server.security.ids import new_id
from server.services import cases, intake
from server.services.intake import Intake
from server.services.opening import NewParty
from server.store import users
from tests.http.house import House
from tests.http.test_forms import send

PHONE, CARD = "13800000001", "11010519491231002X"


@pytest.fixture
async def anna(house: House) -> tuple[CaseId, Party]:
    """A party of a case of Wang's, with a telephone and an ID number."""
    details = Details(phone=PHONE, id_number=CARD, address="柳河镇东街三号")
    people = [NewParty("Anna", "A", details=details), NewParty("Bert", "B")]
    async with house.ctx.store.read() as conn:
        wang = await users.find(conn, house.world.wang)
    assert wang is not None
    new = Intake("Wall", DisputeType.NEIGHBOURS, people)
    case_id = await intake.create(house.ctx, wang, new, new_id())
    return case_id, (await cases.page(house.ctx, wang, case_id)).case.parties[0]


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


async def test_they_are_covered_until_somebody_says_why(
    house: House, anna: tuple[CaseId, Party]
) -> None:
    case, party = anna
    path = f"/cases/{case}/parties/{party.id}"
    async with house.browser("mediator") as wang:
        for address in (f"/cases/{case}", path):
            page = await (await wang.get(address)).text()
            assert "138****0001" in page
            assert PHONE not in page
            assert CARD not in page
        status, page = await send(wang, f"{path}/full", [("why", "")])
        assert status == 422
        assert PHONE not in page
        answer = await wang.post(f"{path}/full", data={"why": "contact"})
        page = await answer.text()
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert PHONE in page
        assert CARD in page
        assert (await wang.get(f"{path}/full")).status == 405
    async with house.browser("clerk") as clerk:
        assert "Looked at in full" not in await (await clerk.get(f"/cases/{case}")).text()
    async with house.browser("supervisor") as supervisor:
        page = await (await supervisor.get(f"/cases/{case}")).text()
        assert "Looked at in full 1 time" in page
        assert PHONE not in page


async def test_both_versions_stand_side_by_side(house: House, anna: tuple[CaseId, Party]) -> None:
    case, party = anna
    path = f"/cases/{case}/parties/{party.id}"
    async with house.browser("mediator") as wang, house.browser("clerk") as clerk:
        stamp = hidden(await (await wang.get(path)).text(), "stamp")
        mine = [("stamp", stamp), ("side", "A"), ("kind", "person"), ("name", "Anna Wang")]
        theirs = [*mine[:-1], ("name", "Anna Clerk"), ("phone", "139 0000 0009")]
        assert (await send(clerk, path, theirs))[0] == 303
        status, page = await send(wang, path, [*mine, ("occupation", "tailor")])
        assert status == 422
        assert "Somebody else has changed this meanwhile." in page
        for text in ("Anna Wang", "Anna Clerk", "139****0009", 'value="tailor"'):
            assert text in page
        newer = [("stamp", hidden(page, "stamp")), *mine[1:], ("occupation", "tailor")]
        assert (await send(wang, path, newer))[0] == 303
        page = await (await wang.get(path)).text()
        assert all(text in page for text in ("Anna Wang", "139****0009", "tailor"))


async def test_about_it_both_versions_too(house: House, anna: tuple[CaseId, Party]) -> None:
    case, _ = anna
    path = f"/cases/{case}/about"
    rest = [("dispute_type", "neighbours"), ("difficulty", "simple"), ("regime", "peoples")]
    async with house.browser("mediator") as wang, house.browser("clerk") as clerk:
        stamp = hidden(await (await wang.get(path)).text(), "stamp")
        told = [("stamp", stamp), ("title", "Wall"), *rest, ("facts", "one\r\ntwo")]
        assert (await send(clerk, path, told))[0] == 303
        status, page = await send(wang, path, [*told[:-1], ("facts", "three")])
        assert status == 422
        assert "one\ntwo" in page
        assert "three" in page
        assert (await send(clerk, path, [("stamp", stamp), ("title", ""), *rest]))[0] == 422
        page = await (await wang.get(f"/cases/{case}")).text()
        assert "one\ntwo" in page


async def test_nobody_is_lost_from_the_pages(house: House, anna: tuple[CaseId, Party]) -> None:
    case, party = anna
    path = f"/cases/{case}/parties/{party.id}"
    lee = [("name", "Lee"), ("speaker_kind", "lawyer"), ("power", "special"), ("until", "")]
    async with house.browser("mediator") as wang:
        assert (await send(wang, f"{path}/speakers", [("key", "k"), *lee]))[0] == 303
        status, page = await send(wang, f"{path}/speakers", [("key", "l"), *lee[:2]])
        assert status == 422
        assert "Please choose what they may do." in page
        speaker = re.findall(rf'action="{path}/speakers/([^"/]+)"', page)[0]
        assert (await send(wang, f"{path}/speakers/{speaker}/end", []))[0] == 303
        assert (await send(wang, f"{path}/leave", [("why", "moved away")]))[0] == 303
        page = await (await wang.get(f"/cases/{case}")).text()
        assert "1 has left" in page
        assert "moved away" in page
        assert (await send(wang, f"{path}/back", []))[0] == 303
        bob = [("key", "m"), ("side", "B"), ("kind", "person"), ("name", "Bob")]
        assert (await send(wang, f"/cases/{case}/parties", bob))[0] == 303
        wrong = [*bob[1:3], ("name", "B."), ("id_number", CARD), ("key", "n")]
        status, page = await send(wang, f"/cases/{case}/parties", wrong)
        assert status == 422
        assert "This person is in the matter already" in page


async def test_200_parties_are_folded(house: House) -> None:
    async with house.ctx.store.read() as conn:
        wang = await users.find(conn, house.world.wang)
    assert wang is not None
    new = Intake("Wages", DisputeType.LABOUR, [NewParty("Works", "B")])
    case = await intake.create(house.ctx, wang, new, new_id())
    several = f"/cases/{case}/parties/several"
    lines = [f"Worker {n}\t139{n:08}" for n in range(199)]
    async with house.browser("mediator") as browser:
        wrong = "\n".join([*lines, lines[7]])
        status, page = await send(browser, several, [("key", "j"), ("side", "A"), ("lines", wrong)])
        assert status == 422
        assert "at most 200 parties" in page
        wrong = "\n".join([*lines[:150], "", lines[7]])
        status, page = await send(browser, several, [("key", "j"), ("side", "A"), ("lines", wrong)])
        assert "Line 152: This person is in the matter already" in page
        good = [("key", "j"), ("side", "A"), ("kind", "person"), ("lines", "\n".join(lines))]
        assert (await send(browser, several, good))[0] == 303
        assert (await send(browser, several, good))[0] == 303
        page = await (await browser.get(f"/cases/{case}")).text()
        assert "191 more" in page
        assert page.count(f'href="/cases/{case}/parties/') == 201
        status, page = await send(
            browser, f"/cases/{case}/parties", [("key", "k"), ("side", "A"), ("name", "One more")]
        )
    assert status == 422
    assert "at most 200 parties" in page
