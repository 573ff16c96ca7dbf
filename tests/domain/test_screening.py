from __future__ import annotations

from dataclasses import asdict

import pytest

from server.domain.errors import Refused
from server.domain.screening import (
    Advice,
    Authority,
    Capacity,
    Equipment,
    Screening,
    Told,
    advice,
    checked,
    read,
)


@pytest.mark.parametrize(
    ("told", "advised"),
    [
        (Screening(), []),
        (Screening(threats=Told.YES), [Advice.SHUTTLE]),
        (Screening(violence=Told.YES), [Advice.SHUTTLE, Advice.POLICE]),
        (Screening(violence=Told.YES, shuttle_only=True), [Advice.POLICE]),
        (Screening(pressure=Told.UNSURE), [Advice.ASK_AGAIN]),
        (Screening(capacity=Capacity.DOUBTFUL), [Advice.GUARDIAN]),
        (Screening(authority=Authority.NONE), [Advice.AUTHORISE]),
        (Screening(equipment=Equipment.PUBLIC_PLACE), [Advice.PLACE]),
        (Screening(interpreter=True, nearby="儿子"), [Advice.INTERPRETER, Advice.ALONE]),
    ],
)
def test_what_follows_from_an_answer(told: Screening, advised: list[Advice]) -> None:
    assert list(advice(told)) == advised


def test_what_was_kept_is_read_again() -> None:
    told = Screening(Told.YES, Told.NO, Told.UNSURE, Capacity.HELPED, Authority.ASKS, "哥哥")
    assert read(asdict(told)) == told
    assert read({"violence": "yes"}) == Screening(violence=Told.YES)


def test_lines_are_tidied_and_held_to_a_length() -> None:
    assert checked(Screening(decides="  哥哥  和 嫂子 ", notes=" a \n b ")) == Screening(
        decides="哥哥 和 嫂子", notes="a\nb"
    )
    with pytest.raises(Refused, match="line_unusable"):
        checked(Screening(code_word="x" * 201))
    for notes in ("x" * 3001, "\x07"):
        with pytest.raises(Refused, match="notes_unusable"):
            checked(Screening(notes=notes))
