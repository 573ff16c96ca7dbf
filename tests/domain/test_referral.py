from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.errors import Refused
from server.domain.referral import checked_body, checked_received, checked_reference

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "typed",
    [
        "（2026）云0101民诉前调12号",
        "(2026)云0101民诉前调12号",
        " （2026） 云 0101 民诉前调 12 号 ",
        "〔2026〕云０１０１民诉前调12号",
        "[2026]云0101民诉前调12号",
    ],
)
def test_one_reference_is_written_in_one_way(typed: str) -> None:
    assert checked_reference(typed) == "（2026）云0101民诉前调12号"


@given(st.text(max_size=120))
def test_writing_it_again_changes_nothing(typed: str) -> None:
    try:
        once = checked_reference(typed)
    except Refused:
        return
    assert checked_reference(once) == once


def test_received_today_if_nothing_is_said_and_never_tomorrow() -> None:
    assert checked_received(" ", TODAY) == TODAY
    assert checked_received("2026-11-20", TODAY) == date(2026, 11, 20)
    for wrong in ("yesterday", str(TODAY + timedelta(days=1)), "2016-11-20"):
        with pytest.raises(Refused, match="received_unusable"):
            checked_received(wrong, TODAY)


def test_somebody_has_passed_it_on() -> None:
    assert checked_body(" 云溪县 人民法院 ") == "云溪县 人民法院"
    for body, code in (("", "referred_by_missing"), ("x" * 201, "referred_by_unusable")):
        with pytest.raises(Refused, match=code):
            checked_body(body)
