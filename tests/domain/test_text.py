from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.errors import Refused
from server.domain.matter_code import ALPHABET, LENGTH, normalised, written
from server.domain.statement import FACTS_LENGTH, checked_statement
from server.domain.text import checked_lines, checked_text, keepable


def test_lines_stay_lines_and_are_tidied() -> None:
    assert checked_lines(" 一楼  漏水 \r\n\n二楼\t不修 ", 100, "", "") == "一楼 漏水\n\n二楼 不修"


@pytest.mark.parametrize(
    ("text", "code"), [("", "m"), (" \n ", "m"), ("x" * 11, "u"), ("a\0b", "u"), ("\u202ea", "u")]
)
def test_what_is_no_text(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_lines(text, 10, "m", "u")
    assert refused.value.code == code


@pytest.mark.parametrize(
    "name",
    # From the planes beyond the first; newer than this Python; of private use; a chosen shape.
    ["\U00020bb7田", "\u3f46", "\U0002ebf0", "\U00031350", "王\ue863", "葛\U000e0100城", "Zoë"],
)
def test_names_in_rare_characters_are_names(name: str) -> None:
    assert checked_text(name, 10, "m", "u") == name


@pytest.mark.parametrize(
    "name",
    # Hidden, unknown, or a shape chosen of nothing.
    [
        *("a\0", "a\u202eb", "a\ufeff", "a\ud800", "\u2066a", "\U000e0041", "\uffff", "\u0378"),
        *("\U0002ffff", "a\U000e0100", "葛\U000e0100\U000e0101"),
    ],
)
def test_what_hides_in_a_name_is_refused(name: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_text(name, 10, "m", "u")
    assert refused.value.code == "u"


def test_what_no_database_holds() -> None:
    assert keepable("王\n\t\U0002ebf0\u202e")
    assert not keepable("a\0b")
    assert not keepable("a\udcff")


def test_a_statement_may_be_empty_and_says_which_part_is_wrong() -> None:
    assert checked_statement().facts == ""
    assert checked_statement(place=" 河东 3号 ").place == "河东 3号"
    for part in ("facts", "request", "place"):
        with pytest.raises(Refused) as refused:
            checked_statement(**{part: "x" * (FACTS_LENGTH + 1)})
        assert refused.value.code == f"{part}_unusable"


@given(st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH))
def test_a_matter_code_is_understood_however_it_is_typed(code: str) -> None:
    assert normalised(code) == code
    assert normalised(written(code)) == code
    assert normalised(f" {written(code).lower().replace('-', ' – ')} ") == code
    misread = code.replace("1", "l").replace("0", "o").replace("V", "u")
    assert normalised(misread) == code


@pytest.mark.parametrize(
    "typed", ["", "7K3M9QX24", "7K3M9QX24DD", "和和和和和和和和和和", "7K3M9QX2-*D"]
)
def test_what_is_no_matter_code(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        normalised(typed)
    assert refused.value.code == "code_unusable"
