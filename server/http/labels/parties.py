"""Who takes part in a matter."""

from __future__ import annotations

from enum import StrEnum

from server.domain.look import LookKind
from server.domain.party import Why
from server.words import N_

LABELS: dict[type[StrEnum], dict[str, str]] = {
    LookKind: {
        LookKind.PARTY: N_("A party in full"),
        LookKind.EXPORT: N_("Parties in a file"),
        LookKind.NUMBER: N_("A telephone number in a meeting"),
    },
    Why: {
        Why.CONTACT: N_("To reach the person"),
        Why.IDENTITY: N_("To check who the person is"),
        Why.PAPERS: N_("To write a paper"),
        Why.ASKED: N_("The person or an authority asks for it"),
        Why.OTHER: N_("Another reason"),
    },
}
