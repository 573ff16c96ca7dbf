from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.errors import Refused
from server.domain.identity import (
    DetailsRefused,
    born_in,
    checked_born,
    checked_details,
    checked_id_number,
    checked_phone,
    is_mobile,
    sex_in,
)
from server.domain.masking import masked, masked_id_number, masked_phone
from server.domain.party import Details, PartyKind, Sex

PERSON, ORGANISATION = PartyKind.PERSON, PartyKind.ORGANISATION
TODAY = date(2026, 11, 23)
# The examples of the two standards.
RESIDENT = "11010519491231002X"
CREDIT_CODE = "91350100M000100Y43"

days = st.dates(date(1900, 1, 1), TODAY)


@st.composite
def residents(draw: st.DrawFn, born: st.SearchStrategy[date] = days) -> str:
    """A number of a resident, its last digit found the long way: by trying."""
    number = f"{draw(st.integers(110000, 659999))}{draw(born):%Y%m%d}{draw(st.integers(0, 999)):03}"
    right = [c for c in "0123456789X" if accepted(number + c)]
    assert len(right) == 1
    return number + right[0]


def accepted(number: str, kind: PartyKind = PERSON) -> bool:
    try:
        checked_id_number(number, kind)
    except Refused:
        return False
    return True


def refusal(number: str, kind: PartyKind = PERSON) -> str:
    with pytest.raises(Refused) as refused:
        checked_id_number(number, kind)
    return refused.value.code


@given(residents(), st.integers(0, 17), st.characters(codec="ascii", categories=["Nd"]))
def test_one_wrong_digit_is_always_found(number: str, place: int, digit: str) -> None:
    changed = number[:place] + digit + number[place + 1 :]
    assert accepted(changed) == (changed == number)


@given(residents(), st.integers(0, 16))
def test_two_digits_the_other_way_round_are_always_found(number: str, place: int) -> None:
    changed = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert accepted(changed) == (changed == number)


@given(days, st.integers(0, 999), st.data())
def test_a_residents_number_tells_birthday_and_sex(born: date, n: int, data: st.DataObject) -> None:
    number = data.draw(residents(st.just(born)))
    assert born_in(number) == born
    assert sex_in(number) is (Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("11010519491231002x", RESIDENT),
        (" 110105 19491231 002X ", RESIDENT),
        ("１１０１０５１９４９１２３１００２Ｘ", RESIDENT),
        ("E12345678", "E12345678"),
        ("h 1234567890", "H1234567890"),
        ("C123456(7)", "C1234567"),
        ("12345678", "12345678"),
    ],
)
def test_as_it_is_typed(typed: str, number: str) -> None:
    assert checked_id_number(typed, PERSON) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("110105194912310021", "id_number_wrong"),
        ("11010519491231002Y", "id_number_wrong"),
        ("1101051949123100", "id_number_miscounted"),
        ("1101051949123100211", "id_number_miscounted"),
        ("abc", "id_number_unusable"),
        ("A" * 21, "id_number_unusable"),
        ("E1234567𠮷", "id_number_unusable"),
        ("<script>", "id_number_unusable"),
    ],
)
def test_what_is_no_number(typed: str, code: str) -> None:
    assert refusal(typed) == code


def test_no_birthday_that_there_is_not() -> None:
    """Whatever its check digit."""
    codes = {refusal(f"11010519490230002{c}") for c in "0123456789X"}
    assert codes == {"id_number_wrong", "id_number_birthday"}


def test_the_credit_code_of_an_organisation() -> None:
    assert checked_id_number(CREDIT_CODE.lower(), ORGANISATION) == CREDIT_CODE
    assert checked_id_number("350100100012345", ORGANISATION) == "350100100012345"
    for place in range(18):
        for wrong in "0A":
            changed = CREDIT_CODE[:place] + wrong + CREDIT_CODE[place + 1 :]
            assert accepted(changed, ORGANISATION) == (changed == CREDIT_CODE)
    assert refusal("91350100M000100O43", ORGANISATION) == "credit_code_wrong"


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("138 0000 0001", "13800000001"),
        ("+86 138-0000-0001", "13800000001"),
        ("0086 13800000001", "13800000001"),
        ("１３８００００００００", "13800000000"),
        ("0571-88886666", "0571-88886666"),
        ("(0571) 8888 6666", "0571-88886666"),
        ("010 6666 8888", "010-66668888"),
        ("+86 10 6666 8888", "010-66668888"),
        ("0571-88886666-801", "0571-88886666-801"),
        ("0571-88886666转801", "0571-88886666-801"),
        ("88886666", "88886666"),
        ("400-810-1234", "4008101234"),
        ("12348", "12348"),
        ("+852 9123 4567", "+85291234567"),
        ("00 44 20 7946 0000", "+442079460000"),
    ],
)
def test_telephones(typed: str, phone: str) -> None:
    assert checked_phone(typed) == phone
    assert checked_phone(phone) == phone


