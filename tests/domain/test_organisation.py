from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import organisation as rules
from server.domain.case import CaseKind, Regime
from server.domain.errors import Refused
from server.domain.identity import email_or_none, phone_or_none
from server.domain.ids import OrganisationId, UserId
from server.domain.number import checked_form, written
from server.domain.organisation import Organisation, OrganisationKind, moved, path_under
from server.domain.rights import manages, still_administered
from server.domain.user import Grant, StaffRole, User


def unit(name: str, under: Organisation | None = None, *, closed: bool = False) -> Organisation:
    made = OrganisationId(name)
    path = path_under(under, made)
    return Organisation(made, path, OrganisationKind.STATION, name, closed=closed)


BUREAU = unit("bureau")
COUNTY = unit("county", BUREAU)
STATION = unit("station", COUNTY)
OTHER = unit("other", BUREAU)
ELSEWHERE = unit("elsewhere")


def code(rule: object, *given: object) -> str:
    assert callable(rule)
    with pytest.raises(Refused) as caught:
        rule(*given)
    return caught.value.code


def test_a_unit_moves_with_its_path() -> None:
    assert moved(STATION, OTHER) == "bureau/other/station/"
    assert moved(COUNTY, OTHER) == "bureau/other/county/"
    assert STATION.above == ("bureau", "county")
    assert BUREAU.above == ()


def test_where_a_unit_cannot_move() -> None:
    assert code(moved, COUNTY, COUNTY) == "organisation_below_itself"
    assert code(moved, COUNTY, STATION) == "organisation_below_itself"
    assert code(moved, BUREAU, OTHER) == "organisation_is_root"
    assert code(moved, COUNTY, ELSEWHERE) == "organisation_elsewhere"
    assert code(moved, COUNTY, unit("x", BUREAU, closed=True)) == "organisation_closed"


def test_a_name_that_begins_alike_is_no_unit_below() -> None:
    """`county2` is beside `county`, whatever their paths begin with."""
    assert moved(COUNTY, unit("county2", BUREAU)) == "bureau/county2/county/"


@pytest.mark.parametrize(
    ("rule", "typed", "refusal"),
    [
        (rules.checked_name, " ", "name_missing"),
        (rules.checked_name, "𠮷" * 201, "organisation_name_unusable"),
        (rules.checked_kind, "court", "organisation_kind_missing"),
        (rules.checked_zone, "../etc/passwd", "time_zone_unknown"),
        (phone_or_none, "call me", "phone_unusable"),
        (email_or_none, "a@b", "email_unusable"),
        (rules.checked_address, "x" * 201, "address_unusable"),
        (rules.checked_hours, "x" * 501, "hours_unusable"),
        (rules.checked_short, "河东河东河", "short_unusable"),
        (rules.checked_short, "{n}", "short_unusable"),
    ],
)
def test_what_cannot_be_kept(rule: object, typed: str, refusal: str) -> None:
    assert code(rule, typed) == refusal


def test_what_may_stay_empty() -> None:
    for rule in (
        phone_or_none,
        email_or_none,
        rules.checked_address,
        rules.checked_hours,
        rules.checked_short,
        rules.checked_number_form,
    ):
        assert rule(" ") == ""
    assert rules.checked_hours("Mon  9–17\n\nTue 9–12") == "Mon 9–17\n\nTue 9–12"


@pytest.mark.parametrize(
    "form",
    [
        "{year}-{n}",
        "{word}{n}",
        "{year}{word}",
        "{year}{word}{n}{n}",
        "{year}{word}{n}{place}",
        "{year}{word}{n}}",
        "{year}{word}{n}" + "x" * 60,
        "{year}{word}{n}\n",
        "{{year}}{word}{n}",
    ],
)
def test_forms_of_numbers_that_would_not_do(form: str) -> None:
    assert code(checked_form, form) == "number_form_unusable"


@given(st.text(st.characters(exclude_characters="{}", categories=["L", "N", "P"]), max_size=10))
def test_numbers_of_one_form_differ(between: str) -> None:
    form = f"{between}{{year}}{between}{{word}}{between}{{n}}"
    assert checked_form(form) == form
    named = Organisation(OrganisationId("x"), "x/", OrganisationKind.STATION, "x", number_form=form)
    numbers = {
        written(named, kind, regime, year, n)
        for kind, regime in (
            (CaseKind.MEDIATION, Regime.PEOPLES),
            (CaseKind.MEDIATION, Regime.COMMERCIAL),
            (CaseKind.CONSULTATION, Regime.PEOPLES),
        )
        for year in (2026, 2027)
        for n in (1, 11, 111)
    }
    assert len(numbers) == 18


def person(home: str, *grants: tuple[StaffRole, str]) -> User:
    given = tuple(Grant(role, path) for role, path in grants)
    return User(UserId(home), OrganisationId(home), home, "Alice", given)


ADMINISTRATOR = StaffRole.ADMINISTRATOR


def test_an_account_is_looked_after_by_who_manages_all_it_may() -> None:
    chief = person("bureau/", (ADMINISTRATOR, "bureau/"))
    local = person("bureau/county/", (ADMINISTRATOR, "bureau/county/"))
    clerk = person("bureau/county/", (StaffRole.CLERK, "bureau/county/"))
    both = person("bureau/county/", (StaffRole.CLERK, "bureau/county/"), (ADMINISTRATOR, "bureau/"))
    assert manages(chief, both)
    assert manages(local, clerk)
    assert not manages(local, both)
    assert not manages(local, chief)
    assert not manages(clerk, clerk)


def test_what_stays_administered() -> None:
    assert still_administered("bureau/county/", ["bureau/"])
    assert still_administered("bureau/", ["bureau/"])
    assert not still_administered("bureau/", ["bureau/county/"])
    assert not still_administered("bureau/", [])
