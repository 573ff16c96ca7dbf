"""The way to the pages of staff: what stands at the top, for whom."""

from __future__ import annotations

from dataclasses import dataclass

from server.domain.rights import Verb, scope
from server.domain.user import User
from server.words import N_


@dataclass(frozen=True, slots=True)
class Place:
    """`text` is not yet translated. It is shown to whoever has the verb anywhere (None: to all)."""

    path: str
    text: str
    verb: Verb | None = None


PLACES = (
    Place("/today", N_("Today")),
    Place("/calendar", N_("Calendar"), Verb.READ_CASE),
    Place("/cases", N_("Cases"), Verb.READ_CASE),
    Place("/reports", N_("My reports"), Verb.REPORT),
    Place("/people", N_("People"), Verb.MANAGE),
    Place("/organisations", N_("Organisations"), Verb.MANAGE),
    Place("/notices", N_("Notices"), Verb.READ_CASE),
    Place("/quality", N_("Quality of calls"), Verb.SEE_QUALITY),
    Place("/looks", N_("Who looked"), Verb.READ_AUDIT),
    Place("/notices/templates", N_("Words of the notices"), Verb.MANAGE),
    Place("/workdays", N_("Working days"), Verb.MANAGE),
    Place("/imports", N_("Import"), Verb.IMPORT),
    Place("/imports", N_("Import"), Verb.MANAGE),
)


def only_reports(user: User) -> bool:
    """Whether all they do here is to report: then that is where they begin."""
    verbs = [verb for verb in Verb if scope(user, verb)]
    return verbs == [Verb.REPORT]


def places(user: User) -> list[Place]:
    found = [p for p in PLACES if p.verb is None or scope(user, p.verb)]
    if only_reports(user):
        found = [place for place in found if place.verb is Verb.REPORT]
    # A page that two verbs lead to stands there once.
    return list({place.path: place for place in found}.values())
