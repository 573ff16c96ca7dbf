"""What is typed about one person or organisation: a row of the intake, or a form of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from dataclasses import fields as columns_of
from datetime import date
from typing import ClassVar

from server.domain.errors import Refused
from server.domain.identity import DetailsRefused, checked_details
from server.domain.party import PartyKind, checked_name, checked_side
from server.http.forms import Data, Form, key_of, text
from server.services.opening import NewParty
from server.services.parties import LineRefused, Typed
from server.services.speakers import TypedSpeaker

_BETWEEN = re.compile(r"[\t,，;；、]|\s+(?=\+?\d[\d -]{6,}[\dXx])")
DETAILS = (
    "phone",
    "id_number",
    "address",
    "sex",
    "born",
    "ethnicity",
    "occupation",
    "email",
)
"""As in domain.party.Details."""


@dataclass(slots=True)
class PartyRow:
    """One row of a form that has several; in the order in which the columns are read."""

    side: str = ""
    kind: str = "person"
    name: str = ""
    phone: str = ""
    id_number: str = ""
    address: str = ""
    sex: str = ""
    born: str = ""
    ethnicity: str = ""
    occupation: str = ""
    email: str = ""

    @property
    def filled(self) -> bool:
        return bool(self.name.strip()) or any(v.strip() for v in self.details.values())

    @property
    def more(self) -> bool:
        """Whether something is typed that is folded away else."""
        folded = ("address", "sex", "born", "ethnicity", "occupation", "email")
        return any(self.details[name].strip() for name in folded)

    @property
    def details(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in DETAILS}

    def checked(self, today: date) -> tuple[NewParty | None, dict[str, str]]:
        """The party, or what is wrong, by field."""
        wrong: dict[str, str] = {}
        kind = kind_of(self.kind)
        found = NewParty(name=self.name, side=self.side, kind=kind)
        try:
            found = NewParty(checked_name(self.name), self.side, kind)
        except Refused as refused:
            wrong["name"] = refused.code
        try:
            checked_side(self.side)
        except Refused as refused:
            wrong["side"] = refused.code
        try:
            details = checked_details(kind, today=today, **self.details)
            found = NewParty(found.name, found.side, kind, details)
        except DetailsRefused as refused:
            wrong |= refused.fields
        return (None if wrong else found), wrong


def rows(data: Data, most: int) -> list[PartyRow]:
    """As many as there are names; what a column is short of is empty."""
    names = [column.name for column in columns_of(PartyRow)]
    columns = {name: [str(value) for value in data.getall(name, [])] for name in names}
    found = []
    for number in range(min(len(columns["name"]), most)):
        given = {name: column[number] for name, column in columns.items() if number < len(column)}
        found.append(PartyRow(**given))
    return found


def kind_of(typed: str) -> PartyKind:
    return PartyKind(typed) if typed in set(PartyKind) else PartyKind.PERSON


@dataclass(slots=True)
class PartyForm(Form):
    """One party on a page of their own. `stamp`: services.editing; `removed`: what is to go."""

    fields: ClassVar[dict[str, str]] = {"party_name": "name", "side_": "side"}
    row: PartyRow = field(default_factory=lambda: PartyRow("A"))
    stamp: str = ""
    removed: frozenset[str] = frozenset()

    @classmethod
    def read(cls, data: Data) -> PartyForm:
        return cls(key=key_of(data), row=_row(data), stamp=text(data, "stamp"), removed=_gone(data))

    def typed(self) -> Typed:
        row = self.row
        return Typed(row.name, row.details, row.side, kind_of(row.kind), self.removed)

    def note(self, refused: Refused) -> None:
        """What the service has refused, at its fields."""
        if isinstance(refused, DetailsRefused):
            self.errors |= refused.fields
        else:
            self.refuse(refused.code)


@dataclass(slots=True)
class SpeakerForm(PartyForm):
    """Somebody who speaks for a party; of `row` the name, telephone, ID number and address."""

    fields: ClassVar[dict[str, str]] = {
        "party_name": "name",
        "speaker_kind": "speaker_kind",
        "power_missing": "power",
        "until": "until",
    }
    speaker_kind: str = ""
    power: str = ""
    until: str = ""

    @classmethod
    def read(cls, data: Data) -> SpeakerForm:
        return cls(
            key=key_of(data),
            row=_row(data),
            stamp=text(data, "stamp"),
            removed=_gone(data),
            speaker_kind=text(data, "speaker_kind"),
            power=text(data, "power"),
            until=text(data, "until"),
        )

    def speaker(self) -> TypedSpeaker:
        return TypedSpeaker(self.typed(), self.speaker_kind, self.power, self.until)


@dataclass(slots=True)
class SeveralForm(Form):
    """Many people of one side, a line each: name, telephone, ID number. `line`: which is wrong."""

    side: str = "A"
    kind: str = "person"
    lines: str = ""
    line: int = 0

    @classmethod
    def read(cls, data: Data) -> SeveralForm:
        side, kind, lines = (text(data, name) for name in ("side", "kind", "lines"))
        return cls(key=key_of(data), side=side, kind=kind, lines=lines)

    def typed(self) -> list[Typed]:
        """Of the lines that are not empty; a tab, a comma or a semicolon is between the words."""
        found = []
        for _, line in self._filled():
            name, phone, number, *_ = *_BETWEEN.split(line), "", ""
            details = {"phone": phone, "id_number": number}
            found.append(Typed(name, details, self.side, kind_of(self.kind)))
        return found

    def note(self, refused: Refused) -> None:
        """What is wrong, and in which line as people count them."""
        self.errors["lines"] = refused.code
        if isinstance(refused, LineRefused):
            self.line = self._filled()[refused.line - 1][0]

    def _filled(self) -> list[tuple[int, str]]:
        lines = enumerate(self.lines.splitlines(), start=1)
        return [(number, line) for number, line in lines if line.strip()]


def _row(data: Data) -> PartyRow:
    return PartyRow(**{column.name: text(data, column.name) for column in columns_of(PartyRow)})


def _gone(data: Data) -> frozenset[str]:
    return frozenset(str(name) for name in data.getall("remove", []))
