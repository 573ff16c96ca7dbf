from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.case import CaseKind, Regime
from server.domain.number import read, written


@dataclass
class Numbered:
    short: str = "和"
    number_form: str = ""


FORMS = ("", "{year}-{word}-{n}", "({year}){short}{word}.{n}+", "{n}/{year} {word}")


@given(
    st.sampled_from(FORMS),
    st.sampled_from(CaseKind),
    st.sampled_from(Regime),
    st.integers(1950, 2100),
    st.integers(1, 999_999_999),
)
def test_what_was_written_is_read(
    form: str, kind: CaseKind, regime: Regime, year: int, n: int
) -> None:
    organisation = Numbered(number_form=form)
    assert read(organisation, kind, regime, written(organisation, kind, regime, year, n)) == (
        year,
        n,
    )


@pytest.mark.parametrize(
    "number",
    ["", "2024/17", "（2024）柳人调字第7号", "（2024）和商调字第7号", "（2024）和人调字第号"],
)
def test_numbers_of_another_form_are_nobody_s(number: str) -> None:
    assert read(Numbered(), CaseKind.MEDIATION, Regime.PEOPLES, number) is None
