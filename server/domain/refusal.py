"""Refusing a matter 不予受理: why, and where else its people can go."""

from __future__ import annotations

from enum import StrEnum


class RefusalGround(StrEnum):
    NOT_CIVIL = "not_civil"
    COURT_DECIDED = "court_decided"
    POLICE_MATTER = "police_matter"
    NO_JURISDICTION = "no_jurisdiction"
    WRONG_PARTY = "wrong_party"
    UNWILLING = "unwilling"
    HANDLED_ELSEWHERE = "handled_elsewhere"
    OTHER = "other"


class Elsewhere(StrEnum):
    COURT = "court"
    ARBITRATION = "arbitration"
    ADMINISTRATIVE = "administrative"
    POLICE = "police"
    COMMITTEE = "committee"
    LEGAL_AID = "legal_aid"