@pytest.mark.parametrize(
    "typed", ["139", "1380000000", "138000000011", "12000000000", "abc", "1380000O001", "+1", "#"]
)
def test_what_is_no_telephone(typed: str) -> None:
    with pytest.raises(Refused, match="phone_unusable"):
        checked_phone(typed)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_telephone_or_refused(typed: str) -> None:
    try:
        phone = checked_phone(typed)
    except Refused:
        return
    assert checked_phone(phone) == phone


@given(days, days)
def test_nobody_is_born_in_the_future(born: date, today: date) -> None:
    too_old = today.year - born.year > 130
    if born > today or too_old:
        with pytest.raises(Refused, match="born_unusable" if too_old else "born_in_future"):
            checked_born(born, today)
    else:
        assert checked_born(born, today) == born


def test_a_residents_number_fills_in_what_it_tells() -> None:
    found = checked_details(PERSON, today=TODAY, id_number=RESIDENT, phone="138 0000 0001")
    assert found == Details(
        phone="13800000001", id_number=RESIDENT, sex=Sex.FEMALE, born=date(1949, 12, 31)
    )


def test_everything_that_is_wrong_is_said_at_its_field() -> None:
    with pytest.raises(DetailsRefused) as refused:
        checked_details(
            PERSON,
            today=TODAY,
            id_number=RESIDENT,
            phone="139",
            born="1950-01-01",
            sex="male",
            email="nobody",
            address="x" * 201,
            ethnicity="x" * 51,
            occupation="a\0b",
        )
    assert refused.value.fields == {
        "id_number": "id_number_disagrees",
        "phone": "phone_unusable",
        "born": "born_disagrees",
        "sex": "sex_disagrees",
        "email": "email_unusable",
        "address": "address_unusable",
        "ethnicity": "ethnicity_unusable",
        "occupation": "occupation_unusable",
    }


@given(residents(st.dates(TODAY + timedelta(days=1), date(2090, 1, 1))))
def test_a_number_of_somebody_not_yet_born(number: str) -> None:
    with pytest.raises(DetailsRefused, match="id_number_unborn"):
        checked_details(PERSON, today=TODAY, id_number=number)


def test_an_organisation_is_not_born() -> None:
    with pytest.raises(DetailsRefused) as refused:
        checked_details(ORGANISATION, today=TODAY, born="1980-05-01", occupation="tailor")
    assert set(refused.value.fields.values()) == {"only_of_persons"}
    assert checked_details(ORGANISATION, today=TODAY) == Details()


def test_what_is_shown_without_a_reason() -> None:
    details = Details(
        phone="13800000001",
        id_number="44030019800101123X",
        address="柳河镇东街三号",
        born=date(1980, 11, 24),
        email="alice@example.org",
    )
    shown = masked(details, TODAY)
    assert shown.phone == "138****0001"
    assert shown.id_number == "4403**********123X"
    assert shown.address == "柳河镇****"
    assert shown.email == "a***@example.org"
    assert shown.age == 45
    assert masked(Details(), TODAY) == masked(Details(), TODAY + timedelta(days=1))


@given(st.text("0123456789X-+", max_size=20))
def test_a_mask_shows_eight_characters_of_a_number_or_two_of_a_short_one(text: str) -> None:
    shown = masked_id_number(text)
    assert known(shown, text) <= (8 if len(text) >= 15 else min(2, len(text) / 3))


@given(st.text("0123456789X-+", max_size=20).filter(lambda text: not is_mobile(text)))
def test_a_mask_shows_four_digits_of_a_telephone_and_never_more_than_half(text: str) -> None:
    assert known(masked_phone(text), text) <= min(4, len(text) / 2)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_of_a_mobile_number_the_four_in_the_middle_are_hidden(number: str) -> None:
    assert masked_phone(number) == f"{number[:3]}****{number[7:]}"


def known(shown: str, text: str) -> int:
    """How much is shown; what isn't is a star each."""
    assert all(c in ("*", was) for c, was in zip(shown, text, strict=True))
    return sum(c != "*" for c in shown)
