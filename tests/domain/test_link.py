from __future__ import annotations

from dataclasses import replace

import pytest

from server.domain.ids import PartyId
from server.domain.link import same_person
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
