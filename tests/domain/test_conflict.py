from __future__ import annotations

import pytest

from server.domain.conflict import Conflict, Ground, Known, conflicts, plain, serious

WANG = Known("王敏", "河东所", colleagues=("李强",), before=((Ground.HANDLED, "周丽华"),))


@pytest.mark.parametrize(
    ("name", "ground"),
    [
        ("王敏", Ground.SAME_NAME),
        ("王 敏", Ground.SAME_NAME),
        ("河东所", Ground.OWN_UNIT),
        ("李强", Ground.COLLEAGUE),
        ("周丽华", Ground.HANDLED),
    ],
)
def test_what_a_name_says(name: str, ground: Ground) -> None:
    assert conflicts(WANG, ["孙国强", name]) == (Conflict(ground, name),)


def test_nothing_is_said_by_other_names() -> None:
    assert conflicts(WANG, ["孙国强", "王敏敏", "李", "𠮷田", "㼆"]) == ()


def test_only_a_mediation_of_before_is_no_bar() -> None:
    assert not serious(conflicts(WANG, ["周丽华"]))
    for ground in set(Ground) - {Ground.HANDLED}:
        assert serious([Conflict(ground, "周丽华")])
    assert not serious([])


def test_one_person_named_twice_is_one_conflict() -> None:
    assert len(conflicts(WANG, ["王敏", "王敏"])) == 1


def test_names_are_compared_without_width_case_and_points() -> None:
    assert plain("Ａｌｉｃｅ  O’Neil") == plain("alice oneil")
    assert plain("买买提·艾力") == plain("买买提 艾力")
    assert plain("𠮷田") != plain("吉田")
