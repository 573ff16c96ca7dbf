"""People and the organisations they work in."""

from __future__ import annotations

from enum import StrEnum

from server.domain.organisation import OrganisationKind
from server.domain.user import StaffRole
from server.words import N_

LABELS: dict[type[StrEnum], dict[str, str]] = {
    OrganisationKind: {
        OrganisationKind.BUREAU: N_("Justice bureau"),
        OrganisationKind.COUNTY: N_("County bureau"),
        OrganisationKind.STATION: N_("Township station"),
        OrganisationKind.COMMITTEE: N_("Mediation committee"),
        OrganisationKind.STUDIO: N_("Personal studio"),
        OrganisationKind.LAW_FIRM: N_("Law firm"),
        OrganisationKind.HOTLINE: N_("Hotline"),
        OrganisationKind.COURT_LIAISON: N_("Court liaison office"),
    },
    StaffRole: {
        StaffRole.MEDIATOR: N_("Mediator"),
        StaffRole.CLERK: N_("Clerk"),
        StaffRole.LAWYER: N_("Lawyer"),
        StaffRole.SUPERVISOR: N_("Supervisor"),
        StaffRole.ADMINISTRATOR: N_("Administrator"),
        StaffRole.GRID_WORKER: N_("Grid worker"),
    },
}
