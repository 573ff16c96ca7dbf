from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.look import LONGEST, Period, period

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("", "", Period(date(2026, 10, 24), TODAY)),
        ("x", "2026-13-01", Period(date(2026, 10, 24), TODAY)),
        ("2026-11-01", "2026-11-02", Period(date(2026, 11, 1), date(2026, 11, 2))),
        ("2026-11-02", "2026-11-01", Period(date(2026, 11, 1), date(2026, 11, 2))),
        ("", "2026-01-31", Period(date(2026, 1, 1), date(2026, 1, 31))),
        ("2020-01-01", "", Period(TODAY - LONGEST, TODAY)),
    ],
)
def test_the_days_that_are_asked_for(first: str, last: str, expected: Period) -> None:
    assert period(first, last, TODAY) == expected


@given(first=st.dates().map(str) | st.text(), last=st.dates().map(str) | st.text())
def test_any_days_are_a_year_at_most(first: str, last: str) -> None:
    found = period(first, last, TODAY)
    assert found.first <= found.last <= found.first + LONGEST
    found.within(ZoneInfo("UTC"))


def test_both_days_count_where_they_are_days() -> None:
    since, until = Period(TODAY, TODAY).within(ZoneInfo("Asia/Shanghai"))
    assert since == datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert until == datetime(2026, 11, 23, 16, tzinfo=UTC)
