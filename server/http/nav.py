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
    Place("/cases", N_("Cases"), Verb.READ_CASE),
)


def places(user: User) -> list[Place]:
    return [p for p in PLACES if p.verb is None or scope(user, p.verb)]
