"""Case numbers 案号: by organisation, year and kind, from 1 upward without gaps."""

from __future__ import annotations

import re
from typing import Protocol

from server.domain.case import CaseKind, Regime
from server.domain.errors import Refused

FORM = "（{year}）{short}{word}第{n}号"
FORM_LENGTH = 60
_PLACES = {"{year}", "{word}", "{n}", "{short}"}


class Numbered(Protocol):
    """An organisation, as far as numbers go."""

    @property
    def short(self) -> str: ...

    @property
    def number_form(self) -> str: ...


_WORD = {
    (CaseKind.MEDIATION, Regime.PEOPLES): "人调字",
    (CaseKind.MEDIATION, Regime.COMMERCIAL): "商调字",
    (CaseKind.CONSULTATION, Regime.PEOPLES): "咨字",
    (CaseKind.CONSULTATION, Regime.COMMERCIAL): "咨字",
}


def series(kind: CaseKind, regime: Regime) -> str:
    """Which series of numbers a case belongs to: each is counted for itself."""
    return f"{kind}.{regime}" if kind is CaseKind.MEDIATION else str(kind)


def checked_form(form: str) -> str:
    """A form has `{year}`, `{word}` and `{n}` once each, and may have `{short}`.

    Without the word, a mediation and a consultation would have the same number. Raises Refused.
    """
    places = re.findall(r"\{[^{}]*\}", form)
    needed = _PLACES - {"{short}"} <= set(places) <= _PLACES and len(places) == len(set(places))
    stray = set(re.sub(r"\{[a-z]+\}", "", form)) & set("{}")
    if not needed or stray or len(form) > FORM_LENGTH or not form.isprintable():
        raise Refused("number_form_unusable")
    return form


def written(organisation: Numbered, kind: CaseKind, regime: Regime, year: int, n: int) -> str:
    """（2026）和人调字第12号, or as the organisation's own form says it."""
    form = organisation.number_form or FORM
    word = _WORD[kind, regime]
    values = {"year": str(year), "n": str(n), "short": organisation.short, "word": word}
    for name, value in values.items():
        form = form.replace("{" + name + "}", value)
    return form


def read(
    organisation: Numbered, kind: CaseKind, regime: Regime, number: str
) -> tuple[int, int] | None:
    """Year and n of a number that `written` gives; None for one of another form."""
    pattern = re.escape(organisation.number_form or FORM)
    found = {
        "year": r"(?P<year>[0-9]{4})",
        "n": r"(?P<n>[0-9]{1,9})",
        "short": re.escape(organisation.short),
        "word": re.escape(_WORD[kind, regime]),
    }
    for name, part in found.items():
        pattern = pattern.replace(re.escape("{" + name + "}"), part)
    match = re.fullmatch(pattern, number)
    return (int(match["year"]), int(match["n"])) if match else None
