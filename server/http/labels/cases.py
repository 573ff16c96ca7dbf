"""Cases: kinds, types, how they stand."""

from __future__ import annotations

from enum import StrEnum

from server.domain.case import (
    CaseKind,
    CaseStatus,
    Difficulty,
    DisputeType,
    HandlerRole,
    Outcome,
    Regime,
    Source,
)
from server.domain.party import PartyKind, Power, RepresentativeKind, Sex
from server.words import N_

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
        CaseStatus.WITHDRAWN: N_("Withdrawn"),
        CaseStatus.ACCEPTED: N_("Accepted"),
        CaseStatus.ASSIGNED: N_("Assigned"),
        CaseStatus.MEDIATING: N_("In mediation"),
        CaseStatus.SIGNING: N_("To be signed"),
        CaseStatus.CLOSED: N_("Closed"),
    },
    Difficulty: {
        Difficulty.SIMPLE: N_("Simple"),
        Difficulty.COMPLEX: N_("Complex"),
        Difficulty.MAJOR: N_("Major"),
    },
    Regime: {
        Regime.PEOPLES: N_("People's mediation"),
        Regime.COMMERCIAL: N_("Commercial mediation"),
    },
    Source: {
        Source.APPLICATION: N_("Own application"),
        Source.VISIT: N_("Visit"),
        Source.CALL: N_("Telephone call"),
        Source.DISCOVERY: N_("Found by a grid worker"),
        Source.COURT: N_("Referred by a court"),
        Source.POLICE: N_("Referred by the police"),
        Source.TRANSFER: N_("Passed on by another body"),
        Source.HOTLINE: N_("Hotline"),
    },
    Outcome: {
        Outcome.AGREED: N_("Agreed"),
        Outcome.PARTLY_AGREED: N_("Partly agreed"),
        Outcome.SETTLED_THEMSELVES: N_("Settled among themselves"),
        Outcome.UNREACHABLE: N_("A party can't be reached"),
        Outcome.UNWILLING: N_("A party is unwilling"),
        Outcome.TOO_FAR_APART: N_("Too far apart"),
        Outcome.TIME_EXPIRED: N_("Time expired"),
        Outcome.REFUSED_TO_SIGN: N_("A party refused to sign"),
        Outcome.JOINED: N_("Joined to another case"),
        Outcome.OTHER: N_("Another reason"),
    },
    HandlerRole: {
        HandlerRole.MEDIATOR: N_("Mediator"),
        HandlerRole.CO_MEDIATOR: N_("Co-mediator"),
        HandlerRole.CLERK: N_("Clerk"),
    },
    PartyKind: {
        PartyKind.PERSON: N_("Person"),
        PartyKind.ORGANISATION: N_("Organisation"),
    },
    Sex: {Sex.FEMALE: N_("Female"), Sex.MALE: N_("Male")},
    RepresentativeKind: {
        RepresentativeKind.LEGAL: N_("Legal representative"),
        RepresentativeKind.LAWYER: N_("Lawyer"),
        RepresentativeKind.RELATIVE: N_("Relative"),
        RepresentativeKind.OTHER: N_("Somebody else"),
    },
    Power: {
        Power.GENERAL: N_("May speak, not settle"),
        Power.SPECIAL: N_("May settle and sign"),
    },
}
