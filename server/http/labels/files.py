"""Words for papers and imports."""

from __future__ import annotations

from enum import StrEnum

from server.domain.document import DocumentKind
from server.domain.importing import ImportKind, ImportState
from server.words import N_

LABELS: dict[type[StrEnum], dict[str, str]] = {
    DocumentKind: {
        DocumentKind.APPLICATION: N_("Application"),
        DocumentKind.EVIDENCE: N_("Evidence"),
        DocumentKind.PHOTO: N_("Photo"),
        DocumentKind.IDENTITY: N_("Proof of identity"),
        DocumentKind.OTHER: N_("Other paper"),
    },
    ImportKind: {
        ImportKind.ORGANISATIONS: N_("Organisations"),
        ImportKind.USERS: N_("Staff"),
        ImportKind.CASES: N_("Cases"),
    },
    ImportState: {
        ImportState.CHECKING: N_("Being checked"),
        ImportState.CHECKED: N_("Checked"),
        ImportState.IMPORTING: N_("Being brought in"),
        ImportState.DONE: N_("Brought in"),
        ImportState.FAILED: N_("Stopped"),
    },
}
