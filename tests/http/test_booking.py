from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from icalendar import Calendar

from server.domain import chairs
from server.domain.consent import asked
from server.domain.ids import DeviceId, SeatId
from server.domain.progress import Fault, Network, Progress, Step, Transport
from server.domain.seat import Role, Seat
from server.domain.seating import SessionPurpose
from server.domain.session import Session
from server.domain.user import StaffRole
from server.http import tried
from server.security.ids import new_id
from server.services import texts
from server.services.live import carry_out
from server.store import progress
from server.words import speaking
from tests.http.house import House
from tests.store import world as worlds
from tests.store.world import NOON

Fields = list[tuple[str, str]]


def booking_of(house: House, **new: str) -> Fields:
    """Tomorrow at half past nine, for both sides."""
    fields = {"key": "a form", "date": "2026-11-24", "time": "09:30", "minutes": "60"} | new
    chosen = [("party", str(party.id)) for party in house.world.case.parties]
    return [*fields.items(), *chosen]


async def send(browser: ClientSession, path: str, fields: Fields) -> tuple[int, str, str]:
    async with browser.post(path, data=fields, allow_redirects=False) as answer:
        page = await answer.text()
        return answer.status, answer.headers.get("Location", ""), page


async def get(browser: ClientSession, path: str) -> str:
    async with browser.get(path) as answer:
        assert answer.status == 200, path
        return await answer.text()


def path_of(house: House) -> str:
    return f"/cases/{house.world.case.id}/sessions/new"


def value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return html.unescape(found[1])


async def test_the_form_proposes_when_the_mediator_is_free(house: House) -> None:
    async with house.browser("mediator") as browser:
        page = await get(browser, path_of(house))
        # It is noon there, and a meeting begins now.
        assert (value(page, "date"), value(page, "time")) == ("2026-11-23", "14:00")
        assert "王敏 on Mon 23 Nov 2026" in page
        assert "12:00–13:00" in re.sub(r"<[^>]+>", "", page)
        page = await get(browser, f"{path_of(house)}?at=2026-11-25T10:00%2B08:00&only=A&minutes=90")
        assert (value(page, "date"), value(page, "time")) == ("2026-11-25", "10:00")
        assert re.search(r'<option value="90" selected', page)
        parties = re.findall(r'type="checkbox" name="party"', page)
        assert len(parties) == 1, "of the one side only"


async def test_what_is_wrong_in_a_row_stands_beside_its_field(house: House) -> None:
    row = {"role": "representative", "side": "", "name": "Will", "language": "", "beside": ""}
    wrongs = [
        ({}, "side"),
        ({"role": ""}, "role"),
        ({"side": "A", "beside": "a,b,c,d,e,f"}, "beside"),
    ]
    async with house.browser("mediator") as browser:
        for wrong, field in wrongs:
            fields = [*booking_of(house), *(row | wrong).items()]
            status, _, page = await send(browser, path_of(house), fields)
            assert status == 422
            assert re.findall(r'aria-describedby=" (\S+)-problem"', page) == [f"guest0-{field}"]


async def test_two_at_once_are_shown_and_can_be_wanted(house: House) -> None:
    fields = [*booking_of(house, date="2026-11-23", time="12:30"), ("role", "witness")]
    fields += [("side", "B"), ("name", "Will"), ("language", ""), ("beside", "")]
    async with house.browser("mediator") as browser:
        status, _, page = await send(browser, path_of(house), fields)
        assert status == 422
        assert "Book all the same" in page
        assert house.world.case.title in page
        # Nothing is lost.
        assert value(page, "time") == "12:30"
        assert 'value="Will"' in page
        again = [*fields, ("seen", value(page, "seen"))]
        status, location, _ = await send(browser, path_of(house), again)
        assert (status, location.partition("?")[2]) == (303, "done=booked")
        page = await get(browser, location)
        assert "At the same time somebody is to be elsewhere" in page
        assert "outside the opening hours" not in page, "nobody wrote any"


