"""Consent 同意记录: who agreed to which purpose, to which exact text, when, and when withdrawn."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.domain.ids import SeatId


class Purpose(StrEnum):
    ONLINE_MEDIATION = "online_mediation"
    RECORDING = "recording"


REQUIRED = (Purpose.ONLINE_MEDIATION,)
"""Asked of everyone but the hosts before they are admitted (人民法院在线调解规则 arts. 7 and 8)."""


@dataclass(frozen=True, slots=True)
class Text:
    """The words a person agrees to. `hash` names them for ever; a new wording is a new version."""

    purpose: Purpose
    version: int
    language: str
    body: str

    @property
    def hash(self) -> str:
        """`sha256:` and 64 hex digits over purpose, version, language and body, line by line."""
        named = f"{self.purpose}\n{self.version}\n{self.language}\n{self.body}"
        return "sha256:" + hashlib.sha256(named.encode()).hexdigest()


@dataclass(slots=True)
class Consent:
    seat: SeatId
    purpose: Purpose
    text_version: int
    text_hash: str
    given_at: datetime
    withdrawn_at: datetime | None = None
    person: str = ""
    """Whose, of several at one device; empty for the one whose seat it is."""

    @property
    def live(self) -> bool:
        return self.withdrawn_at is None
