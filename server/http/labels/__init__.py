"""The words for the domain's words: `neighbours` → Neighbours · 邻里."""

from __future__ import annotations

from enum import StrEnum

from server.http.labels import cases, meetings, people
from server.words import gettext

LABELS: dict[type[StrEnum], dict[str, str]] = {
    **cases.LABELS,
    **meetings.LABELS,
    **people.LABELS,
}


def label(word: StrEnum) -> str:
    """The word in the reader's language."""
    return gettext(LABELS[type(word)][word])
