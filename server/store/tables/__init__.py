"""Every table. Names are the domain's nouns; `created_at` is when the row was written.

Words in columns (`state`, `role`, …) are the values of the domain's enums.
"""

from __future__ import annotations

from server.store.tables.audit import audit_checkpoint, audit_entry, audit_head, audit_seal
from server.store.tables.cases import (
    case,
    case_handler,
    case_link,
    case_offer,
    case_status,
    case_wish,
    form,
    number_counter,
    party,
    party_lookup,
    representative,
)
from server.store.tables.coming import application, document, matter_code, report
from server.store.tables.living import (
    bulk,
    deadline,
    extension,
    import_error,
    import_job,
    note,
    saved_filter,
    screening,
    workday,
)
from server.store.tables.meetings import (
    attendance,
    command,
    consent,
    device,
    seat,
    seat_event,
    session,
    space,
)
from server.store.tables.notices import due, notice, notice_template
from server.store.tables.people import (
    grant,
    invitation,
    organisation,
    recovery_code,
    staff_session,
    user,
)

__all__ = [
    "application",
    "attendance",
    "audit_checkpoint",
    "audit_entry",
    "audit_head",
    "audit_seal",
    "bulk",
    "case",
    "case_handler",
    "case_link",
    "case_offer",
    "case_status",
    "case_wish",
    "command",
    "consent",
    "deadline",
    "device",
    "document",
    "due",
    "extension",
    "form",
    "grant",
    "import_error",
    "import_job",
    "invitation",
    "matter_code",
    "note",
    "notice",
    "notice_template",
    "number_counter",
    "organisation",
    "party",
    "party_lookup",
    "recovery_code",
    "report",
    "representative",
    "saved_filter",
    "screening",
    "seat",
    "seat_event",
    "session",
    "space",
    "staff_session",
    "user",
    "workday",
]
