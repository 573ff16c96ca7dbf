"""Words people type, tidied and held to a length."""

from __future__ import annotations

import unicodedata

from server.domain.errors import Refused

_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Controls, marks that turn the reading direction, half characters, odd line ends."""


def visible(text: str) -> bool:
    """Whether all of it can be seen and kept.

    Names are written in characters newer than what Python knows of Unicode, and in ones that a
    computer at the registry has put into private use: both are let through.
    """
    return shown(text) == text


def shown(text: str, also: str = "") -> str:
    """What of it can be seen, and the characters of `also`."""
    pairs = zip(" " + text, text, strict=False)
    return "".join(c for before, c in pairs if c in also or _shows(before, c))


def _shows(before: str, c: str) -> bool:
    if "\U000e0100" <= c <= "\U000e01ef":
        # Which shape of the ideograph before it is meant. Elsewhere it could only hide something.
        return _ideograph(before)
    category = unicodedata.category(c)
    return category not in _HIDDEN and (category != "Cn" or _ideograph(c))


def _ideograph(c: str) -> bool:
    """Planes 2 and 3 are for ideographs alone, known to this Python or not yet."""
    plain = "\u3400" <= c <= "\u9fff" or "\uf900" <= c <= "\ufaff"
    return plain or (0x2 <= ord(c) >> 16 <= 0x3 and ord(c) & 0xFFFF < 0xFFFE)


def keepable(text: str) -> bool:
    """Whether a database can hold it: no NUL, no half of a character."""
    return not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in text)


def plain(name: str) -> str:
    """As names are compared that people have typed: spaces and capital letters don't count."""
    return "".join(name.split()).casefold()


def checked_text(text: str, longest: int, missing: str, unusable: str) -> str:
    """One line of visible text with its spaces tidied. Raises Refused with the code given."""
    text = " ".join(text.split())
    if not text:
        raise Refused(missing)
    if len(text) > longest or not visible(text):
        raise Refused(unusable)
    return text


def checked_lines(text: str, longest: int, missing: str, unusable: str) -> str:
    """Text of several lines, each visible; the same otherwise."""
    lines = [" ".join(line.split()) for line in text.strip().splitlines()]
    if not any(lines):
        raise Refused(missing)
    if sum(map(len, lines)) > longest or not all(map(visible, lines)):
        raise Refused(unusable)
    return "\n".join(lines)
