from __future__ import annotations

import re

import pytest
from aiohttp import ClientSession

from server.domain.listing import Wanted
from server.services import finding, meetings
from server.store import users
from tests.http.house import House

Fields = list[tuple[str, str]]
CASE: Fields = [
    ("key", "k1"),
    ("title", "Wall"),
    ("dispute_type", "neighbours"),
    ("side", "A"),
    ("name", "Anna"),
    ("phone", "139 0000 0001"),
    ("side", "B"),
    ("name", "Bert"),
    ("phone", ""),
    ("source", "visit"),
    ("accept", "1"),
]


async def send(browser: ClientSession, path: str, fields: Fields) -> tuple[int, str]:
    """Status, and where to or the page."""
    async with browser.post(path, data=fields, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location") or await answer.text()


def changed(fields: Fields, **new: str) -> Fields:
    return [(name, new.get(name, value)) for name, value in fields]


async def listed(house: House) -> int:
    async with house.ctx.store.read() as conn:
        user = await users.find(conn, house.world.wang)
    assert user is not None
    return (await finding.find(house.ctx, user, Wanted())).count


async def test_a_case_is_entered(house: House) -> None:
    async with house.browser("mediator") as browser:
        status, location = await send(browser, "/cases", CASE)
        assert status == 303
        async with browser.get(location) as answer:
            page = await answer.text()
    assert all(text in page for text in ("Wall", "Anna", "Bert", "Case entered"))


async def test_a_form_sent_twice_makes_one_thing(house: House) -> None:
    async with house.browser("mediator") as browser:
        before = await listed(house)
        first = await send(browser, "/cases", CASE)
        assert await send(browser, "/cases", CASE) == first
        assert await listed(house) == before + 1
        booking = f"/cases/{house.world.case.id}/sessions/new"
        fields = booking_of(house)
        assert await send(browser, booking, fields) == await send(browser, booking, fields)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "x" * 201, "at most 200 letters"),
        ("dispute_type", "", "Please choose the type of dispute."),
        ("dispute_type", "war", "Please choose the type of dispute."),
        ("name", "", "Please enter the party&#39;s name."),
        ("name", "a\u202eb", "at most 200 letters"),
        ("side", "Z", "one of the sides offered"),
        ("phone", "139", "This is no telephone number."),
        ("source", "application", "how the matter came in"),
    ],
)
async def test_what_is_wrong_is_said_at_the_field_and_the_rest_is_kept(
    house: House, field: str, value: str, sentence: str
) -> None:
    async with house.browser("mediator") as browser:
        before = await listed(house)
        status, page = await send(browser, "/cases", changed(CASE, **{field: value}))
    assert status == 422
    assert sentence in page
    assert page.count('aria-invalid="true"') >= 1
    assert f'value="{dict(changed(CASE, **{field: value}))["phone"]}"' in page
    assert 'name="key" value="k1"' in page
    assert await listed(house) == before


async def test_it_is_said_in_chinese_to_who_reads_chinese(house: House) -> None:
    async with house.browser("mediator", lang="zh") as browser:
        _, page = await send(browser, "/cases", changed(CASE, dispute_type=""))
    problems = re.findall(r'class="problem"[^>]*>([^<]+)<', page)
    assert problems
    assert all(re.search(r"[一-鿿]", problem) for problem in problems)


async def test_without_script_another_row_is_a_trip_to_the_server(house: House) -> None:
    async with house.browser("mediator") as browser:
        before = await listed(house)
        status, page = await send(browser, "/cases", [*CASE, ("action", "more")])
    assert status == 200
    assert len(re.findall('name="phone"', page)) == 3
    assert 'value="Anna"' in page
    assert 'class="problem"' not in page
    assert await listed(house) == before


async def test_what_people_type_is_never_markup(house: House) -> None:
    nasty = '"><script>alert(1)</script>'
    async with house.browser("mediator") as browser:
        _, page = await send(browser, "/cases", changed(CASE, name=nasty, dispute_type=""))
        assert "<script>" not in page
        _, location = await send(browser, "/cases", changed(CASE, title=nasty, name=nasty))
        async with browser.get(location) as answer:
            assert "<script>" not in await answer.text()


