from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from server.domain.errors import Refused
from server.domain.notice import (
    NoticeName,
    checked_wording,
    email,
    filled,
    masked,
    mobile,
    moment,
    places,
    spoken,
)

CHINA = ZoneInfo("Asia/Shanghai")
NAME = NoticeName.CASE_ACCEPTED


def test_values_stand_in_their_places() -> None:
    text = "{organisation}: {number}[, {mediator}]."
    assert filled(text, {"organisation": "O", "number": "1", "mediator": "M"}) == "O: 1, M."
    assert filled(text, {"organisation": "O", "number": "1", "mediator": ""}) == "O: 1."
    assert filled(text, {"organisation": "O"}) == "O: ."


def test_a_value_is_never_a_place() -> None:
    assert filled("{name} {code}", {"name": "{code}[x]", "code": "7"}) == "{code}[x] 7"


def test_places_keep_their_order() -> None:
    assert places("{b} {a}[ {b} {c}]") == ("b", "a", "c")


@pytest.mark.parametrize(
    ("subject", "body", "code"),
    [
        ("", "{organisation} {number}", "notice_subject_missing"),
        ("S" * 81, "{organisation} {number}", "notice_subject_unusable"),
        ("S\x00", "{organisation} {number}", "notice_subject_unusable"),
        ("S", " \n ", "notice_body_missing"),
        ("S", "{organisation} {number}" + "x" * 1000, "notice_body_unusable"),
        ("S", "{organisation} {number} {link}", "notice_place_unknown"),
        ("S {id_number}", "{organisation} {number}", "notice_place_unknown"),
        ("S", "{organisation} {number} {", "notice_place_unknown"),
        ("S", "{organisation} {number} {Number}", "notice_place_unknown"),
        ("S", "{organisation}", "notice_place_missing"),
        ("S", "{number}", "notice_place_missing"),
        # In the subject alone it is not told by SMS.
        ("{number}", "{organisation}", "notice_place_missing"),
    ],
)
def test_a_wording_that_can_not_be_used(subject: str, body: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_wording(NAME, subject, body)
    assert refused.value.code == code


def test_a_wording_is_tidied() -> None:
    found = checked_wording(NAME, "  S  {number} ", "{organisation}\r\n  {number}[ {mediator}] ")
    assert found == ("S {number}", "{organisation}\n{number}[ {mediator}]")


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("2026-11-30", "11月30日周一", "Mon 30 Nov"),
        ("2026-11-30T01:30:00+00:00", "11月30日周一 09:30", "Mon 30 Nov 09:30"),
        ("2026-11-30T09:30", "11月30日周一 09:30", "Mon 30 Nov 09:30"),
        ("2026-13-30", "2026-13-30", "2026-13-30"),
        ("王敏", "王敏", "王敏"),
        ("two\r\nlines\x00", "two lines", "two lines"),
    ],
)
def test_values_are_said_in_the_readers_language(value: str, zh: str, en: str) -> None:
    assert spoken(value, "zh", CHINA) == zh
    assert spoken(value, "en", CHINA) == en


def test_moments() -> None:
    assert moment("2026-11-30", CHINA) == date(2026, 11, 30)
    assert moment("2026-11-30T09:30", CHINA) == datetime(2026, 11, 30, 9, 30, tzinfo=CHINA)
    assert moment("20261130", CHINA) is None


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("138 0000 0001", "13800000001"),
        ("+86 138-0000-0001", "13800000001"),
        ("008613800000001", "13800000001"),
        ("8613800000001", "13800000001"),
        ("0571-12345678", ""),
        ("12800000001", ""),
        ("+1 650 253 0000", ""),
        ("１３８００００００01", ""),
        ("", ""),
    ],
)
def test_mobile_numbers(typed: str, number: str) -> None:
    assert mobile(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        "alice",
        "alice@example",
        "alice@example.com, bob@example.com",
        "alice@example.com\nBcc: bob@example.com",
        "<alice@example.com>",
        '"a b"@example.com',
        "alice@@example.com",
        "爱丽丝@example.com",
        "a" * 65 + "@example.com",
    ],
)
def test_what_is_no_plain_mail_address(typed: str) -> None:
    assert email(typed) == ""
    assert email(" alice.b+c@mail.example.com ") == "alice.b+c@mail.example.com"


def test_addresses_are_masked() -> None:
    assert masked("13800000001") == "138****0001"
    assert masked("alice@example.com") == "a***@example.com"
    assert masked("12348") == "****"
