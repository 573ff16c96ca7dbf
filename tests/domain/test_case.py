from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from server.domain.case import (
    Case,
    CaseKind,
    CaseStatus,
    DisputeType,
    StatusChange,
    checked_title,
)
from server.domain.errors import Refused
from server.domain.ids import CaseId, OrganisationId, PartyId
from server.domain.organisation import Organisation, OrganisationKind, path_under
from server.domain.party import Party, PartyKind, checked_party

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def test_there_are_the_fifteen_types_of_the_figures() -> None:
    assert len(DisputeType) == 15


def test_the_status_is_the_last_line_of_the_history() -> None:
    history = (
        StatusChange(None, CaseStatus.APPLIED, NOON, None),
        StatusChange(CaseStatus.APPLIED, CaseStatus.DECLINED, NOON, None, "不属于受理范围"),
    )
    case = Case(
        CaseId("c"),
        OrganisationId("o"),
        CaseKind.MEDIATION,
        DisputeType.OTHER,
        "案",
        NOON,
        frozenset(),
        (),
        history,
    )
    assert case.status is CaseStatus.DECLINED


@pytest.mark.parametrize("title", ["漏水", "𠮷" * 200, "  a   b "])
def test_a_title_is_one_tidy_line(title: str) -> None:
    assert checked_title(title) == " ".join(title.split())


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("", "title_missing"),
        (" \n\t", "title_missing"),
        ("x" * 201, "title_unusable"),
        ("a\0", "title_unusable"),
        ("\u202eevil", "title_unusable"),
        ("\udcff", "title_unusable"),
    ],
)
def test_what_is_no_title(title: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_title(title)
    assert refused.value.code == code


def test_a_party_has_a_side_and_a_name() -> None:
    party = PartyId("p")
    assert checked_party(party, "B", " 欧阳 㼆 ") == Party(party, "B", "欧阳 㼆")
    firm = checked_party(party, "A", "安居公司", PartyKind.ORGANISATION)
    assert firm.kind is PartyKind.ORGANISATION


@pytest.mark.parametrize(
    ("side", "name", "code"),
    [
        ("", "人", "side_unknown"),
        ("a", "人", "side_unknown"),
        ("A", "", "party_name_missing"),
        ("A", "x" * 201, "party_name_unusable"),
    ],
)
def test_what_is_no_party(side: str, name: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_party(PartyId("p"), side, name)
    assert refused.value.code == code


def test_a_path_leads_from_the_root() -> None:
    root = OrganisationId("root")
    bureau = Organisation(root, path_under(None, root), OrganisationKind.BUREAU, "局")
    assert bureau.path == "root/"
    assert path_under(bureau, OrganisationId("station")) == "root/station/"
    assert bureau.zone == ZoneInfo("Asia/Shanghai")
