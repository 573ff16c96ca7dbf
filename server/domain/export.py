"""Lists that leave the product as files."""

from __future__ import annotations

from enum import StrEnum

from server.domain.errors import Refused

MOST_SEALED = 2_000
"""Cases exported at once with ID numbers, telephones and addresses."""


class ExportWhy(StrEnum):
    FIGURES = "figures"
    SUPERIORS = "superiors"
    PLANNING = "planning"
    ARCHIVE = "archive"
    AUTHORITY = "authority"
    """A court or an office that may ask for it."""


def checked_why(typed: str) -> ExportWhy:
    """Raises Refused("export_reason_missing")."""
    if typed not in set(ExportWhy):
        raise Refused("export_reason_missing")
    return ExportWhy(typed)
