"""What is refused about meetings that no other test comes to, and the sentence read then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from server.domain.errors import Refused
from server.domain.ids import SeatId, SessionId
from server.domain.seat import Role
from server.http.booking_form import GuestRow, MoveForm
from server.security.ids import new_id
from server.sentences import refusal
from server.services import booked, bookings, entries, room_notes
from server.services.bookings import NewSeat
from server.services.context import Context
from server.store import cases
from tests.services.booking import HOUR, WEDNESDAY, a_meeting
from tests.services.conftest import Staff
from tests.services.matters import matter
from tests.services.seated import seated
from tests.store.world import World


@contextmanager
def told(sentence: str) -> Iterator[None]:
    with pytest.raises(Refused) as caught:
        yield
    assert sentence in refusal(caught.value.code)


async def test_a_case_without_a_mediator_has_nobody_to_host(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await matter(ctx, world.station, world.wang)
    async with ctx.store.write() as conn:
        await cases.end_handler(conn, case.id, world.wang, ctx.clock())
    guests = [NewSeat(Role.WITNESS, "A", "Will")]
    with told("no mediator yet"):
        await bookings.book(ctx, staff.clerk, case.id, WEDNESDAY, guests, new_id())


async def test_two_meetings_at_once_are_said_above_what_they_are(
    ctx: Context, world: World, staff: Staff
) -> None:
    _, session = await a_meeting(ctx, world, staff)
    await a_meeting(ctx, world, staff, WEDNESDAY + timedelta(hours=3))
    with told("two meetings at once. Please look below"):
        await booked.reschedule(
            ctx, staff.wang, session, WEDNESDAY + timedelta(hours=3), HOUR, seen=[]
        )


async def test_what_can_not_be_kept_is_asked_for_again(
    ctx: Context, world: World, staff: Staff
) -> None:
    _, session = await a_meeting(ctx, world, staff)
    with told("characters that can't be kept. Please type it again"):
        await booked.cancel(ctx, staff.wang, session, "ill\u202e")
    meeting = await seated(ctx, world)
    space = await meeting.space(meeting.host)
    for text in ("x" * 2001, "a\u202eb"):
        with told("The note is longer than 2,000 characters"):
            await room_notes.write(ctx, meeting.by(meeting.host), text, space)


async def test_a_meeting_that_is_not_there(ctx: Context) -> None:
    with told("There is no such meeting."):
        await entries.of_seat(ctx, SessionId("nothing"), SeatId("nobody"))


def test_what_is_wrong_in_a_form_of_a_meeting() -> None:
    form = MoveForm(date="yesterday", time="")
    assert form.span(ZoneInfo("Asia/Shanghai")) is None
    assert refusal(form.errors["date"]) == "Please enter the date."
    assert refusal(form.errors["time"]) == "Please enter the time."
    for row, sentence in (
        (GuestRow("interpreter", "", "Irma", language="x" * 61), "in at most 60 letters"),
        (GuestRow("witness", "A", "Will", phone="123"), "telephone"),
        (GuestRow("witness", "A", "Will", email="will@"), "looks like name@example.com"),
    ):
        with told(sentence):
            row.seat()
