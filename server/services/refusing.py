"""The words in which a matter is refused, and those that say where else to go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from server.domain.refusal import Elsewhere, Refusal, RefusalGround
from server.words import N_, gettext, speaking

GROUNDS: dict[str, str] = {
    RefusalGround.NOT_CIVIL: N_("It is not a dispute between people or organisations as equals."),
    RefusalGround.COURT_DECIDED: N_("A court has decided it, or is dealing with it now."),
    RefusalGround.POLICE_MATTER: N_("It is a matter for the police."),
    RefusalGround.NO_JURISDICTION: N_("It does not belong to this place."),
    RefusalGround.WRONG_PARTY: N_("The other side named is not the one it is about."),
    RefusalGround.UNWILLING: N_("The other side does not want to mediate."),
    RefusalGround.HANDLED_ELSEWHERE: N_("It is being handled somewhere else already."),
    RefusalGround.OTHER: N_("Another reason, given in words."),
}

REMEDIES: dict[str, str] = {
    Elsewhere.COURT: N_("You can bring an action at the court."),
    Elsewhere.ARBITRATION: N_("You can apply for arbitration."),
    Elsewhere.ADMINISTRATIVE: N_("You can turn to the administrative authority in charge of it."),
    Elsewhere.POLICE: N_("You can report it to the police."),
    Elsewhere.COMMITTEE: N_("You can apply to the mediation committee it belongs to."),
    Elsewhere.LEGAL_AID: N_("You can ask for legal aid, at 12348 or at a legal aid centre."),
}


def reason(refusal: Refusal) -> str:
    """The usual sentence, and what was added to it, in the language being spoken."""
    ground = refusal.ground
    usual = "" if ground in (None, RefusalGround.OTHER) else gettext(GROUNDS[ground])
    return "\n".join(filter(None, (usual, refusal.words)))


def remedies(refusal: Refusal) -> str:
    return "\n".join(gettext(REMEDIES[place]) for place in refusal.elsewhere)


def told(refusal: Refusal) -> str:
    """All of it."""
    return "\n".join(filter(None, (reason(refusal), remedies(refusal))))


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """What is written for others is not written in the language of who clicks."""
    token = speaking.set(language)
    try:
        yield
    finally:
        speaking.reset(token)
