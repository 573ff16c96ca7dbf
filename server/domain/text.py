"""Words people type, tidied and held to a length."""

from __future__ import annotations

from server.domain.errors import Refused


def checked_text(text: str, longest: int, missing: str, unusable: str) -> str:
    """One line of printable text with its spaces tidied. Raises Refused with the code given."""
    text = " ".join(text.split())
    if not text:
        raise Refused(missing)
    if len(text) > longest or not text.isprintable():
        raise Refused(unusable)
    return text


def checked_lines(text: str, longest: int, missing: str, unusable: str) -> str:
    """Text of several lines, each printable; the same otherwise."""
    lines = [" ".join(line.split()) for line in text.strip().splitlines()]
    if not any(lines):
        raise Refused(missing)
    if sum(map(len, lines)) > longest or not all(line.isprintable() for line in lines):
        raise Refused(unusable)
    return "\n".join(lines)
