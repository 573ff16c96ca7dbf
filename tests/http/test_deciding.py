"""The pages of deciding: what was typed stays, and who comes second reads how things stand."""

from __future__ import annotations

from datetime import timedelta

from server.domain.case import HandlerRole
from server.domain.ids import UserId
from server.domain.user import User
from server.security.ids import new_id
from server.services import offers
from server.store import sessions, users
from tests.http.house import House
from tests.services.come_in import accepted, applied, assigned, give


async def somebody(house: House, who: str) -> User:
    async with house.ctx.store.read() as conn:
        found = await users.find(conn, UserId(house.staff[who]))
    assert found is not None
    return found


async def test_who_decides_second_is_told(house: House) -> None:
    case = await applied(house.ctx, house.world.station)
    async with house.browser("clerk") as browser:
        for done in ("accepted", "status_changed"):
            form = {"key": new_id()}
            async with browser.post(f"/cases/{case}/accept", data=form) as answer:
                assert f"done={done}" in str(answer.url)
                page = await answer.text()
    assert "This matter has moved on meanwhile" in page


async def test_a_refusal_that_comes_too_late_keeps_its_words(house: House) -> None:
    case = await accepted(house.ctx, await somebody(house, "clerk"), house.world.station)
    form = {"key": new_id(), "ground": "other", "words": "不属于民事", "elsewhere": "court"}
    async with (
        house.browser("clerk") as browser,
        browser.post(f"/cases/{case}/refuse", data=form) as answer,
    ):
        page = await answer.text()
    assert answer.status == 422
    assert "This matter has moved on meanwhile" in page
    assert "不属于民事" in page


async def test_what_was_typed_stays_when_nobody_was_chosen(house: House) -> None:
    clerk = await somebody(house, "clerk")
    case = await assigned(house.ctx, clerk, house.world.station, house.world.wang)
    form = {"key": new_id(), "role": "mediator", "why": "休产假", "note": "先打电话"}
    async with house.browser("clerk") as browser:
        async with browser.post(f"/cases/{case}/mediators", data=form) as answer:
            page = await answer.text()
        assert answer.status == 422
        assert "休产假" in page
        assert "先打电话" in page
        form |= {"taker": house.world.li, "how": "assign"}
        async with browser.post(f"/cases/{case}/mediators", data=form) as answer:
            assert "Please confirm that this person has accepted" in await answer.text()


async def test_where_nobody_is_found_nothing_is_to_be_pressed(house: House) -> None:
    case = await accepted(house.ctx, await somebody(house, "clerk"), house.world.station)
    choose = f"/cases/{case}/mediators?role=mediator"
    async with house.browser("clerk") as browser:
        async with browser.get(f"/cases/{case}") as answer:
            assert f'class="button main" href="{choose}">Choose a mediator' in await answer.text()
        for name, buttons in (("李", True), ("nobody", False)):
            async with browser.get(f"{choose}&name={name}") as answer:
                page = await answer.text()
            assert ('name="how"' in page) is buttons
            assert ("Ask your administrator" in page) is not buttons


async def test_who_hands_over_their_only_case_sees_it_no_more(house: House) -> None:
    clerk = await somebody(house, "clerk")
    case = await assigned(house.ctx, clerk, house.world.station, house.world.wang)
    form = {"key": new_id(), "role": "mediator", "why": "休产假", "taker": house.world.li}
    form |= {"how": "assign", "agreed": "yes"}
    async with house.browser("mediator") as browser:
        async with browser.post(f"/cases/{case}/mediators", data=form) as answer:
            assert answer.url.path == "/today"
        async with browser.get(f"/cases/{case}") as answer:
            assert answer.status == 404


async def test_co_mediators_are_offered_a_seat(house: House) -> None:
    clerk = await somebody(house, "clerk")
    case = await assigned(house.ctx, clerk, house.world.station, house.world.wang)
    await give(house.ctx, clerk, case, house.world.li, HandlerRole.CO_MEDIATOR)
    async with house.browser("clerk") as browser:
        async with browser.get(f"/cases/{case}/sessions/new") as answer:
            page = await answer.text()
        assert f'value="{house.world.li}" checked' in page
        party = page.partition('name="party" value="')[2].partition('"')[0]
        day = (house.clock() + timedelta(days=1)).date().isoformat()
        form = {"key": new_id(), "date": day, "time": "10:00", "party": party}
        form |= {"together": house.world.li}
        async with browser.post(f"/cases/{case}/sessions/new", data=form) as answer:
            assert "done=booked" in str(answer.url)
    async with house.ctx.store.read() as conn:
        (held,) = await sessions.of_case(conn, case)
        session = await sessions.load(conn, held)
    assert session is not None
    assert [(s.role.value, s.name) for s in session.seats.values()] == [
        ("host", "王敏"),
        ("party", "周丽华"),
        ("co_mediator", "李强"),
    ]


async def test_what_was_not_answered_in_time_is_shown_to_the_clerk(house: House) -> None:
    clerk = await somebody(house, "clerk")
    case = await accepted(house.ctx, clerk, house.world.station)
    role = HandlerRole.MEDIATOR
    await offers.offer(house.ctx, clerk, case, house.world.wang, role, new_id())
    async with house.browser("clerk") as browser, browser.get("/today") as answer:
        assert "not answered in time" not in await answer.text()
    house.clock.now += timedelta(days=4)
    async with house.browser("clerk") as browser:
        async with browser.get("/today") as answer:
            assert "1 offer was not answered in time" in await answer.text()
        async with browser.get("/offers") as answer:
            assert "Overdue" in await answer.text()


async def test_an_offer_tells_names_kind_and_place_and_nothing_more(house: House) -> None:
    clerk = await somebody(house, "clerk")
    case = await accepted(house.ctx, clerk, house.world.station)
    role = HandlerRole.MEDIATOR
    offer = await offers.offer(house.ctx, clerk, case, house.world.wang, role, new_id())
    async with house.browser("mediator") as browser:
        async with browser.get(f"/offers/{offer}") as answer:
            page = await answer.text()
        assert "周丽华" in page
        assert case not in page
        async with browser.get(f"/cases/{case}") as answer:
            assert answer.status == 404
        async with browser.post(f"/offers/{offer}/decline", data={"key": "k"}) as answer:
            assert answer.status == 422
            assert "Please write the reason." in await answer.text()
