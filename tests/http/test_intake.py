"""The page on which staff take a matter in, and what it says of matters that are there already."""

from __future__ import annotations

import re

import pytest

from server.domain.case import Case, Source
from server.domain.ids import CaseId
from server.store import cases
from tests.http.house import House
from tests.http.test_forms import CASE, changed, send

COURT = [
    *changed(CASE, source="court", title=""),
    ("referred_by", "云溪县人民法院"),
    ("reference", "(2026)云0101民诉前调12号"),
    ("received_on", "2026-11-20"),
]
CARDS = [
    ("side", "A"),
    ("name", "Cora"),
    ("kind", "person"),
    ("phone", ""),
    ("id_number", "110105194912310021"),
    ("side", "B"),
    ("name", "Dora & Co"),
    ("kind", "organisation"),
    ("phone", "139"),
    ("id_number", "91350100M000100Y43"),
]


async def loaded(house: House, location: str) -> Case:
    case_id = CaseId(location.split("/")[2].partition("?")[0])
    async with house.ctx.store.read() as conn:
        case = await cases.load(conn, case_id)
    assert case is not None
    return case


async def test_a_title_is_made_of_names_and_type(house: House) -> None:
    for lang, title in (("en", "Anna and Bert: Neighbours"), ("zh", "Anna与Bert（邻里）")):
        async with house.browser("clerk", lang=lang) as clerk:
            fields = [*changed(CASE, title="", key=f"key {lang}"), ("action", "save")]
            status, location = await send(clerk, "/cases", fields)
            if status == 422:
                location = await said_another(clerk, fields, location)
        assert (await loaded(house, location)).title == title


async def said_another(clerk: object, fields: list[tuple[str, str]], page: str) -> str:
    """Where one comes to after *This is another matter*."""
    seen = re.findall(r'name="alike_seen" value="([^"]+)"', page)[0]
    again = [(n, v) for n, v in fields if n != "action"]
    again += [("action", "another"), ("alike_seen", seen)]
    status, location = await send(clerk, "/cases", again)  # type: ignore[arg-type]
    assert status == 303
    return location


async def test_a_courts_matter_comes_in_once(house: House) -> None:
    async with house.browser("clerk") as clerk:
        status, location = await send(clerk, "/cases", COURT)
        assert status == 303
        case = await loaded(house, location)
        assert (case.source, case.referred_by) == (Source.COURT, "云溪县人民法院")
        assert case.reference == "（2026）云0101民诉前调12号"
        again = changed(COURT, key="another form", name="Cora")
        status, page = await send(clerk, "/cases", again)
        assert status == 422
        assert "This reference has come in before" in page
        assert f"/cases/{case.id}" in page


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("referred_by", "Please enter who passed it on."),
        ("reference", "Please enter the reference of whoever passed it on."),
    ],
)
async def test_what_is_passed_on_says_by_whom(house: House, field: str, sentence: str) -> None:
    async with house.browser("clerk") as clerk:
        status, page = await send(clerk, "/cases", changed(COURT, **{field: ""}))
        assert status == 422
        assert sentence in page
        fields = changed(COURT, received_on="2027-01-01")
        assert "not after today" in (await send(clerk, "/cases", fields))[1]


async def test_what_is_alike_is_shown_before_a_double_is_made(house: House) -> None:
    async with house.browser("clerk") as clerk:
        _, first = await send(clerk, "/cases", CASE)
        second = changed(CASE, key="another form", title="Fence")
        status, page = await send(clerk, "/cases", second)
        assert status == 422
        assert "Is it one of these?" in page
        assert first.partition("?")[0] in page
        assert 'value="Fence"' in page
        # It is said of these people: with others it has to be said again.
        seen = re.findall(r'name="alike_seen" value="([^"]+)"', page)[0]
        other = [*changed(second, phone="139 0000 0002"), ("action", "another")]
        status, page = await send(clerk, "/cases", [*other, ("alike_seen", seen)])
        assert status == 422
        status, location = await send(
            clerk, "/cases", [*second, ("action", "another"), ("alike_seen", seen)]
        )
        assert status == 303
        assert (await loaded(house, location)).title == "Fence"


async def test_elsewhere_one_learns_only_whom_to_call(house: House) -> None:
    async with house.browser("clerk") as clerk:
        secret = changed(CASE, title="Secret fence")
        _, location = await send(clerk, "/cases", secret)
    async with house.browser("elsewhere") as stranger:
        status, page = await send(stranger, "/cases", changed(CASE, key="another form"))
    assert status == 422
    assert "A matter with these people exists at 河东所." in page
    assert "12348" in page
    assert "Secret fence" not in page
    assert location.partition("?")[0] not in page


async def test_papers_are_checked_at_their_fields(house: House) -> None:
    async with house.browser("clerk") as clerk:
        head = [(n, v) for n, v in CASE if n not in ("side", "name", "phone")]
        status, page = await send(clerk, "/cases", [*head, *CARDS])
    assert status == 422
    problems = re.findall(r'class="problem" id="([^"]+)-problem"', page)
    assert problems == ["party0-id_number", "party1-phone"]


async def test_one_person_is_entered_once(house: House) -> None:
    twice = changed(CASE, name="Anna", phone="139 0000 0001")
    async with house.browser("clerk") as clerk:
        status, page = await send(clerk, "/cases", twice)
    assert status == 422
    assert re.findall(r'class="problem" id="([^"]+)-problem"', page) == ["party1-name"]


async def test_a_full_form_says_how_the_rest_are_added(house: House) -> None:
    rows = [
        pair for n in range(11) for pair in (("side", "B"), ("name", f"P{n}"), ("kind", "person"))
    ]
    async with house.browser("clerk") as clerk:
        for more, button in ((rows, True), ([*rows, *rows[:3]], False)):
            _, page = await send(clerk, "/cases", [*more[3:], ("action", "more")])
            assert ("data-more" in page) is button
            assert ("data-full hidden" in page) is button