async def test_another_button_books_nothing_and_loses_nothing(house: House) -> None:
    async with house.browser("mediator") as browser:
        for action in ("more", "day", "only-A", "only-"):
            # A Saturday.
            fields = booking_of(house, action=action, minutes="90", date="2026-11-28")
            status, _, page = await send(browser, path_of(house), fields)
            assert status == 200, action
            assert "This is not a working day." in page
            assert value(page, "time") == "09:30"
            # Who is not asked now stays chosen.
            assert page.count('name="party"') == 2
            only = "A" if action == "only-A" else ""
            assert value(page, "only") == only


async def test_a_preparation_and_its_invitation(house: House) -> None:
    async with house.browser("mediator") as browser:
        status, location, _ = await send(browser, path_of(house), booking_of(house, only="B"))
        assert status == 303
        page = await get(browser, location)
        assert "Private talk before the meeting" in page
        assert "Opponent" in page
        assert "Alice" not in page
        invitation = re.findall(r"<textarea[^>]*>([^<]+)<", page)[0]
        assert "The other side is not there." in invitation
        assert "about 60 minutes" in invitation


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("minutes", "5", "between 10 minutes and 8 hours"),
        ("minutes", "x", "between 10 minutes and 8 hours"),
        ("minutes", "9" * 30, "between 10 minutes and 8 hours"),
        ("only", "C", "at least one person"),
    ],
)
async def test_a_booking_that_is_not_right(
    house: House, field: str, typed: str, sentence: str
) -> None:
    async with house.browser("mediator") as browser:
        status, _, page = await send(browser, path_of(house), booking_of(house, **{field: typed}))
    assert status == 422
    assert sentence in page


async def test_too_many_at_one_device(house: House) -> None:
    alice = house.world.case.parties[0].id
    fields = [*booking_of(house), (f"beside-{alice}", "a、b，c;d,e,f")]
    async with house.browser("mediator") as browser:
        status, _, page = await send(browser, path_of(house), fields)
        assert status == 422
        assert "At most five people" in page
        fields[-1] = (f"beside-{alice}", "Her son, her daughter")
        status, location, _ = await send(browser, path_of(house), fields)
        page = await get(browser, location)
        assert "At the same device: Her son, her daughter" in page


# ---- the page of a meeting --------------------------------------------------------------------


async def test_it_is_moved_and_cancelled_and_who_is_told_by_hand_is_named(house: House) -> None:
    session = f"/sessions/{house.world.session.id}"
    move = {"date": "2026-11-25", "time": "10:00", "minutes": "90"}
    async with house.browser("mediator") as browser:
        status, location, _ = await send(browser, f"{session}/move", list(move.items()))
        assert (status, location) == (303, f"{session}?done=moved")
        page = await get(browser, location)
        assert "Please tell these people yourself: Alice, Bob, Opponent" in page
        assert "10:00–11:30" in re.sub(r"<[^>]+>", "", page)
        wrong = list((move | {"date": "2020-01-01"}).items())
        status, _, page = await send(browser, f"{session}/move", wrong)
        assert status == 422
        assert "already passed" in page
        status, location, _ = await send(browser, f"{session}/cancel", [("reason", "Flood")])
        page = await get(browser, location)
        assert "The meeting is cancelled" in page
        assert "Please tell these people yourself" in page


async def test_moved_onto_another_it_asks(house: House) -> None:
    session = f"/sessions/{house.world.session.id}"
    async with house.browser("mediator") as browser:
        await send(browser, path_of(house), booking_of(house))
        move = [("date", "2026-11-24"), ("time", "10:00"), ("minutes", "60")]
        status, _, page = await send(browser, f"{session}/move", move)
        assert status == 422
        assert "Move it all the same" in page
        move.append(("seen", value(page, "seen")))
        status, location, _ = await send(browser, f"{session}/move", move)
        assert (status, location) == (303, f"{session}?done=moved")


