from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.search import MOST, asked, in_order, of_a_person, tokens


@pytest.mark.parametrize(
    ("text", "looked_for"),
    [
        ("房屋租赁合同纠纷", "租赁"),
        ("房屋租赁合同纠纷", "租"),
        ("𠮷野家与㼆某", "𠮷"),
        ("𠮷野家与㼆某", "𠮷野"),
        ("𠮷野家与㼆某", "㼆"),
        ("（2026）和人调字第12号", "12"),
        ("（2026）和人调字第12号", "(２０２６)"),
        ("Müller GmbH", "muller gmbh"),
        ("ＡＣＭＥ公司", "acme"),
        ("ACME公司", "公司 Ａcme"),
        ("STRASSE", "straße"),
    ],
)
def test_what_is_there_is_found(text: str, looked_for: str) -> None:
    assert asked(looked_for)
    assert set(asked(looked_for)) <= set(tokens(text))


@pytest.mark.parametrize(
    ("text", "looked_for"),
    [("租用押金赁", "租赁"), ("12", "1"), ("第112号", "12"), ("Smithson", "smith")],
)
def test_what_is_not_there_is_not(text: str, looked_for: str) -> None:
    assert not set(asked(looked_for)) <= set(tokens(text))


@pytest.mark.parametrize("signs", ["", " ", "%", "_", "'", "%_*\"'; --", "。，"])
def test_signs_alone_ask_for_nothing(signs: str) -> None:
    assert asked(signs) == []


@given(st.text(), st.integers(0, 20), st.integers(1, 20))
def test_any_part_of_words_between_spaces_is_found(text: str, start: int, length: int) -> None:
    """Whoever copies whole words out of a title finds it, whatever they are written in."""
    words = text.split()[start : start + length]
    assert set(asked(" ".join(words))) <= set(tokens(" ".join(text.split())))


@given(st.text())
def test_tokens_can_be_kept_apart_by_spaces(text: str) -> None:
    assert all(word and " " not in word and '"' not in word for word in tokens(text))
    assert len(asked(text)) <= MOST


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("11010519491231002X", "11010519491231002X"),
        (" 110105 19491231 002x ", "11010519491231002X"),
        ("１３８００１３８０００", "13800138000"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("(0571) 8888 8888", "057188888888"),
        ("91350100M000100Y43", "91350100M000100Y43"),
        ("E12345678", "E12345678"),
        ("2026", ""),
        ("（2026）和人调字第12号", ""),
        ("(2026)浙0102民初12345号", ""),
        ("张三 13800138000", ""),
        ("ABCDEFGHIJ", ""),
        ("", ""),
    ],
)
def test_what_can_only_be_a_number_of_a_person_is_known(typed: str, tidy: str) -> None:
    assert of_a_person(typed) == tidy


def test_numbers_sort_as_people_count() -> None:
    numbers = [f"（{year}）和人调字第{n}号" for year in (2025, 2026) for n in (1, 9, 10, 12, 100)]
    assert sorted(numbers, key=in_order) == numbers
    assert sorted(numbers) != numbers
