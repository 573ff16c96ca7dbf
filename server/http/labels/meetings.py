"""Meetings: how they stand, how they ended, who sits in them."""

from __future__ import annotations

from enum import StrEnum

from server.domain.booking import Hint
from server.domain.result import ResultKind
from server.domain.seat import Role
from server.domain.seating import SessionPurpose, SessionState
from server.words import N_

LABELS: dict[type[StrEnum], dict[str, str]] = {
    SessionState: {
        SessionState.PLANNED: N_("Planned"),
        SessionState.OPEN: N_("Under way"),
        SessionState.ENDED: N_("Ended"),
        SessionState.CANCELLED: N_("Cancelled"),
    },
    SessionPurpose: {
        SessionPurpose.MEETING: N_("Meeting of all sides"),
        SessionPurpose.PREPARATION: N_("Private talk before the meeting"),
    },
    Hint: {
        Hint.NOT_WORKED: N_("This is not a working day."),
        Hint.CLOSED: N_("This is outside the opening hours."),
    },
    ResultKind: {
        ResultKind.AGREED: N_("Agreed"),
        ResultKind.PARTLY_AGREED: N_("Partly agreed"),
        ResultKind.NOT_AGREED: N_("Not agreed"),
        ResultKind.ADJOURNED: N_("Adjourned"),
        ResultKind.BROKEN_OFF: N_("Broken off"),
        ResultKind.PREPARED: N_("Prepared"),
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
