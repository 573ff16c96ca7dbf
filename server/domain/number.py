"""Case numbers 案号: by organisation, year and kind, from 1 upward without gaps."""

from __future__ import annotations

from server.domain.case import CaseKind, Regime
from server.domain.organisation import Organisation

_WORD = {
    (CaseKind.MEDIATION, Regime.PEOPLES): "人调字",
    (CaseKind.MEDIATION, Regime.COMMERCIAL): "商调字",
    (CaseKind.CONSULTATION, Regime.PEOPLES): "咨字",
    (CaseKind.CONSULTATION, Regime.COMMERCIAL): "咨字",
}


def series(kind: CaseKind, regime: Regime) -> str:
    """Which series of numbers a case belongs to: each is counted for itself."""
    return f"{kind}.{regime}" if kind is CaseKind.MEDIATION else str(kind)


def written(organisation: Organisation, kind: CaseKind, regime: Regime, year: int, n: int) -> str:
    """（2026）和人调字第12号, or as the organisation's own form says it.

    A form has `{year}` and `{n}` in it, and may have `{short}` and `{word}`.
    """
    form = organisation.number_form or "（{year}）{short}{word}第{n}号"
    word = _WORD[kind, regime]
    values = {"year": str(year), "n": str(n), "short": organisation.short, "word": word}
    for name, value in values.items():
        form = form.replace("{" + name + "}", value)
    return form
