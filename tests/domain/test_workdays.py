from __future__ import annotations

from datetime import date

import pytest

from server.domain.errors import Refused
from server.domain.workdays import Calendar, always_off, checked_exceptions

SPRING = {
    date(2026, 2, 14): True,
    **{date(2026, 2, day): False for day in range(16, 24)},
    date(2026, 2, 28): True,
}
"""Spring Festival 2026: off from Sunday the 15th to Monday the 23rd; two Saturdays are worked."""
CHINA = Calendar("CN", SPRING, frozenset({2026}))
MONDAY = date(2026, 11, 23)


def test_the_week_is_worked_from_monday_to_friday() -> None:
    plain = Calendar("DE")
    assert [plain.works(date(2026, 11, day)) for day in range(23, 30)] == [True] * 5 + [False] * 2


@pytest.mark.parametrize(
    ("day", "n", "then"),
    [
        (MONDAY, 3, date(2026, 11, 26)),
        (date(2026, 11, 26), 2, date(2026, 11, 30)),
        (MONDAY, -1, date(2026, 11, 20)),
        (MONDAY, 0, MONDAY),
        # Saturday the 14th is worked; then nothing until Tuesday the 24th.
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 2, 24), -1, date(2026, 2, 14)),
        # Saturday the 28th is worked, Sunday the 1st of March is not.
        (date(2026, 2, 27), 2, date(2026, 3, 2)),
    ],
)
def test_working_days_are_counted_over_holidays(day: date, n: int, then: date) -> None:
    assert CHINA.add(day, n) == then


def test_a_last_day_that_is_off_moves_to_the_next_that_is_worked() -> None:
    assert CHINA.on_or_after(date(2026, 2, 15)) == date(2026, 2, 24)
    assert CHINA.on_or_after(date(2026, 2, 14)) == date(2026, 2, 14)


def test_a_year_nobody_knows_is_not_certain() -> None:
    assert CHINA.certain(date(2026, 12, 31))
    assert not CHINA.certain(date(2027, 1, 1))
    assert Calendar("DE").certain(date(2027, 1, 1))


def test_what_is_pasted_for_a_year_is_read() -> None:
    pasted = "2027-02-06 off Spring Festival\n2027/2/14".replace("/2/", "-02-") + ",班,春节\n\n"
    assert checked_exceptions(pasted, 2027) == {
        date(2027, 2, 6): (False, "Spring Festival"),
        date(2027, 2, 14): (True, "春节"),
    }


@pytest.mark.parametrize(
    ("pasted", "code"),
    [
        ("", "workdays_missing"),
        (" \n ", "workdays_missing"),
        ("2027-02-30 off", "workdays_unusable"),
        ("2026-02-06 off", "workdays_unusable"),
        ("2027-02-06 perhaps", "workdays_unusable"),
        ("2027-02-06", "workdays_unusable"),
        ("2027-02-06 off\n2027-02-06 work", "workdays_unusable"),
        ("2027-02-06 off " + "x" * 61, "workdays_unusable"),
    ],
)
def test_what_cannot_be_meant_is_refused(pasted: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_exceptions(pasted, 2027)
    assert refused.value.code == code


def test_some_days_are_off_every_year() -> None:
    off = always_off(2027, date(2027, 4, 5))
    assert [day.isoformat()[5:] for day in off] == [
        *("01-01", "04-05", "05-01", "05-02", "10-01", "10-02", "10-03")
    ]
