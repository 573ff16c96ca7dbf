from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import application as answers
from server.domain.application import (
    AnswerRefused,
    Application,
    Somebody,
    Step,
    answer,
    as_kept,
    from_kept,
    title,
    typed,
)
from server.domain.case import TITLE_LENGTH, DisputeType, checked_title
from server.domain.party import Details, PartyKind

TODAY = date(2026, 11, 23)
SCRIPT = "<script>alert(1)</script>"
RIGHT: dict[Step, dict[str, str]] = {
    Step.ABOUT: {"dispute_type": "property"},
    Step.WHERE: {"organisation": "unit"},
    Step.FACTS: {"facts": f"First line\n\n𠮷㼆 {SCRIPT}"},
    Step.REQUEST: {"request": SCRIPT},
    Step.YOU: {"kind": "person", "name": SCRIPT},
    Step.CONTACT: {"phone": "138 0000 0001", "address": SCRIPT},
    Step.MORE: {"id_number": "11010519491231002X", "sex": "", "born": ""},
    Step.OTHER: {
        "kind0": "organisation",
        "name0": "安居物业",
        "phone0": "0571-88886666",
        "kind2": "person",
        "name2": "𠮷",
        "address2": SCRIPT,
    },
    Step.FILES: {},
    Step.WISH: {"mediator": "wang"},
    Step.HELPER: {"name": SCRIPT, "phone": "13800000002", "kind": "relative"},
}


def whole() -> Application:
    found = Application()
    for step, fields in RIGHT.items():
        assert found.first_open is step
        found = answer(found, step, fields, TODAY)
    return found


def wrong(application: Application, step: Step, **fields: str) -> dict[str, str]:
    with pytest.raises(AnswerRefused) as refused:
        answer(application, step, fields, TODAY)
    return refused.value.fields


def test_answered_to_the_end_and_kept_as_it_is() -> None:
    found = whole()
    assert found.first_open is None
    assert from_kept(json.loads(json.dumps(as_kept(found)))) == found
    assert found.you.details.born == date(1949, 12, 31)
    assert [other.name for other in found.others] == ["安居物业", "𠮷"]


def test_what_is_shown_again_can_be_sent_again() -> None:
    found = whole()
    for step in Step:
        assert answer(found, step, typed(found, step), TODAY) == found


def test_a_question_that_must_be_answered_is_not_passed_by() -> None:
    may_stay_empty = {Step.MORE, Step.FILES, Step.WISH, Step.HELPER}
    for step in Step:
        if step in may_stay_empty:
            assert step in answer(Application(), step, {}, TODAY).answered
        else:
            assert wrong(Application(), step)


@pytest.mark.parametrize(
    ("step", "fields", "codes"),
    [
        (Step.ABOUT, {"dispute_type": SCRIPT}, {"dispute_type": "apply_about_missing"}),
        (Step.FACTS, {"facts": "a" * 5001}, {"facts": "facts_unusable"}),
        (Step.YOU, {"kind": "person", "name": "a" * 201}, {"name": "party_name_unusable"}),
        (Step.YOU, {"kind": "ghost", "name": "a"}, {"kind": "apply_kind_missing"}),
        (Step.CONTACT, {"phone": "12"}, {"phone": "phone_unusable"}),
        (Step.MORE, {"id_number": "110105194912310021"}, {"id_number": "id_number_wrong"}),
        (Step.MORE, {"born": "2026-11-24"}, {"born": "born_in_future"}),
        (Step.OTHER, {"phone0": "13800000001", "kind0": "person"}, {"name0": "apply_name_missing"}),
        (Step.HELPER, {"name": "A", "kind": "relative"}, {"phone": "apply_helper_phone_missing"}),
        (Step.HELPER, {"name": "A", "phone": "13800000001"}, {"kind": "apply_helper_kind_missing"}),
    ],
)
def test_what_is_wrong_is_said_where_it_is(
    step: Step, fields: dict[str, str], codes: dict[str, str]
) -> None:
    assert wrong(Application(), step, **fields) == codes


def test_a_person_is_not_on_both_sides() -> None:
    you = {"kind": "person", "name": "Lin  Na"}
    found = answer(Application(), Step.YOU, you, TODAY)
    found = answer(found, Step.CONTACT, {"phone": "13800000001"}, TODAY)
    same = {"kind0": "person", "name0": "lin na"}
    assert wrong(found, Step.OTHER, **same) == {"name0": "apply_same_person"}
    same["phone0"] = "+86 138 0000 0001"
    assert wrong(found, Step.OTHER, **same) == {"name0": "apply_same_person"}
    # Somebody else of that name; and then one takes the other's telephone after all.
    found = answer(found, Step.OTHER, same | {"phone0": "13800000002"}, TODAY)
    assert wrong(found, Step.CONTACT, phone="13800000002") == {"phone": "apply_same_person"}
    twice = {"kind0": "person", "name0": "B", "kind1": "person", "name1": "b"}
    assert wrong(found, Step.OTHER, **twice) == {"name1": "apply_named_twice"}


def test_a_firm_has_no_birthday() -> None:
    found = answer(whole(), Step.YOU, {"kind": "organisation", "name": "Firm"}, TODAY)
    assert found.first_open is Step.MORE
    assert found.you.details == Details(phone="13800000001", address=SCRIPT)
    code = {"id_number": "91350100M000100Y43"}
    assert answer(found, Step.MORE, code, TODAY).first_open is None


NAMES = st.text("冯安𠮷a", min_size=1, max_size=200)


@given(NAMES, NAMES)
def test_every_title_is_one_a_case_can_have(one: str, other: str) -> None:
    asked = Application(you=Somebody(one), others=(Somebody(other, PartyKind.ORGANISATION),))
    found = title("%(applicant)s与%(other)s：%(type)s", asked, "物业管理")
    assert checked_title(found) == found
    assert len(found) <= TITLE_LENGTH
    if len(one) + len(other) < 150:
        assert found == f"{one}与{other}：物业管理"


def test_a_percent_sign_in_a_name_is_only_a_sign() -> None:
    asked = Application(
        dispute_type=DisputeType.OTHER, you=Somebody("100%s"), others=(Somebody("%(type)s"),)
    )
    assert answers.title("%(applicant)s, %(other)s: %(type)s", asked, "x") == "100%s, %(type)s: x"
