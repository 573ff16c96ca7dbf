"""The pages of what lives in a case: what was typed stays, and the page is no wall."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from server.domain.case import Case
from server.domain.note import NoteKind, Readers
from server.http.pages.case import LAYOUT, SECTIONS
from server.http.pages.notes import FIRST as FIRST_NOTES
from server.http.pages.timeline import FIRST as FIRST_LINES
from server.http.templates import FOLDER
from server.security.ids import new_id
from server.services import notes
from server.services.opening import NewParty
from tests.http.house import House
from tests.services.matters import ALICE, fresh, matter

SCRIPT = "<script>alert(1)</script>"


async def mine(house: House) -> Case:
    return await matter(house.ctx, house.world.station, house.staff["mediator"])


def test_every_section_has_its_place_and_its_template() -> None:
    ids = [section.id for section in SECTIONS]
    assert len(ids) == len(set(ids))
    assert set(ids) == set(LAYOUT)
    assert [s.template for s in SECTIONS if not Path(FOLDER / s.template).exists()] == []


@pytest.mark.parametrize(
    ("path", "sent", "said"),
    [
        ("notes/new", {"kind": "call", "readers": "own", "body": " "}, "Please write something."),
        (
            "close",
            {"outcome": "unwilling", "why": SCRIPT, "told": "court"},
            "There is no agreement, so the parties must be told",
        ),
        ("close", {"outcome": "", "why": SCRIPT}, "Please choose how the case ended."),
        ("close", {"outcome": "joined", "why": SCRIPT}, "Please choose how the case ended."),
        ("reopen", {"why": SCRIPT}, "This case is not closed"),
        ("extensions/new", {"until": "soon", "why": SCRIPT}, "Please enter the date."),
        (
            "extensions/new",
            {"until": "2026-11-24", "why": SCRIPT},
            "Please choose a date after the one that holds now.",
        ),
        ("join", {"other": "第7号", "why": SCRIPT}, "There is no such case"),
        ("split", {"title": SCRIPT, "why": SCRIPT}, "Please choose at least one party"),
    ],
)
async def test_what_is_not_right_is_said_and_what_was_typed_stays(
    house: House, path: str, sent: dict[str, str], said: str
) -> None:
    case = await mine(house)
    form = {"key": new_id(), **sent}
    async with house.browser("mediator") as browser:
        async with browser.post(f"/cases/{case.id}/{path}", data=form) as answer:
            text = await answer.text()
            assert answer.status == 422
        assert said in text
        assert SCRIPT not in text
        if SCRIPT in sent.values():
            assert "&lt;script&gt;" in text
    assert await fresh(house.ctx, case) == case


async def test_what_cannot_have_been_chosen_is_no_fault_of_the_server(house: House) -> None:
    case = await mine(house)
    async with house.browser("mediator") as browser:
        for path, sent in (
            ("notes/new", {"kind": "song", "readers": "case", "body": "x"}),
            ("notes/new", {"kind": "call", "readers": "everybody", "body": "x"}),
            ("extensions/x/answer", {"side": "A", "yes": "perhaps", "how": "phone"}),
            ("extensions/x/answer", {"side": "A", "yes": "yes", "how": "dream"}),
        ):
            form = {"key": new_id(), **sent}
            async with browser.post(f"/cases/{case.id}/{path}", data=form) as answer:
                assert answer.status == 409


async def test_who_joins_sees_on_which_side_each_will_be(house: House) -> None:
    into = await mine(house)
    people = (NewParty("Xu", "A"), replace(ALICE, side="B"))
    case = await matter(house.ctx, house.world.station, house.staff["mediator"], parties=people)
    form = {"key": new_id(), "other": f"/cases/{into.id}", "why": "x", "action": "look"}
    async with (
        house.browser("mediator") as browser,
        browser.post(f"/cases/{case.id}/join", data=form) as answer,
    ):
        seen = (await answer.text()).partition("Those of this case will be there")[2]
    assert re.findall(r"Side (\w)</span> (\w+)", seen) == [("C", "Xu"), ("A", "Alice")]


async def test_an_extension_is_taken_back_on_the_page(house: House) -> None:
    case = await mine(house)
    page, form = f"/cases/{case.id}", {"key": new_id(), "until": "2027-01-29", "why": "Survey"}
    async with house.browser("mediator") as browser:
        async with browser.post(f"{page}/extensions/new", data=form) as answer:
            found = re.search(r"/cases/\S+/take-back", await answer.text())
        assert found
        async with browser.post(found[0], data={}) as answer:
            text = await answer.text()
        assert "More time is not asked for any more" in text
        assert "taken back" in text
        assert "take-back" not in text
        assert "Ask for more time" in text


async def test_that_confirmation_was_applied_for_is_written_down_and_taken_back(
    house: House,
) -> None:
    case = await mine(house)
    page, good = f"/cases/{case.id}", {"key": new_id(), "on": "2026-11-23", "court": SCRIPT}
    async with house.browser("mediator") as browser:
        async with browser.get(f"{page}/confirmation") as answer:
            assert "there is nothing to confirm" in await answer.text()
        closed = {"key": new_id(), "outcome": "agreed", "why": "Settled."}
        async with browser.post(f"{page}/close", data=closed) as answer:
            assert "It was applied for" in await answer.text()
        for wrong, said in (
            ({"on": "soon"}, "Please enter the date."),
            ({"on": "2026-11-24"}, "That day has not come yet."),
            ({"court": ""}, "Please say at which court."),
        ):
            async with browser.post(f"{page}/confirmation", data=good | wrong) as answer:
                text = await answer.text()
            assert (answer.status, said in text, SCRIPT in text) == (422, True, False)
            assert ("&lt;script&gt;" in text) == ("court" not in wrong)
        async with browser.post(f"{page}/confirmation", data=good) as answer:
            text = await answer.text()
        assert "It is written down." in text
        assert SCRIPT not in text
        found = re.search(r"/cases/\S+/take-back", text)
        assert found
        async with browser.post(found[0], data={}) as answer:
            assert "the parties may still apply" in await answer.text()


async def test_a_long_life_is_no_wall(house: House) -> None:
    """500 notes: the newest on the page, the others opened or on a page of their own."""
    case = await mine(house)
    async with house.ctx.store.write() as conn:
        for n in range(500):
            house.clock.now += timedelta(minutes=1)
            said = (NoteKind.CALL, Readers.CASE, f"Call {n:03} {SCRIPT}")
            await notes.add(house.ctx, conn, case.id, *said, house.staff["mediator"])
    async with house.browser("mediator") as browser:
        async with browser.get(f"/cases/{case.id}") as answer:
            page = await answer.text()
        async with browser.get(f"/cases/{case.id}/timeline?kind=notes&order=old") as answer:
            line = await answer.text()
    assert SCRIPT not in page + line
    assert page.index("Call 499") < page.index(f"{500 - FIRST_NOTES} older notes")
    assert page.index(f"{500 - FIRST_NOTES} older notes") < page.index("Call 494")
    assert f"{500 + 3 - FIRST_LINES} more entries" in page
    assert line.count("Call ") == 500
    assert line.index("Call 000") < line.index("Call 499")


async def test_today_says_what_is_overdue(house: House) -> None:
    case = await mine(house)
    async with house.browser("mediator") as browser, browser.get("/today") as answer:
        assert case.number not in await answer.text()
    house.clock.now += timedelta(days=29)
    async with house.browser("mediator") as browser, browser.get("/today") as answer:
        text = await answer.text()
    assert case.number in text
    assert "Due tomorrow" in text


async def test_a_limit_in_a_year_nobody_knows_is_provisional(house: House) -> None:
    house.clock.now += timedelta(days=365 * 8)
    case = await mine(house)
    async with house.browser("mediator") as browser, browser.get(f"/cases/{case.id}") as answer:
        assert "Provisional: the holidays of 2034 are not known yet." in await answer.text()
