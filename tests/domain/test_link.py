from __future__ import annotations

from dataclasses import replace

import pytest

from server.domain.errors import Refused
from server.domain.ids import PartyId
from server.domain.link import same_person, sides_there
from server.domain.party import Details, Party

ONE = Party(PartyId("1"), "A", "王芳")


@pytest.mark.parametrize(
    ("mine", "theirs", "same"),
    [
        (Details(), Details(), True),
        (Details(phone="1"), Details(), True),
        (Details(phone="1"), Details(phone="2"), False),
        (Details(id_number="1", phone="1"), Details(id_number="1", phone="2"), True),
        (Details(id_number="1"), Details(id_number="2"), False),
    ],
)
def test_a_namesake_is_told_apart_by_what_is_known(
    mine: Details, theirs: Details, same: bool
) -> None:
    assert same_person((ONE, mine), (replace(ONE, id=PartyId("2")), theirs)) is same


@pytest.mark.parametrize(
    ("meets", "grows", "used", "there"),
    [
        ({"A": "B", "B": "A"}, "AB", "AB", {"A": "B", "B": "A"}),
        ({"A": "", "B": "A"}, "A", "AB", {"A": "C", "B": "A"}),
        ({"A": "A", "B": "A"}, "AB", "AB", {"A": "C", "B": "D"}),
        ({"A": "A", "B": "A"}, "", "AB", {"A": "A", "B": "A"}),
        ({"A": "AB"}, "A", "AB", {"A": "C"}),
        ({"A": "", "C": ""}, "AC", "AB", {"C": "C", "A": "D"}),
        ({"A": ""}, "A", "ABCD", None),
    ],
)
def test_nobody_comes_to_stand_beside_who_they_are_against(
    meets: dict[str, str], grows: str, used: str, there: dict[str, str] | None
) -> None:
    known = {side: frozenset(letters) for side, letters in meets.items()}
    if there is None:
        with pytest.raises(Refused, match="too_many_sides"):
            sides_there(known, grows, used)
    else:
        assert sides_there(known, grows, used) == there
