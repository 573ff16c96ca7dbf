"""By what people are found exactly: hashes of ID numbers and telephones, never the numbers."""

from __future__ import annotations

from contextlib import suppress

from server.domain.errors import Refused
from server.domain.identity import checked_phone, plain_number
from server.domain.party import Details
from server.services import sealed
from server.services.context import Context


def of(ctx: Context, tenant: str, details: Details) -> dict[str, str]:
    """The hashes of what is known, by kind."""
    known = {"id_number": id_number(details.id_number), "phone": phone(details.phone)}
    return {kind: sealed.lookup(ctx, tenant, kind, value) for kind, value in known.items() if value}


def id_number(typed: str) -> str:
    """As it is compared: capital letters and digits only."""
    return "".join(c for c in plain_number(typed) if c.isascii() and c.isalnum())


def phone(typed: str) -> str:
    """As it is compared: digits only, of mainland numbers without their country's +86."""
    # One that can't be one was kept as it was before telephones were checked.
    with suppress(Refused):
        typed = checked_phone(typed)
    return "".join(c for c in typed if c.isascii() and c.isdigit())
