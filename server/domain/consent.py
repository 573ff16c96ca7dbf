"""Consent 同意记录: who agreed to which purpose, to which exact text, when, and when withdrawn."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.domain.ids import SeatId
from server.domain.seat import Role


class Purpose(StrEnum):
    """What a text is agreed to for. Each of the first four is asked of some roles."""

    ONLINE_MEDIATION = "online_mediation"
    """The party's own, and that of who speaks for one."""
    ATTENDING = "attending"
    """To be there for somebody: quiet, discreet, and only while everybody agrees."""
    INTERPRETING = "interpreting"
    ASSISTING = "assisting"
    """To work on the meeting with the mediator."""
    RECORD_RIGHTS = "record_rights"
    """To be recorded while the rights and duties are read out; likewise the others."""
    RECORD_CONSENT = "record_consent"
    RECORD_READING = "record_reading"
    RECORD_SIGNING = "record_signing"
    RECORD_CONSULTATION = "record_consultation"


RECORDED = (
    Purpose.RECORD_RIGHTS,
    Purpose.RECORD_CONSENT,
    Purpose.RECORD_READING,
    Purpose.RECORD_SIGNING,
    Purpose.RECORD_CONSULTATION,
)
"""The moments that may be recorded, each with a text of its own. Nothing else ever is."""

_ASKED: dict[Role, tuple[Purpose, ...]] = {
    Role.HOST: (),
    Role.RECORDER: (),
    Role.PARTY: (Purpose.ONLINE_MEDIATION,),
    Role.REPRESENTATIVE: (Purpose.ONLINE_MEDIATION,),
    Role.LAWYER: (Purpose.ONLINE_MEDIATION,),
    Role.COMPANION: (Purpose.ATTENDING,),
    Role.WITNESS: (Purpose.ATTENDING,),
    Role.OBSERVER: (Purpose.ATTENDING,),
    Role.INTERPRETER: (Purpose.INTERPRETING,),
    Role.CO_MEDIATOR: (Purpose.ASSISTING,),
    Role.CLERK: (Purpose.ASSISTING,),
}

ASKED_BESIDE = (Purpose.ATTENDING,)
"""Of who sits beside somebody else's device, whatever that seat is."""


def asked(role: Role) -> tuple[Purpose, ...]:
    """What the person of such a seat has to agree to before they are admitted.

    Nothing of the host, whose duties are the law's (人民调解法 art. 15), nor of a machine.
    """
    return _ASKED[role]


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