async def test_somebody_more_and_a_link_that_is_taken_away(house: House) -> None:
    session = f"/sessions/{house.world.session.id}"
    guest = {
        "key": "a form",
        "role": "signs",
        "side": "",
        "name": "Irma",
        "language": "",
        "beside": "",
    }
    async with house.browser("clerk") as browser:
        for _ in range(2):
            status, location, _ = await send(browser, f"{session}/seats", list(guest.items()))
            assert status == 303
        page = await get(browser, location)
        assert page.count("Link of Irma") == 1
        assert "Sign-language interpreter" in page
        seat = location.partition("#seat-")[2]
        await send(browser, f"{session}/seats/{seat}/revoke", [])
        page = await get(browser, session)
        assert "Link of Irma" not in page
        assert "The link was taken away" in page
        await send(browser, f"{session}/seats/{seat}/reissue", [])
        assert "Link of Irma" in await get(browser, session)
        for wrong, sentence in (({"role": "x"}, "one of the roles"), ({"name": ""}, "the name")):
            fields = list((guest | {"key": "b"} | wrong).items())
            status, _, page = await send(browser, f"{session}/seats", fields)
            assert status == 422
            assert sentence in page


async def test_what_the_page_of_a_link_said_of_itself(house: House) -> None:
    session, alice = house.world.session.id, house.world.alice
    seen: dict[str, Any] = {"rehearsal": True, "at": NOON, "browser": "WeChat · iPhone"}
    good = Progress(
        Step.DEVICES, microphone=True, camera=True, network=Network(Transport.UDP, 40, 0.0), **seen
    )
    async with house.browser("mediator") as browser:
        for said, words in (
            (good, "Tried on Mon 23 Nov 2026, 12:00: microphone and camera work, network good"),
            (
                Progress(Step.DEVICES, fault=Fault.CAMERA_DENIED, microphone=True, **seen),
                "It did not work on Mon 23 Nov 2026, 12:00: the camera is blocked",
            ),
        ):
            async with house.ctx.store.write() as conn:
                await progress.keep(conn, alice, said)
            page = await get(browser, f"/sessions/{session}")
            assert words in page
            assert "WeChat · iPhone" in page


async def test_each_person_has_a_row_that_says_how_they_stand(house: House) -> None:
    session, alice = house.world.session.id, house.world.alice

    def agrees(one: Session, now: datetime) -> None:
        one.connect(alice, DeviceId(new_id()), now)
        for purpose in asked(Role.PARTY):
            one.consent(alice, texts.current(purpose, "zh"), now)

    async with house.browser("mediator") as browser:
        before = await get(browser, f"/sessions/{session}")
        assert "has agreed" not in before
        await carry_out(house.ctx, session, agrees)
        page = await get(browser, f"/sessions/{session}")
    row = page.partition(f'id="seat-{alice}"')[2].partition("</li>\n    <li class")[0]
    assert "waiting for 1 minute" in row
    assert "has agreed" in row
    for words in ("Copy the invitation for", "Copy the link for", "Copy the link for who helps"):
        assert page.count(f"{words} Alice<") == 1
    assert page.count("has agreed") == 1
    assert page.count("has not agreed yet") == len(house.world.session.seats) - 2


async def test_the_link_of_a_host_who_stepped_down_is_still_the_hosts(house: House) -> None:
    session, host, co = house.world.session.id, house.world.host, SeatId(new_id())

    def step_down(one: Session, now: datetime) -> None:
        one.add_seat(Seat(co, Role.CO_MEDIATOR, None, "李强"), now)
        for seat in (host, co):
            one.connect(seat, DeviceId(new_id()), now)
        one.say_name(co, "李强", now)
        for purpose in asked(Role.CO_MEDIATOR):
            one.consent(co, texts.current(purpose, "zh"), now)
        one.admit(host, co, now)
        chairs.give(one, host, co, now)
        chairs.step_down(one, host, now)

    await carry_out(house.ctx, session, step_down)
    async with house.browser("clerk") as clerk, house.browser("mediator") as mediator:
        page = await get(clerk, f"/sessions/{session}")
        assert house.token(house.world.alice) in page
        assert house.token(host) not in page
        async with clerk.get(f"/sessions/{session}/seats/{host}/invitation.ics") as answer:
            assert answer.status == 404
        assert house.token(host) in await get(mediator, f"/sessions/{session}")


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_its_words(fault: Fault) -> None:
    said = Progress(Step.DEVICES, rehearsal=True, at=NOON, fault=fault)
    for language in ("zh", "en"):
        speaking.set(language)
        assert tried.told(said, NOON.tzinfo).words  # type: ignore[arg-type]


