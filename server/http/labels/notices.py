"""Notices: what they are, how they go, how they went."""

from __future__ import annotations

from enum import StrEnum

from server.domain.notice import Channel, NoticeName, NoticeState, Reason
from server.words import N_

LABELS: dict[type[StrEnum], dict[str, str]] = {
    NoticeName: {
        NoticeName.APPLICATION_RECEIVED: N_("Application received"),
        NoticeName.CASE_ACCEPTED: N_("Matter accepted"),
        NoticeName.CASE_DECLINED: N_("Matter declined"),
        NoticeName.CASE_WITHDRAWN: N_("Application withdrawn"),
        NoticeName.MEDIATOR_OFFERED: N_("Matter offered to a mediator"),
        NoticeName.MEDIATOR_ASSIGNED: N_("Mediator named"),
        NoticeName.HANDED_OVER: N_("Handed over"),
        NoticeName.CHOOSE_MEDIATOR: N_("Reminder to choose a mediator"),
        NoticeName.MEDIATION_ENDS: N_("Reminder that time is running out"),
        NoticeName.CONFIRM_AGREEMENT: N_("Reminder that a court can confirm the agreement"),
        NoticeName.DEADLINE_NEAR: N_("Time limit near"),
        NoticeName.DEADLINE_PASSED: N_("Time limit passed"),
        NoticeName.EXTENSION_ASKED: N_("Asked about an extension"),
        NoticeName.EXTENSION_DECIDED: N_("Extension decided"),
        NoticeName.CASE_CLOSED: N_("Matter closed"),
        NoticeName.CASE_REOPENED: N_("Matter opened again"),
        NoticeName.SESSION_BOOKED: N_("Invitation to a meeting"),
        NoticeName.SESSION_PREPARATION: N_("Invitation to a private talk before the meeting"),
        NoticeName.SESSION_MOVED: N_("Meeting moved"),
        NoticeName.SESSION_CANCELLED: N_("Meeting cancelled"),
        NoticeName.SESSION_REMINDER: N_("Reminder the day before a meeting"),
        NoticeName.SESSION_SOON: N_("Reminder an hour before a meeting"),
        NoticeName.STAFF_INVITED: N_("Invitation of staff"),
    },
    Channel: {
        Channel.SMS: N_("SMS"),
        Channel.EMAIL: N_("Mail"),
        Channel.COPY: N_("To be copied by hand"),
    },
    NoticeState: {
        NoticeState.WAITING: N_("Waiting to be sent"),
        NoticeState.SENT: N_("Sent"),
        NoticeState.ARRIVED: N_("Arrived"),
        NoticeState.FAILED: N_("Failed"),
        NoticeState.NO_PROVIDER: N_("Not sent: no provider"),
        NoticeState.NO_ADDRESS: N_("Not sent: no telephone or e-mail"),
        NoticeState.BY_HAND: N_("Told by hand"),
    },
    Reason: {
        Reason.ADDRESS_REFUSED: N_("this telephone or e-mail does not exist or takes nothing"),
        Reason.PROVIDER_REFUSED: N_("the provider refused it"),
        Reason.NOT_REACHED: N_("the provider could not be reached"),
        Reason.TOO_MANY: N_("the provider takes no more at the moment"),
        Reason.NO_CREDIT: N_("the account with the provider is empty"),
        Reason.CREDENTIALS: N_("the provider does not accept our key"),
        Reason.NO_TEMPLATE: N_("the provider does not know this text"),
        Reason.NOT_DELIVERED: N_("it did not reach the telephone"),
        Reason.CALLED_OFF: N_("the meeting was cancelled or moved before that"),
        Reason.UNREADABLE: N_("its words no longer exist"),
    },
}