def booking_of(house: House, **new: str) -> Fields:
    fields = [
        ("key", "k2"),
        ("date", "2026-11-24"),
        ("time", "09:30"),
        *(("party", str(party.id)) for party in house.world.case.parties),
        ("role", "lawyer"),
        ("side", "A"),
        ("name", "Lee"),
    ]
    return changed(fields, **new)


async def test_a_meeting_is_booked_in_the_organisations_zone(house: House) -> None:
    path = f"/cases/{house.world.case.id}/sessions/new"
    async with house.browser("mediator") as browser:
        status, location = await send(browser, path, booking_of(house))
        assert status == 303
        async with browser.get(location) as answer:
            page = await answer.text()
    session_id = location.split("/")[2].partition("?")[0]
    async with house.ctx.store.read() as conn:
        user = await users.find(conn, house.world.wang)
    assert user is not None
    booked = await meetings.page(house.ctx, user, session_id)  # type: ignore[arg-type]
    assert booked.starts_at.isoformat() == "2026-11-24T01:30:00+00:00"
    assert [(seat.role, seat.side, seat.name) for seat in booked.seats[1:]] == [
        ("party", "A", "Alice"),
        ("party", "B", "Opponent"),
        ("lawyer", "A", "Lee"),
    ]
    links = re.findall(r'class="link" value="([^"]+)"', page)
    assert len(set(links)) == 4
    # And for each guest one for who helps them.
    assert page.count("<svg") == 4 + 3
    # The message to paste says who invites, when, and whom to call.
    invitation = re.findall(r"<textarea[^>]*>([^<]+)<", page)[0]
    assert all(text in invitation for text in ("王敏", "河东所", "24 Nov 2026, 09:30", "12348"))
    assert links[1] in invitation


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("date", "", "Please enter the date."),
        ("date", "tomorrow", "Please enter the date."),
        ("time", "25:00", "Please enter the time."),
        ("date", "2026-11-22", "already passed"),
        ("date", "2036-01-01", "within the next year"),
        ("party", "nobody", "at least one person"),
        ("role", "", "one of the roles offered"),
        ("role", "host", "one of the roles offered"),
        ("side", "Z", "one of the sides offered"),
        ("name", "x" * 201, "at most 200 letters"),
    ],
)
async def test_a_booking_that_is_not_right_is_kept(
    house: House, field: str, value: str, sentence: str
) -> None:
    path = f"/cases/{house.world.case.id}/sessions/new"
    async with house.browser("mediator") as browser:
        status, page = await send(browser, path, booking_of(house, **{field: value}))
    assert status == 422
    assert sentence in page
    kept = {"date": "09:30", "name": "2026-11-24"}.get(field, "Lee")
    assert f'value="{kept}"' in page


async def test_a_representative_has_a_side(house: House) -> None:
    path = f"/cases/{house.world.case.id}/sessions/new"
    async with house.browser("mediator") as browser:
        fields = booking_of(house, role="representative", side="")
        status, page = await send(browser, path, fields)
    assert status == 422
    assert "Please choose the side this person is on." in page


async def test_a_clerk_gives_a_new_case_to_a_mediator(house: House) -> None:
    async with house.browser("clerk") as clerk:
        page = await (await clerk.get("/cases/new")).text()
        assert 'name="mediator"' in page
        wang = house.staff["mediator"]
        assert f'value="{wang}"' in page
        form = [
            ("key", "a clerk's form"),
            ("title", "Wall"),
            ("dispute_type", "neighbours"),
            ("mediator", wang),
            ("side", "A"),
            ("name", "Anna"),
            ("phone", ""),
            ("source", "visit"),
            ("accept", "1"),
            ("action", "save"),
        ]
        made = await clerk.post("/cases", data=form, allow_redirects=False)
        assert made.status == 303
        case = made.headers["Location"]
        assert "王敏" in await (await clerk.get(case)).text()
    async with house.browser("mediator") as mediator:
        page = await (await mediator.get("/cases/new")).text()
        assert 'name="mediator"' not in page
