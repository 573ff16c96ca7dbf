"""The sentence for every refusal: what happened, and what to do now.

Codes are for programs and stay; sentences are for people and are translated like all others.
"""

from __future__ import annotations

from server.sentences import (
    applying,
    cases,
    deciding,
    exhibits,
    files,
    finding,
    living,
    meetings,
    notices,
    pages,
    papers,
    parties,
    people,
    recording,
)
from server.sentences.meetings import CUTS

__all__ = ["CUTS", "REFUSALS", "refusal"]

REFUSALS: dict[str, str] = {
    code: text
    for about in (
        applying,
        cases,
        files,
        meetings,
        pages,
        papers,
        parties,
        people,
        finding,
        living,
        notices,
        deciding,
        exhibits,
        recording,
    )
    for code, text in about.REFUSALS.items()
}


def refusal(code: str) -> str:
    """The untranslated sentence for a code; for an unknown one, that something went wrong here."""
    return REFUSALS.get(code) or CUTS.get(code) or REFUSALS["unknown"]
