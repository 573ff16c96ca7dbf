from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from server.domain.quiet import QuietHours

CHINA = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours.read("21:00-08:00")


def at(written: str, zone: ZoneInfo, fold: int = 0) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=zone, fold=fold)


@pytest.mark.parametrize(
    ("now", "goes"),
    [
        ("2026-11-23T20:59:59", "2026-11-23T20:59:59"),
        ("2026-11-23T21:00", "2026-11-24T08:00"),
        ("2026-11-23T23:59:59", "2026-11-24T08:00"),
        ("2026-11-24T00:00", "2026-11-24T08:00"),
        ("2026-11-24T07:59:59", "2026-11-24T08:00"),
        ("2026-11-24T08:00", "2026-11-24T08:00"),
        ("2026-12-31T22:00", "2027-01-01T08:00"),
    ],
)
def test_what_would_go_at_night_waits_until_morning(now: str, goes: str) -> None:
    assert NIGHT is not None
    assert NIGHT.over(at(now, CHINA), CHINA) == at(goes, CHINA)


def test_it_is_night_where_the_organisation_is() -> None:
    assert NIGHT is not None
    noon = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    assert NIGHT.over(noon, BERLIN) == noon
    assert NIGHT.over(noon, CHINA) == at("2026-11-24T08:00", CHINA)


def test_within_a_day() -> None:
    nap = QuietHours.read("12:00-14:00")
    assert nap is not None
    assert nap.over(at("2026-11-23T13:00", CHINA), CHINA) == at("2026-11-23T14:00", CHINA)
    for awake in ("2026-11-23T11:59", "2026-11-23T14:00"):
        assert nap.over(at(awake, CHINA), CHINA) == at(awake, CHINA)


@pytest.mark.parametrize(
    ("hours", "now", "goes"),
    [
        # 29 March: from 02:00 it is 03:00 at once.
        ("21:00-08:00", "2026-03-28T22:00", "2026-03-29T08:00"),
        ("21:00-02:30", "2026-03-28T22:00", "2026-03-29T03:30"),
        # 25 October: from 03:00 it is 02:00 once more.
        ("21:00-08:00", "2026-10-24T22:00", "2026-10-25T08:00"),
        ("21:00-02:30", "2026-10-24T22:00", "2026-10-25T02:30"),
    ],
)
def test_when_clocks_are_changed(hours: str, now: str, goes: str) -> None:
    quiet = QuietHours.read(hours)
    assert quiet is not None
    over = quiet.over(at(now, BERLIN), BERLIN)
    assert over.astimezone(UTC) == at(goes, BERLIN).astimezone(UTC)
    # And then it goes: it is not put off again.
    assert quiet.over(over, BERLIN) == over


def test_it_never_goes_back_in_time() -> None:
    """In the hour that comes twice, the end has passed the second time."""
    quiet = QuietHours.read("21:00-02:30")
    assert quiet is not None
    second = at("2026-10-25T02:15", BERLIN, fold=1)
    assert quiet.over(second, BERLIN) == second


@pytest.mark.parametrize("written", ["", "08:00-08:00"])
def test_there_may_be_none(written: str) -> None:
    assert QuietHours.read(written) is None
