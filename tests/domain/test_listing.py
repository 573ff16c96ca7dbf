from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.case import CaseStatus, Difficulty, DisputeType, Source
from server.domain.listing import BUILT_IN, USUAL, Column, Due, Sort, Wanted, read, written

days = st.dates(date(1900, 1, 1), date(2999, 12, 31))
texts = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=20)
wanteds = st.builds(
    Wanted,
    status=st.none() | st.sampled_from(CaseStatus),
    type=st.none() | st.sampled_from(DisputeType),
    source=st.none() | st.sampled_from(Source),
    difficulty=st.none() | st.sampled_from(Difficulty),
    organisation=texts,
    handler=texts,
    due=st.none() | st.sampled_from(Due),
    since=st.none() | days,
    until=st.none() | days,
    text=texts,
    sort=st.sampled_from(Sort),
    columns=st.sets(st.sampled_from(Column), min_size=1).map(
        lambda chosen: tuple(column for column in Column if column in chosen)
    ),
)


@given(wanteds)
def test_what_is_written_is_read_again(wanted: Wanted) -> None:
    assert read(written(wanted)) == wanted


@given(st.lists(st.tuples(st.sampled_from(["status", "sort", "since", "column", "x"]), st.text())))
def test_what_is_not_understood_is_left_out(pairs: list[tuple[str, str]]) -> None:
    found = read(pairs)
    assert read(written(found)) == found


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "3000-01-01", "1899-12-31"])
def test_days_at_the_ends_of_the_calendar_are_left_out(day: str) -> None:
    assert read([("since", day), ("until", day)]) == Wanted()


def test_nothing_wanted_is_everything() -> None:
    assert read([]) == Wanted()
    assert written(Wanted()) == []
    assert Wanted().columns == USUAL
    assert not Wanted().narrowed


@pytest.mark.parametrize(
    "pairs", [[("text", "租赁")], [("due", "overdue")], [("since", "2026-11-23")]]
)
def test_a_filter_narrows(pairs: list[tuple[str, str]]) -> None:
    assert read(pairs).narrowed


@pytest.mark.parametrize("pairs", [[("sort", "due")], [("column", "number")]])
def test_an_order_and_columns_do_not(pairs: list[tuple[str, str]]) -> None:
    assert not read(pairs).narrowed


def test_the_first_of_two_counts() -> None:
    assert read([("since", "2026-01-02"), ("since", "2025-01-01")]).since == date(2026, 1, 2)


@pytest.mark.parametrize("wanted", BUILT_IN.values())
def test_the_lists_that_everybody_has_leave_something_out(wanted: Wanted) -> None:
    assert wanted.narrowed