# ---- calendars --------------------------------------------------------------------------------


async def test_the_entry_for_a_calendar_has_the_link_only_for_staff_to_hand_on(
    house: House,
) -> None:
    session, alice = house.world.session.id, house.world.alice
    answers: list[Any] = []
    async with house.browser("clerk") as staff, house.browser(seat=alice) as phone:
        for browser, path in (
            (staff, f"/sessions/{session}/seats/{alice}/invitation.ics"),
            (phone, f"/j/{alice}/calendar.ics"),
        ):
            async with browser.get(path) as answer:
                assert answer.headers["Cache-Control"] == "no-store"
                assert answer.content_type == "text/calendar"
                answers.append(Calendar.from_ical(await answer.read()))
        hosts = f"/sessions/{session}/seats/{house.world.host}/invitation.ics"
        async with staff.get(hosts) as answer:
            assert answer.status == 404, "whoever opens it is the host"
    for calendar in answers:
        (event,) = calendar.walk("VEVENT")
        assert calendar["method"] == "PUBLISH"
        assert (house.token(alice) in event["description"]) is (calendar is answers[0])
        assert (event["dtstart"].dt, event["dtend"].dt) == (NOON, NOON + timedelta(hours=1))
        assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
        assert str(event["uid"]).startswith(alice)


async def test_what_a_meeting_is_for_is_not_said_of_a_case_one_may_not_read(house: House) -> None:
    world = house.world
    case = await house.case_of(world.zhao)
    session, *_ = await house.session_of(case, world.zhao)

    def prepares(one: Session, _now: object) -> None:
        one.purpose = SessionPurpose.PREPARATION

    await carry_out(house.ctx, session, prepares)
    async with house.ctx.store.write() as conn:
        role, there = StaffRole.CLERK, world.elsewhere
        house.staff["far_clerk"] = await worlds.member(conn, there, role, "far", "far")
    for who, path, said in (
        ("supervisor", "/calendar", True),
        ("far_clerk", f"/calendar?person={world.zhao}", False),
    ):
        async with house.browser(who) as browser:
            page = await get(browser, path)
            assert ("taken: a meeting of another case" not in page) is said
            assert ("event-kind" in page) is said


async def test_the_week_and_from_a_free_hour_to_a_booking(house: House) -> None:
    async with house.browser("mediator") as browser:
        page = await get(browser, "/calendar?week=2026-W48")
        assert house.world.case.title in page
        free = re.findall(r'class="slot-free" href="([^"]+)"', page)
        assert free
        pick = await get(browser, html.unescape(free[0]))
        (form,) = re.findall(r'href="(/cases/[^"]+/sessions/new[^"]*)"', pick)
        page = await get(browser, html.unescape(form))
        assert (value(page, "date"), value(page, "time")) == ("2026-11-23", "13:00")
        assert house.world.case.title not in await get(browser, "/calendar?week=2026-W49")
    async with house.browser("supervisor") as browser:
        page = await get(browser, "/calendar")
        assert "slot-free" not in page.partition("</style>")[2]


@pytest.mark.parametrize("query", ["week=2026-W99", "week=x", "person=nobody", "week=0000-W01"])
async def test_what_is_no_week_is_this_one(house: House, query: str) -> None:
    async with house.browser("mediator") as browser:
        assert house.world.case.title in await get(browser, f"/calendar?{query}")


@pytest.mark.parametrize("query", ["at=", "at=x", "at=2026-11-24T09:00", "q=" + "x" * 300])
async def test_any_question_for_a_case_is_answered(house: House, query: str) -> None:
    async with house.browser("mediator") as browser:
        assert "For which case?" in await get(browser, f"/calendar/book?{query}")
