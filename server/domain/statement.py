"""What a matter is about, in the words of who brought it. Sealed where it is kept."""

from __future__ import annotations

from dataclasses import dataclass

from server.domain.errors import Refused
from server.domain.text import checked_lines, checked_text

FACTS_LENGTH = 5000
PLACE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Statement:
    """`facts`: what happened; `request`: what is asked for; `place`: where it is about."""

    facts: str = ""
    request: str = ""
    place: str = ""


def checked_statement(facts: str = "", request: str = "", place: str = "") -> Statement:
    """Each may be empty. Raises Refused: facts_unusable, request_unusable, place_unusable."""
    return Statement(
        _lines(facts, "facts_unusable"),
        _lines(request, "request_unusable"),
        checked_text(place, PLACE_LENGTH, "", "place_unusable") if place.strip() else "",
    )


def _lines(text: str, unusable: str) -> str:
    if not text.strip():
        return ""
    try:
        return checked_lines(text, FACTS_LENGTH, "", unusable)
    except Refused:
        raise Refused(unusable) from None
