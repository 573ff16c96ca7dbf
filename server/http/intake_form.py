"""The form by which staff take a matter in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import partial
from typing import ClassVar, TypeVar

from server.domain.case import REFERRED, Difficulty, DisputeType, Regime, Source, checked_title
from server.domain.errors import Refused
from server.domain.ids import OrganisationId, UserId
from server.domain.party import SIDES
from server.domain.referral import Referral, checked_body, checked_received, checked_reference
from server.domain.statement import checked_statement
from server.http.forms import MOST_ROWS, Data, Form, key_of, more_of, text
from server.http.labels import label
from server.http.party_form import PartyRow, rows
from server.services import editing, opening
from server.services.intake import SOURCES, Intake
from server.services.opening import NewParty
from server.words import gettext as _

Word = TypeVar("Word", bound=StrEnum)

NAME_IN_TITLE = 60


@dataclass(slots=True)
class IntakeForm(Form):
    """`another`: what was shown as alike is another matter; `alike_seen`: to what that was said."""

    fields: ClassVar[dict[str, str]] = {
        "mediator": "mediator",
        "you_may_know": "other_person",
        "accept_first": "mediator",
        "organisation_": "organisation",
        "same_person": "party0",
        "parties_": "party0",
        "too_many_parties": "party0",
    }
    source: str = Source.VISIT
    reference: str = ""
    referred_by: str = ""
    received_on: str = ""
    title: str = ""
    dispute_type: str = ""
    rows: list[PartyRow] = field(default_factory=lambda: [PartyRow("A"), PartyRow("B")])
    facts: str = ""
    request: str = ""
    place: str = ""
    difficulty: str = Difficulty.SIMPLE
    regime: str = Regime.PEOPLES
    organisation: str = ""
    mediator: str = ""
    accept: bool = True
    other_person: bool = False
    more: bool = False
    another: bool = False
    alike_seen: str = ""

    @classmethod
    def read(cls, data: Data) -> IntakeForm:
        form = cls(
            key=key_of(data),
            source=text(data, "source"),
            reference=text(data, "reference"),
            referred_by=text(data, "referred_by"),
            received_on=text(data, "received_on"),
            title=text(data, "title"),
            dispute_type=text(data, "dispute_type"),
            facts=text(data, "facts"),
            request=text(data, "request"),
            place=text(data, "place"),
            difficulty=text(data, "difficulty"),
            regime=text(data, "regime"),
            organisation=text(data, "organisation"),
            mediator=text(data, "mediator"),
            rows=rows(data, MOST_ROWS) or [PartyRow("A"), PartyRow("B")],
            accept="accept" in data,
            other_person="other_person" in data,
            more=more_of(data),
            another=text(data, "action") == "another",
            alike_seen=text(data, "alike_seen"),
        )
        if form.more and len(form.rows) < MOST_ROWS:
            form.rows.append(PartyRow(form._next_side()))
        return form

    def checked(self, today: date) -> Intake | None:
        """What was typed, or None with `errors` filled."""
        source = self.check("source", self._source)
        kind = self.check("dispute_type", self._type)
        people = self._people(today)
        referral = self._referral(today) if source in REFERRED else None
        typed = self.title.strip() or (proposed_title(kind, people) if kind and people else "")
        title = self.check("title", lambda: checked_title(typed)) if typed else None
        facts = self.check("facts", lambda: checked_statement(facts=self.facts))
        request = self.check("request", lambda: checked_statement(request=self.request))
        place = self.check("place", lambda: checked_statement(place=self.place))
        if self.errors or not (source and kind and title and facts and request and place):
            return None
        return Intake(
            title=title,
            dispute_type=kind,
            parties=people,
            source=source,
            referral=referral,
            statement=replace(facts, request=request.request, place=place.place),
            difficulty=_one_of(Difficulty, self.difficulty, Difficulty.SIMPLE),
            regime=_one_of(Regime, self.regime, Regime.PEOPLES),
            organisation=OrganisationId(self.organisation) if self.organisation else None,
            mediator=UserId(self.mediator) if self.mediator else None,
            accept=self.accept,
            other_person=self.other_person,
        )

    def errors_of(self, number: int) -> dict[str, str]:
        """What is wrong in one row, by field."""
        start = f"party{number}-"
        wrong = {
            name.removeprefix(start): code
            for name, code in self.errors.items()
            if name.startswith(start)
        }
        if f"party{number}" in self.errors:
            wrong["name"] = self.errors[f"party{number}"]
        return wrong

    def shown_alike(self, new: Intake) -> str:
        """The stamp of what look-alikes were looked for: said of others it counts for nothing."""
        return editing.stamp(new.dispute_type, [(p.name, p.details) for p in new.parties])

    def _source(self) -> Source:
        if self.source not in SOURCES:
            raise Refused("source_missing")
        return Source(self.source)

    def _type(self) -> DisputeType:
        if self.dispute_type not in set(DisputeType):
            raise Refused("dispute_type_missing")
        return DisputeType(self.dispute_type)

    def _referral(self, today: date) -> Referral | None:
        body = self.check("referred_by", lambda: checked_body(self.referred_by))
        reference = self.check("reference", lambda: checked_reference(self.reference))
        day = self.check("received_on", lambda: checked_received(self.received_on, today))
        return Referral(body, reference, day) if body and reference and day else None

    def _people(self, today: date) -> list[NewParty]:
        """The rows that are filled in; empty ones don't count."""
        found: list[NewParty] = []
        for number, row in enumerate(self.rows):
            if not row.filled:
                continue
            party, wrong = row.checked(today)
            for name, code in wrong.items():
                self.errors[f"party{number}" if name == "name" else f"party{number}-{name}"] = code
            if party is not None:
                self.check(f"party{number}", partial(opening.each_once, [*found, party]))
                found.append(party)
        if not any(row.filled for row in self.rows):
            self.errors["party0"] = "parties_missing"
        return found

    def _next_side(self) -> str:
        """One more person is rarely one more side: the last side again."""
        return self.rows[-1].side if self.rows[-1].side in SIDES else SIDES[0]


def _one_of(words: type[Word], typed: str, otherwise: Word) -> Word:
    return words(typed) if typed in set(words) else otherwise


def proposed_title(kind: DisputeType, people: Sequence[NewParty]) -> str:
    """Who against whom about what: one name a side, the first two sides."""
    first: dict[str, str] = {}
    for person in people:
        first.setdefault(person.side, person.name[:NAME_IN_TITLE])
    names = [first[side] for side in sorted(first)][:2]
    if len(names) == 1:
        return _("%(name)s: %(type)s", name=names[0], type=label(kind))
    return _("%(one)s and %(other)s: %(type)s", one=names[0], other=names[1], type=label(kind))
