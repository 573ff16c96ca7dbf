"""The words for the domain's words: `neighbours` → Neighbours · 邻里."""

from __future__ import annotations

from enum import StrEnum

from server.domain.case import CaseKind, CaseStatus, DisputeType
from server.domain.result import ResultKind
from server.domain.seat import Role
from server.domain.seating import SessionState
from server.words import N_, gettext

LABELS: dict[type[StrEnum], dict[str, str]] = {
    DisputeType: {
        DisputeType.FAMILY: N_("Marriage and family"),
        DisputeType.NEIGHBOURS: N_("Neighbours"),
        DisputeType.HOUSING: N_("Houses and homesteads"),
        DisputeType.CONTRACT: N_("Contracts"),
        DisputeType.BUSINESS: N_("Production and business"),
        DisputeType.DAMAGES: N_("Damages"),
        DisputeType.LAND: N_("Forests and land"),
        DisputeType.EXPROPRIATION: N_("Expropriation and demolition"),
        DisputeType.POLLUTION: N_("Environmental pollution"),
        DisputeType.LABOUR: N_("Labour disputes"),
        DisputeType.CONSUMER: N_("Tourism and consumption"),
        DisputeType.MEDICAL: N_("Medical disputes"),
        DisputeType.TRAFFIC: N_("Road traffic accidents"),
        DisputeType.PROPERTY: N_("Property management"),
        DisputeType.OTHER: N_("Other disputes"),
    },
    CaseKind: {
        CaseKind.MEDIATION: N_("Mediation"),
        CaseKind.CONSULTATION: N_("Consultation"),
    },
    CaseStatus: {
        CaseStatus.APPLIED: N_("Applied"),
        CaseStatus.DECLINED: N_("Declined"),
        CaseStatus.ACCEPTED: N_("Accepted"),
        CaseStatus.ASSIGNED: N_("Assigned"),
        CaseStatus.MEDIATING: N_("In mediation"),
        CaseStatus.SIGNING: N_("To be signed"),
        CaseStatus.CLOSED: N_("Closed"),
    },
    SessionState: {
        SessionState.PLANNED: N_("Planned"),
        SessionState.OPEN: N_("Under way"),
        SessionState.ENDED: N_("Ended"),
        SessionState.CANCELLED: N_("Cancelled"),
    },
    ResultKind: {
        ResultKind.AGREED: N_("Agreed"),
        ResultKind.PARTLY_AGREED: N_("Partly agreed"),
        ResultKind.NOT_AGREED: N_("Not agreed"),
        ResultKind.ADJOURNED: N_("Adjourned"),
        ResultKind.BROKEN_OFF: N_("Broken off"),
    },
    Role: {
        Role.HOST: N_("Mediator"),
        Role.CO_MEDIATOR: N_("Co-mediator"),
        Role.PARTY: N_("Party"),
        Role.REPRESENTATIVE: N_("Representative"),
        Role.LAWYER: N_("Lawyer"),
        Role.INTERPRETER: N_("Interpreter"),
        Role.CLERK: N_("Clerk"),
        Role.WITNESS: N_("Witness"),
        Role.COMPANION: N_("Companion"),
        Role.OBSERVER: N_("Observer"),
        Role.RECORDER: N_("Recorder"),
    },
}


def label(word: StrEnum) -> str:
    """The word in the reader's language."""
    return gettext(LABELS[type(word)][word])
