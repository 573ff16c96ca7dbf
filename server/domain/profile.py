"""What colleagues and, if they wish, visitors know of a member of staff."""

from __future__ import annotations

from dataclasses import dataclass

from server.domain.case import DisputeType
from server.domain.ids import OrganisationId, UserId


@dataclass(frozen=True, slots=True)
class Profile:
    """`languages` and dialects in their own words. `photo` is a blob's id. `listed`: visitors may
    see and choose them; `phone` and `email` are for colleagues only.
    """

    user: UserId
    name: str
    organisation: OrganisationId
    organisation_name: str
    expertise: frozenset[DisputeType] = frozenset()
    languages: tuple[str, ...] = ()
    licence: str = ""
    introduction: str = ""
    listed: bool = False
    phone: str = ""
    email: str = ""
    photo: str | None = None
