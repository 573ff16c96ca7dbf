"""Every kind of later work and what does it. Each noun brings its own."""

from __future__ import annotations

from server.services import (
    applications,
    deadlines,
    documents,
    imports,
    notices,
    outbox,
    reminders,
    retention,
    screenings,
    session_reminders,
    unseating,
    workdays,
)
from server.services.later import Work

JOBS: dict[str, Work] = {
    applications.EXPIRY: applications.expire,
    notices.SEND: outbox.send,
    documents.SWEEP: documents.sweep_again,
    imports.WORK: imports.work,
    imports.FORGET: imports.forget,
    imports.INVITE: imports.invite,
    imports.DEADLINES: imports.set_deadlines,
    outbox.RECEIPT: outbox.receipt,
    deadlines.JOB: reminders.remind,
    session_reminders.REMIND: session_reminders.remind,
    retention.EXPIRE: retention.expire,
    screenings.FOLLOW: screenings.follow,
    unseating.FOLLOW: unseating.follow,
    workdays.COUNT_ANEW: reminders.count_anew,
}
