from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.domain.booking import (
    Hint,
    Span,
    checked_length,
    checked_purpose,
    hints,
    next_free,
    opening,
)
from server.domain.errors import Refused
from server.domain.ids import SeatId
from server.domain.seat import Role, Seat
from server.domain.seating import SessionPurpose
from server.domain.workdays import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
HOURS = opening("周一至周五 8:30–12:00，14:00–17:30")
HOUR = timedelta(hours=1)
# Monday the 23rd is a holiday, the Saturday after it is worked in its stead.
CALENDAR = Calendar("CN", {date(2026, 11, 23): False, date(2026, 11, 28): True})


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def span(day: int, hour: int, minute: int = 0, minutes: int = 60) -> Span:
    return Span.of(at(day, hour, minute), timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("周一至周五 8:30–12:00，14:00–17:30", ((8, 30, 12, 0), (14, 0, 17, 30))),
        ("Mon-Fri 9.00 to 17.00", ((9, 0, 17, 0),)),
        ("上午8：30至11：30", ((8, 30, 11, 30),)),
        ("电话 0571-12345678", ()),
        ("25:00-26:00, 12:00-09:00, 9:75-10:00", ()),
        ("", ()),
    ],
)
def test_hours_are_read_from_peoples_own_words(
    written: str, found: tuple[tuple[int, ...], ...]
) -> None:
    assert opening(written) == tuple((time(a, b), time(c, d)) for a, b, c, d in found)


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [
        (span(24, 9), True),
        (span(24, 9, 59, 1), True),
        (span(24, 8), False),
        (span(24, 10), False),
        (span(24, 8, 0, 180), True),
        (span(25, 9), False),
    ],
)
def test_one_may_begin_when_the_other_ends(other: Span, overlaps: bool) -> None:
    assert span(24, 9).overlaps(other) is overlaps
    assert other.overlaps(span(24, 9)) is overlaps


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (span(24, 9), ()),
        (span(28, 9), ()),
        (span(23, 9), (Hint.NOT_WORKED,)),
        (span(29, 9), (Hint.NOT_WORKED,)),
        (span(24, 8), (Hint.CLOSED,)),
        (span(24, 11, 30), (Hint.CLOSED,)),
        (span(24, 23, 30), (Hint.CLOSED,)),
        (span(29, 20), (Hint.NOT_WORKED, Hint.CLOSED)),
    ],
)
def test_a_time_that_is_unusual_is_said_so(wanted: Span, found: tuple[Hint, ...]) -> None:
    assert hints(wanted, ZONE, CALENDAR, HOURS) == found


def test_nothing_is_said_of_hours_nobody_wrote() -> None:
    assert hints(span(24, 3), ZONE, CALENDAR, ()) == ()


@pytest.mark.parametrize(
    ("after", "minutes", "busy", "found"),
    [
        (at(24, 7), 60, [], at(24, 9)),
        (at(24, 9), 60, [], at(24, 10)),
        (at(24, 9, 10), 60, [span(24, 10)], at(24, 11)),
        (at(24, 9, 10), 120, [], at(24, 10)),
        (at(24, 10, 10), 120, [], at(24, 14)),
        (at(24, 16, 30), 60, [], at(25, 9)),
        (at(24, 16, 30), 60, [Span(at(25, 0), at(27, 0))], at(27, 9)),
        # Friday evening, and the Saturday is worked.
        (at(27, 18), 60, [], at(28, 9)),
        (at(28, 18), 60, [], at(30, 9)),
    ],
)
def test_the_next_hour_at_which_it_fits(
    after: datetime, minutes: int, busy: list[Span], found: datetime
) -> None:
    assert next_free(after, timedelta(minutes=minutes), ZONE, CALENDAR, HOURS, busy) == found


def test_without_opening_hours_it_is_by_day_and_never_nowhere() -> None:
    assert next_free(at(24, 3), HOUR, ZONE, CALENDAR, (), []) == at(24, 9)
    always = [Span(at(1, 0), at(30, 0) + timedelta(days=400))]
    assert next_free(at(24, 3, 20), HOUR, ZONE, CALENDAR, HOURS, always) == at(24, 4)


def seat(n: int, side: str | None, role: Role = Role.PARTY) -> Seat:
    return Seat(SeatId(str(n)), role, side, "N")


def test_a_preparation_has_one_side() -> None:
    alone, both = [seat(1, "A"), seat(2, "A")], [seat(1, "A"), seat(2, "B")]
    neutral = [seat(3, None, Role.INTERPRETER)]
    checked_purpose(SessionPurpose.MEETING, both)
    checked_purpose(SessionPurpose.PREPARATION, alone + neutral)
    for wrong in (both, neutral):
        with pytest.raises(Refused, match="one_side_only"):
            checked_purpose(SessionPurpose.PREPARATION, wrong)


def test_lengths() -> None:
    assert checked_length(90) == timedelta(minutes=90)
    for wrong in (0, 9, 481):
        with pytest.raises(Refused, match="length_unusable"):
            checked_length(wrong)
