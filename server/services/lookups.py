"""By what people are found exactly: hashes of ID numbers and telephones, never the numbers."""

from __future__ import annotations

from server.domain.party import Details
from server.services import sealed
from server.services.context import Context


def of(ctx: Context, tenant: str, details: Details) -> dict[str, str]:
    """The hashes of what is known, by kind."""
    known = {"id_number": id_number(details.id_number), "phone": phone(details.phone)}
    return {kind: sealed.lookup(ctx, tenant, kind, value) for kind, value in known.items() if value}


def id_number(typed: str) -> str:
    """As it is compared: capital letters and digits only."""
    return "".join(c for c in typed.upper() if c.isascii() and c.isalnum())


def phone(typed: str) -> str:
    """As it is compared: digits only, without the country's +86 or 0086."""
    digits = "".join(c for c in typed if c.isascii() and c.isdigit())
    if typed.strip().startswith("+86"):
        return digits[2:]
    return digits.removeprefix("0086")
