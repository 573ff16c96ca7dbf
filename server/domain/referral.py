"""A matter passed on to us by a court, the police or another body, with its reference."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from server.domain.errors import Refused
from server.domain.text import checked_text

BODY_LENGTH = 200
REFERENCE_LENGTH = 100
OLDEST = timedelta(days=366)
"""Who finds an older one on the table has mistyped its year."""

_CHINESE = re.compile(r"[一-鿿]")


@dataclass(frozen=True, slots=True)
class Referral:
    """`body`: who passed it on; `reference`: its number there; `received_on`: when it came."""

    body: str
    reference: str
    received_on: date


def checked_body(name: str) -> str:
    return checked_text(name, BODY_LENGTH, "referred_by_missing", "referred_by_unusable")


def checked_reference(typed: str) -> str:
    """Written in one way, so that the same one is found again: no spaces, capital letters, and
    round brackets, wide ones (（2026）) where it is Chinese.
    """
    text = checked_text(typed, REFERENCE_LENGTH, "reference_missing", "reference_unusable")
    text = unicodedata.normalize("NFKC", text).replace(" ", "").upper()
    text = text.translate(str.maketrans("[]〔〕【】{}", "()()()()"))
    return text.translate(str.maketrans("()", "（）")) if _CHINESE.search(text) else text


def checked_received(typed: str, today: date) -> date:
    """Empty: today. Raises Refused("received_unusable") for the future and the far past."""
    if not typed.strip():
        return today
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        raise Refused("received_unusable") from None
    if not today - OLDEST <= day <= today:
        raise Refused("received_unusable")
    return day
