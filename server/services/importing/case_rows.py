"""One row of a table of cases: what it says, checked by the rules that forms have too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from server.domain.case import (
    CaseKind,
    Difficulty,
    DisputeType,
    Outcome,
    Regime,
    Source,
    checked_title,
)
from server.domain.errors import Refused
from server.domain.identity import DetailsRefused, checked_details
from server.domain.ids import PartyId
from server.domain.organisation import Organisation
from server.domain.party import PartyKind, checked_party
from server.domain.statement import Statement, checked_statement
from server.domain.text import checked_text
from server.services.importing import values
from server.services.importing.columns import Column, Row
from server.services.opening import MOST_PARTIES, NewParty, each_once
from server.words import N_

T = TypeVar("T")

NUMBER_LENGTH = 60
REFERENCE_LENGTH = 100
SEVERAL = N_("several are divided by ;")

COLUMNS = (
    Column("organisation", N_("Organisation"), N_("its name; empty: yours")),
    Column("number", N_("Case number"), N_("kept as it is; empty: a new one is given")),
    Column("title", N_("Case title"), required=True),
    Column("kind", N_("Kind of case"), N_("mediation or consultation; empty: mediation")),
    Column("regime", N_("Kind of mediation"), N_("people's or commercial; empty: people's")),
    Column("dispute_type", N_("Type of dispute"), required=True),
    Column("difficulty", N_("Difficulty"), N_("simple, complex or major")),
    Column("source", N_("How it came in"), N_("empty: a visit")),
    Column("referred_by", N_("Passed on by")),
    Column("reference", N_("Their reference")),
    Column("received_on", N_("Received on"), N_("like 2026-11-23")),
    Column("accepted_on", N_("Accepted on"), N_("empty: still to be decided")),
    Column("closed_on", N_("Closed on"), N_("empty: not closed")),
    Column("outcome", N_("How it ended"), N_("only of closed cases")),
    Column("mediator", N_("Mediator's login")),
    Column("facts", N_("What happened")),
    Column("request", N_("What is asked for")),
    Column("place", N_("Place")),
    Column("a_name", N_("Applicant"), SEVERAL, required=True),
    Column("a_kind", N_("Applicant is a"), N_("person or organisation; empty: person")),
    Column("a_id_number", N_("Applicant's ID number"), SEVERAL),
    Column("a_phone", N_("Applicant's telephone"), SEVERAL),
    Column("a_address", N_("Applicant's address"), SEVERAL),
    Column("b_name", N_("Respondent"), SEVERAL),
    Column("b_kind", N_("Respondent is a"), N_("person or organisation; empty: person")),
    Column("b_id_number", N_("Respondent's ID number"), SEVERAL),
    Column("b_phone", N_("Respondent's telephone"), SEVERAL),
    Column("b_address", N_("Respondent's address"), SEVERAL),
)
DETAILS = ("id_number", "phone", "address")


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A row that is good in itself. `mediator` is a login as typed."""

    organisation: Organisation
    number: str
    title: str
    kind: CaseKind
    regime: Regime
    dispute_type: DisputeType
    difficulty: Difficulty
    source: Source
    referred_by: str
    reference: str
    received_on: date | None
    accepted_on: date | None
    closed_on: date | None
    outcome: Outcome | None
    mediator: str
    statement: Statement
    parties: tuple[NewParty, ...]


class Reader:
    """Reads one row; what is wrong is noted in its `errors`, column by column."""

    def __init__(self, row: Row) -> None:
        self.row = row

    def check(self, column: str, rule: Callable[[], T]) -> T | None:
        try:
            return rule()
        except Refused as refused:
            self.row.errors.setdefault(column, refused.code)
            return None

    def word(self, column: str, kind: type[values.Word], otherwise: values.Word) -> values.Word:
        cell = self.row[column]
        return (self.check(column, lambda: values.word(kind, cell)) if cell else None) or otherwise

    def line(self, column: str, longest: int) -> str:
        cell = self.row[column]
        rule = lambda: checked_text(cell, longest, "import_too_long", "import_too_long")  # noqa: E731
        return (self.check(column, rule) if cell else "") or ""

    def day(self, column: str, today: date) -> date | None:
        return self.check(column, lambda: values.day(self.row[column], today))


