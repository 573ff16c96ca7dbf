"""What lives in a case: deadlines, notes, extensions, its end, its time line."""

from __future__ import annotations

from enum import StrEnum

from server.domain.closing import Remedy
from server.domain.deadlines import DeadlineKind
from server.domain.extension import How
from server.domain.link import Goes
from server.domain.next_step import Step
from server.domain.note import NoteKind, Readers
from server.sentences.living import DEADLINES
from server.services.time_line import TimeKind
from server.words import N_

LABELS: dict[type[StrEnum], dict[str, str]] = {
    DeadlineKind: DEADLINES,
    NoteKind: {
        NoteKind.NOTE: N_("Note"),
        NoteKind.CALL: N_("Call"),
        NoteKind.VISIT: N_("On-site visit"),
        NoteKind.MESSAGE: N_("Message sent or received"),
    },
    Readers: {
        Readers.CASE: N_("All who read the case"),
        Readers.HANDLERS: N_("Those who handle the case"),
        Readers.OWN: N_("Only me"),
    },
    Step: {
        Step.DECIDE: N_("Decide whether to accept the matter."),
        Step.FIND: N_("Find a mediator for it."),
        Step.AWAIT: N_("Somebody was asked to take it on. Wait for the answer."),
        Step.SCREEN: N_("Speak with each side alone, then book the first meeting."),
        Step.BOOK: N_("Book a meeting and send each person their link."),
        Step.BEGIN: N_("A meeting is booked. See that everyone has their link."),
        Step.GO_ON: N_("A meeting is under way."),
        Step.AGREE_REST: N_("Write down what was agreed. For the rest, book another meeting."),
        Step.CLOSE: N_(
            "No agreement. Tell the parties what else is open to them: arbitration, "
            "an administrative authority, or the court. Then close the case."
        ),
        Step.MEET_AGAIN: N_("Adjourned. Book the next meeting."),
        Step.ASK_WHETHER: N_(
            "The meeting broke off. Ask the parties whether to go on, then book again."
        ),
        Step.SIGN: N_(
            "The parties agreed. Write the agreement down, have all parties sign it, and seal it. "
            "Then close the case."
        ),
        Step.DECLINED: N_("The matter was declined. There is nothing to do."),
        Step.WITHDRAWN: N_("The matter was taken back. There is nothing to do."),
        Step.CLOSED: N_("The case is closed. There is nothing to do."),
    },
    How: {
        How.PHONE: N_("By telephone"),
        How.PAPER: N_("On paper"),
        How.MEETING: N_("In a meeting"),
    },
    Remedy: {
        Remedy.COURT: N_("Go to court"),
        Remedy.ARBITRATION: N_("Apply for arbitration"),
        Remedy.ADMINISTRATIVE: N_("Turn to an administrative authority"),
    },
    Goes: {
        Goes.STAYS: N_("Stays in this case"),
        Goes.MOVES: N_("Goes to the new case"),
        Goes.BOTH: N_("Is in both"),
    },
    TimeKind: {
        TimeKind.STATUS: N_("How the case stands"),
        TimeKind.PEOPLE: N_("People"),
        TimeKind.MEETINGS: N_("Meetings"),
        TimeKind.NOTES: N_("Notes and calls"),
        TimeKind.PAPERS: N_("Papers"),
        TimeKind.DEADLINES: N_("Deadlines"),
        TimeKind.NOTICES: N_("Notices"),
    },
}
