"""The sentences of a case's time line.

What it shows of the audit is `server.services.cases.SHOWN`; the rest is in `services.time_line`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server.services.time_line import TimeEntry
from server.words import N_

SENTENCES = {
    "case.code_told": N_("Matter code shown"),
    "case.code_renewed": N_("New matter code given; the old one finds nothing any more"),
    "case.created": N_("Case entered"),
    "case.party_added": N_("Party added"),
    "case.party_changed": N_("Details of a party changed"),
    "case.party_moved": N_("Party changed sides"),
    "case.party_left": N_("Party left"),
    "case.party_back": N_("Party came back"),
    "case.speaker_added": N_("Representative added"),
    "case.speaker_changed": N_("Details of a representative changed"),
    "case.speaker_ended": N_("Power of a representative ended"),
    "case.changed": N_("What it is about was changed"),
    "case.sealed_seen": N_("Sealed details of a party looked at"),
    "case.accepted": N_("Accepted, with a number"),
    "case.assigned": N_("Given to a mediator"),
    "case.classified": N_("Type or difficulty changed"),
    "case.exported": N_("Exported with ID numbers, telephones and addresses"),
    "case.applied": N_("Applied for again"),
    "case.declined": N_("Declined"),
    "case.withdrawn": N_("Withdrawn"),
    "case.mediating": N_("Mediation began"),
    "case.signing": N_("The agreement is to be signed"),
    "case.closed": N_("Closed"),
    "case.reopened": N_("Opened again"),
    "case.noted": N_("Written down"),
    "case.deadline_passed": N_("A limit passed"),
    "case.extension_asked": N_("Extension asked for"),
    "case.extension_answered": N_("A side answered about the extension"),
    "case.extension_granted": N_("Extension granted: every side consents"),
    "case.extension_refused": N_("Extension refused"),
    "case.extension_taken_back": N_("Extension not asked for any more"),
    "case.confirmation_applied": N_("Judicial confirmation applied for"),
    "case.confirmation_taken_back": N_("That confirmation was applied for was not so"),
    "case.joined": N_("Another case was joined to this one"),
    "case.split": N_("A part became a case of its own"),
    "case.split_from": N_("Split from another case"),
    "case.offered": N_("Offered to somebody"),
    "case.offer_declined": N_("Offer declined"),
    "case.offer_disclosed": N_("Answered: knows one of the people"),
    "case.offer_taken_back": N_("Offer taken back"),
    "case.handed_over": N_("Handed over to another mediator"),
    "case.handler_added": N_("Somebody more works on it"),
    "case.handler_ended": N_("Somebody works on it no more"),
    "case.wished": N_("Wish for a mediator noted"),
    "case.screened": N_("A side was asked alone before the meeting"),
    "session.host_changed": N_("Meeting given to the new mediator"),
    "session.booked": N_("Meeting booked"),
    "session.opened": N_("Meeting opened"),
    "session.consented": N_("Consent given"),
    "session.withdrew": N_("Consent withdrawn"),
    "session.took_chair": N_("Co-mediator took the chair"),
    "session.ended": N_("Meeting ended"),
    "session.number_seen": N_("Telephone number looked at in a meeting"),
    "session.contact_changed": N_("Telephone or e-mail of a guest of a meeting changed"),
    "session.exhibit_kept": N_("Paper shown in the meeting kept in the file"),
    "session.cancelled": N_("Meeting cancelled"),
    "session.rescheduled": N_("Meeting moved to another time"),
    "session.seat_added": N_("One more person was invited to the meeting"),
    "session.revoked": N_("A link was taken away"),
    "session.chair_given": N_("The chair was given to another mediator"),
    "session.break": N_("Break in the meeting"),
    "session.reissued": N_("New link made for one person"),
    "case.imported": N_("Brought in from another system"),
    "case.reported": N_("Reported by a grid worker"),
    "document.added": N_("Paper added"),
    "document.removed": N_("Paper removed"),
    "document.put_back": N_("Paper put back"),
    "case.notice_sent": N_("Notice sent"),
    "case.notice_failed": N_("Notice could not be sent"),
    "case.notice_again": N_("Notice sent again by hand"),
    "case.notice_told": N_("Told by hand what a notice says"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """`text` is not yet translated."""

    text: str
    entry: TimeEntry


def lines(entries: Iterable[TimeEntry]) -> list[Line]:
    return [Line(SENTENCES[entry.verb], entry) for entry in entries]