def read(row: Row, organisation: Organisation, today: date) -> CaseRow | None:
    """None with `row.errors` filled."""
    cells = Reader(row)
    title = cells.check("title", lambda: checked_title(row["title"]))
    kind = cells.check("dispute_type", lambda: _dispute_type(row["dispute_type"]))
    received, accepted, closed = (
        cells.day(name, today) for name in ("received_on", "accepted_on", "closed_on")
    )
    outcome = cells.word("outcome", Outcome, Outcome.OTHER) if row["outcome"] else None
    _in_order(row, received, accepted, closed)
    parties = [*_side(cells, "A", today), *_side(cells, "B", today)]
    if not row.errors:
        cells.check("a_name", lambda: _together(parties))
    good = CaseRow(
        organisation=organisation,
        number=cells.line("number", NUMBER_LENGTH),
        title=title or "",
        kind=cells.word("kind", CaseKind, CaseKind.MEDIATION),
        regime=cells.word("regime", Regime, Regime.PEOPLES),
        dispute_type=kind or DisputeType.OTHER,
        difficulty=cells.word("difficulty", Difficulty, Difficulty.SIMPLE),
        source=cells.word("source", Source, Source.VISIT),
        referred_by=cells.line("referred_by", REFERENCE_LENGTH),
        reference=cells.line("reference", REFERENCE_LENGTH),
        received_on=received,
        accepted_on=accepted,
        closed_on=closed,
        outcome=outcome,
        mediator=row["mediator"].lower(),
        statement=_statement(cells),
        parties=tuple(parties),
    )
    return None if row.errors else good


def _dispute_type(cell: str) -> DisputeType:
    if not cell:
        raise Refused("import_cell_missing")
    return values.word(DisputeType, cell)


def _in_order(row: Row, received: date | None, accepted: date | None, closed: date | None) -> None:
    if received and accepted and received > accepted:
        row.errors.setdefault("accepted_on", "import_dates_disorder")
    if accepted and closed and accepted > closed:
        row.errors.setdefault("closed_on", "import_dates_disorder")
    if not row["accepted_on"] and (row["closed_on"] or row["number"] or row["mediator"]):
        row.errors.setdefault("accepted_on", "import_accepted_missing")
    if row["closed_on"] and not row["outcome"]:
        row.errors.setdefault("outcome", "import_outcome_missing")
    if row["outcome"] and not row["closed_on"]:
        row.errors.setdefault("closed_on", "import_closed_missing")


def _statement(cells: Reader) -> Statement:
    row = cells.row
    facts = cells.check("facts", lambda: checked_statement(facts=row["facts"]).facts)
    request = cells.check("request", lambda: checked_statement(request=row["request"]).request)
    place = cells.check("place", lambda: checked_statement(place=row["place"]).place)
    return Statement(facts or "", request or "", place or "")


def _side(cells: Reader, side: str, today: date) -> list[NewParty]:
    """The people of one side, by their places in the cells."""
    row, prefix = cells.row, side.lower()
    name_column = f"{prefix}_name"
    names = values.several(row[name_column])
    if not names and side == "A":
        row.errors.setdefault(name_column, "import_cell_missing")
    kind = cells.word(f"{prefix}_kind", PartyKind, PartyKind.PERSON)
    known: dict[str, list[str]] = {}
    for detail in DETAILS:
        column = f"{prefix}_{detail}"
        # One address is everybody's, and has signs in it that divide elsewhere.
        found = [row[column]] if len(names) == 1 and row[column] else values.several(row[column])
        if len(found) > len(names):
            row.errors.setdefault(column, "import_more_than_names")
        known[detail] = [*found, *[""] * len(names)]
    people = []
    for n, name in enumerate(names):
        rule = lambda name=name: checked_party(PartyId(""), side, name, kind)  # noqa: E731
        party = cells.check(name_column, rule)
        given = {detail: known[detail][n] for detail in DETAILS}
        try:
            details = checked_details(kind, today=today, **given)
        except DetailsRefused as refused:
            for detail, code in refused.fields.items():
                column = detail if detail in DETAILS else "id_number"
                row.errors.setdefault(f"{prefix}_{column}", code)
            continue
        if party is not None:
            people.append(NewParty(party.name, side, kind, details))
    return people


def _together(people: list[NewParty]) -> None:
    if len(people) > MOST_PARTIES:
        raise Refused("too_many_parties")
    each_once(people)
