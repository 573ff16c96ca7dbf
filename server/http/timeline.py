"""The sentences of a case's time line; what it shows at all is `server.services.cases.SHOWN`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from server.words import N_

SENTENCES = {
    "case.created": N_("Case entered"),
    "case.accepted": N_("Accepted, with a number"),
    "case.assigned": N_("Given to a mediator"),
    "session.booked": N_("Meeting booked"),
    "session.opened": N_("Meeting opened"),
    "session.consented": N_("Consent given"),
    "session.withdrew": N_("Consent withdrawn"),
    "session.took_chair": N_("Co-mediator took the chair"),
    "session.ended": N_("Meeting ended"),
    "session.cancelled": N_("Meeting cancelled"),
    "session.reissued": N_("New link made for one person"),
}


class Entry(Protocol):
    @property
    def at(self) -> datetime: ...
    @property
    def verb(self) -> str: ...
    @property
    def who(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Line:
    """`text` is not yet translated."""

    at: datetime
    text: str
    actor: str | None


def lines(entries: Iterable[Entry]) -> Iterator[Line]:
    for entry in entries:
        yield Line(entry.at, SENTENCES[entry.verb], entry.who)
