"""The words for the domain's words: `neighbours` → Neighbours · 邻里."""

from __future__ import annotations

from enum import StrEnum

from server.http.labels import (
    applying,
    cases,
    deciding,
    files,
    finding,
    living,
    meetings,
    notices,
    parties,
    people,
    quality,
    recording,
)
from server.words import gettext

LABELS: dict[type[StrEnum], dict[str, str]] = {
    **applying.LABELS,
    **cases.LABELS,
    **deciding.LABELS,
    **finding.LABELS,
    **files.LABELS,
    **living.LABELS,
    **meetings.LABELS,
    **notices.LABELS,
    **parties.LABELS,
    **people.LABELS,
    **quality.LABELS,
    **recording.LABELS,
}


def label(word: StrEnum) -> str:
    """The word in the reader's language."""
    return gettext(LABELS[type(word)][word])
