"""What colleagues and, if they wish, visitors know of a member of staff."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from server.domain.case import DisputeType
from server.domain.errors import Refused
from server.domain.ids import OrganisationId, UserId
from server.domain.text import checked_lines, checked_text

LANGUAGE_LENGTH = 30
MOST_LANGUAGES = 10
LICENCE_LENGTH = 60
INTRODUCTION_LENGTH = 1000
LARGEST_PHOTO = 5 * 1024 * 1024


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


def checked_expertise(typed: Iterable[str]) -> tuple[DisputeType, ...]:
    """In the order of every list of them. Raises Refused("expertise_unusable")."""
    chosen = set(typed)
    if chosen - set(DisputeType):
        raise Refused("expertise_unusable")
    return tuple(kind for kind in DisputeType if kind in chosen)


def checked_languages(typed: str) -> tuple[str, ...]:
    """`普通话、吴语` or one a line; each once. Raises Refused("languages_unusable")."""
    words = (" ".join(word.split()) for word in re.split(r"[,，、;；/\n]", typed))
    found = tuple(dict.fromkeys(word for word in words if word))
    if len(found) > MOST_LANGUAGES:
        raise Refused("languages_unusable")
    if any(len(word) > LANGUAGE_LENGTH or not word.isprintable() for word in found):
        raise Refused("languages_unusable")
    return found


def checked_licence(typed: str) -> str:
    if not typed.strip():
        return ""
    return checked_text(typed, LICENCE_LENGTH, "licence_unusable", "licence_unusable")


def checked_introduction(typed: str) -> str:
    code = "introduction_unusable"
    return checked_lines(typed, INTRODUCTION_LENGTH, code, code) if typed.strip() else ""
