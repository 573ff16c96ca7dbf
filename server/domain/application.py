"""Application 申请: what somebody without an account has answered so far, question by question.

It is kept between two visits, so every question is checked for itself and may be answered again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from server.domain.case import TITLE_LENGTH, DisputeType
from server.domain.errors import Refused
from server.domain.identity import DetailsRefused, checked_details, checked_phone
from server.domain.ids import OrganisationId, UserId
from server.domain.organisation import OrganisationKind
from server.domain.party import Details, PartyKind, RepresentativeKind, Sex, checked_name
from server.domain.statement import checked_statement
from server.domain.text import plain

MOST_OTHERS = 10

Typed = Mapping[str, str]


class Step(StrEnum):
    """The questions, in the order in which they are asked."""

    ABOUT = "about"
    WHERE = "where"
    FACTS = "facts"
    REQUEST = "request"
    YOU = "you"
    CONTACT = "contact"
    MORE = "more"
    OTHER = "other"
    FILES = "files"
    WISH = "wish"
    HELPER = "helper"


class AnswerRefused(Refused):
    """What is wrong with an answer: its fields → the code of a refusal."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(next(iter(fields.values())))
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person or an organisation, on either side."""

    name: str = ""
    kind: PartyKind = PartyKind.PERSON
    details: Details = field(default_factory=Details)


@dataclass(frozen=True, slots=True)
class Helper:
    """Who helps the applicant with the matter; that gives them no power."""

    name: str
    phone: str
    kind: RepresentativeKind


@dataclass(frozen=True, slots=True)
class Application:
    """`answered` has the questions that were gone through, also those left empty on purpose."""

    dispute_type: DisputeType | None = None
    organisation: OrganisationId | None = None
    facts: str = ""
    request: str = ""
    you: Somebody = field(default_factory=Somebody)
    others: tuple[Somebody, ...] = ()
    wish: UserId | None = None
    helper: Helper | None = None
    answered: frozenset[Step] = frozenset()

    @property
    def first_open(self) -> Step | None:
        """Where somebody who comes back goes on; None: all is answered."""
        return next((step for step in Step if step not in self.answered), None)

    def but(self, step: Step, **values: Any) -> Application:
        """With this question answered."""
        return replace(self, answered=self.answered | {step}, **values)

    def unanswered(self, *steps: Step) -> Application:
        """These are to be asked again."""
        return replace(self, answered=self.answered - set(steps))


@dataclass(frozen=True, slots=True)
class Unit:
    """As much of an organisation as people need to find theirs."""

    id: OrganisationId
    path: str
    kind: OrganisationKind
    name: str
    phone: str
    address: str
    hours: str


# ---- answers ----------------------------------------------------------------------------------


def answer(application: Application, step: Step, typed: Typed, today: date) -> Application:
    """With what was typed, by the names of fields. Raises AnswerRefused.

    Whether a unit takes matters, and a mediator may be wished for, is not known here.
    """
    return _RULES[step](application, typed, today)


def _about(application: Application, typed: Typed, _today: date) -> Application:
    chosen = typed.get("dispute_type", "")
    if chosen not in set(DisputeType):
        raise AnswerRefused({"dispute_type": "apply_about_missing"})
    return application.but(Step.ABOUT, dispute_type=DisputeType(chosen))


def _where(application: Application, typed: Typed, _today: date) -> Application:
    if not (chosen := typed.get("organisation", "")):
        raise AnswerRefused({"organisation": "apply_where_missing"})
    return application.but(Step.WHERE, organisation=OrganisationId(chosen))


def _facts(application: Application, typed: Typed, _today: date) -> Application:
    text = _checked("facts", lambda: checked_statement(facts=typed.get("facts", "")).facts)
    if not text:
        raise AnswerRefused({"facts": "apply_facts_missing"})
    return application.but(Step.FACTS, facts=text)


def _request(application: Application, typed: Typed, _today: date) -> Application:
    text = _checked("request", lambda: checked_statement(request=typed.get("request", "")).request)
    if not text:
        raise AnswerRefused({"request": "apply_request_missing"})
    return application.but(Step.REQUEST, request=text)


def _you(application: Application, typed: Typed, _today: date) -> Application:
    kind = _kind(typed.get("kind", ""), "kind")
    name = _name(typed)
    details = application.you.details
    if kind is not application.you.kind:
        # Another kind has other numbers, and no birthday.
        details = Details(phone=details.phone, address=details.address)
        application = application.unanswered(Step.MORE)
    you = Somebody(name, kind, details)
    return _unlike_others(application.but(Step.YOU, you=you), "name")


def _contact(application: Application, typed: Typed, today: date) -> Application:
    if not typed.get("phone", "").strip():
        raise AnswerRefused({"phone": "apply_phone_missing"})
    given = _details(application.you.kind, typed, today, ("phone", "address"))
    details = replace(application.you.details, phone=given.phone, address=given.address)
    you = replace(application.you, details=details)
    return _unlike_others(application.but(Step.CONTACT, you=you), "phone")


def _more(application: Application, typed: Typed, today: date) -> Application:
    person = application.you.kind is PartyKind.PERSON
    fields = ("id_number", "sex", "born") if person else ("id_number",)
    given = _details(application.you.kind, typed, today, fields)
    known = {name: getattr(given, name) for name in ("id_number", "sex", "born")}
    you = replace(application.you, details=replace(application.you.details, **known))
    return application.but(Step.MORE, you=you)


def _other(application: Application, typed: Typed, today: date) -> Application:
    """`name0`, `kind0`, `phone0`, `address0`, `name1`…: rows with nothing in them don't count."""
    wrong: dict[str, str] = {}
    found: list[Somebody] = []
    for n in range(MOST_OTHERS):
        row = {name: typed.get(f"{name}{n}", "") for name in ("name", "kind", "phone", "address")}
        if not any(row[name].strip() for name in ("name", "phone", "address")):
            continue
        try:
            found.append(_one_other(application, found, row, today))
        except AnswerRefused as refused:
            wrong |= {f"{name}{n}": code for name, code in refused.fields.items()}
    if not found and not wrong:
        wrong["name0"] = "apply_other_missing"
    if wrong:
        raise AnswerRefused(wrong)
    return application.but(Step.OTHER, others=tuple(found))


def _one_other(
    application: Application, before: list[Somebody], row: Typed, today: date
) -> Somebody:
    name = _name(row)
    kind = _kind(row["kind"], "kind")
    other = Somebody(name, kind, _details(kind, row, today, ("phone", "address")))
    if same_person(application.you, other):
        raise AnswerRefused({"name": "apply_same_person"})
    if any(same_person(one, other) for one in before):
        raise AnswerRefused({"name": "apply_named_twice"})
    return other


def _files(application: Application, _typed: Typed, _today: date) -> Application:
    return application.but(Step.FILES)


def _wish(application: Application, typed: Typed, _today: date) -> Application:
    chosen = typed.get("mediator", "")
    return application.but(Step.WISH, wish=UserId(chosen) if chosen else None)


def _helper(application: Application, typed: Typed, _today: date) -> Application:
    if not any(typed.get(name, "").strip() for name in ("name", "phone")):
        return application.but(Step.HELPER, helper=None)
    name = _name(typed)
    if not typed.get("phone", "").strip():
        raise AnswerRefused({"phone": "apply_helper_phone_missing"})
    phone = _checked("phone", lambda: checked_phone(typed["phone"]))
    kind = typed.get("kind", "")
    if kind not in set(RepresentativeKind):
        raise AnswerRefused({"kind": "apply_helper_kind_missing"})
    return application.but(Step.HELPER, helper=Helper(name, phone, RepresentativeKind(kind)))


_RULES: dict[Step, Callable[[Application, Typed, date], Application]] = {
    Step.ABOUT: _about,
    Step.WHERE: _where,
    Step.FACTS: _facts,
    Step.REQUEST: _request,
    Step.YOU: _you,
    Step.CONTACT: _contact,
    Step.MORE: _more,
    Step.OTHER: _other,
    Step.FILES: _files,
    Step.WISH: _wish,
    Step.HELPER: _helper,
}


def same_person(one: Somebody, other: Somebody) -> bool:
    """Namesakes are told apart by their telephone; households share one, so it proves nothing."""
    if plain(one.name) != plain(other.name):
        return False
    phones = {one.details.phone, other.details.phone} - {""}
    return len(phones) < 2


def _unlike_others(application: Application, name: str) -> Application:
    if any(same_person(application.you, other) for other in application.others):
        raise AnswerRefused({name: "apply_same_person"})
    return application


def _checked(name: str, rule: Callable[[], str]) -> str:
    try:
        return rule()
    except Refused as refused:
        raise AnswerRefused({name: refused.code}) from None


def _name(typed: Typed) -> str:
    if not typed.get("name", "").strip():
        raise AnswerRefused({"name": "apply_name_missing"})
    return _checked("name", lambda: checked_name(typed["name"]))


def _kind(typed: str, name: str) -> PartyKind:
    if typed not in set(PartyKind):
        raise AnswerRefused({name: "apply_kind_missing"})
    return PartyKind(typed)


def _details(kind: PartyKind, typed: Typed, today: date, names: tuple[str, ...]) -> Details:
    given: dict[str, Any] = {name: typed.get(name, "") for name in names}
    try:
        return checked_details(kind, today=today, **given)
    except DetailsRefused as refused:
        raise AnswerRefused(refused.fields) from None


# ---- shown and kept ---------------------------------------------------------------------------


def typed(application: Application, step: Step) -> dict[str, str]:
    """An answer as it stands in the fields of its question; empty if there is none yet."""
    if step not in application.answered:
        return {}
    match step:
        case Step.ABOUT:
            return {"dispute_type": application.dispute_type or ""}
        case Step.WHERE:
            return {"organisation": application.organisation or ""}
        case Step.FACTS:
            return {"facts": application.facts}
        case Step.REQUEST:
            return {"request": application.request}
        case Step.YOU:
            return {"kind": application.you.kind, "name": application.you.name}
        case Step.CONTACT | Step.MORE:
            return _shown(application.you.details)
        case Step.OTHER:
            return _rows(application.others)
        case Step.WISH:
            return {"mediator": application.wish or ""}
        case Step.HELPER if application.helper:
            helper = application.helper
            return {"name": helper.name, "phone": helper.phone, "kind": helper.kind}
        case _:
            return {}


def _shown(details: Details) -> dict[str, str]:
    born = details.born.isoformat() if details.born else ""
    known = {"phone": details.phone, "address": details.address, "id_number": details.id_number}
    return {**known, "sex": details.sex or "", "born": born}


def _rows(others: tuple[Somebody, ...]) -> dict[str, str]:
    rows: dict[str, str] = {}
    for n, other in enumerate(others):
        details = other.details
        row = {"name": other.name, "kind": other.kind, "phone": details.phone}
        rows |= {f"{name}{n}": value for name, value in row.items()}
        rows[f"address{n}"] = details.address
    return rows


def title(pattern: str, application: Application, kind: str) -> str:
    """`冯志明与安居物业：物业管理`, by a pattern with `%(applicant)s`, `%(other)s`, `%(type)s`.

    Names so long that no title has room for them are cut here, and only here.
    """
    names = [application.you.name, application.others[0].name]
    values = {"applicant": "", "other": "", "type": kind}
    room = (TITLE_LENGTH - len(pattern % values)) // 2
    if sum(map(len, names)) > 2 * room:
        names = [name if len(name) <= room else f"{name[: room - 1]}…" for name in names]
    return pattern % (values | {"applicant": names[0], "other": names[1]})


def as_kept(application: Application) -> dict[str, Any]:
    """In words JSON has."""
    kept = asdict(application)
    kept["answered"] = sorted(application.answered)
    for one in (kept["you"], *kept["others"]):
        born = one["details"]["born"]
        one["details"]["born"] = born.isoformat() if born else None
    return kept


def from_kept(kept: Mapping[str, Any]) -> Application:
    kind, helper = kept["dispute_type"], kept["helper"]
    return Application(
        dispute_type=DisputeType(kind) if kind else None,
        organisation=kept["organisation"],
        facts=kept["facts"],
        request=kept["request"],
        you=_somebody(kept["you"]),
        others=tuple(_somebody(one) for one in kept["others"]),
        wish=kept["wish"],
        helper=Helper(helper["name"], helper["phone"], RepresentativeKind(helper["kind"]))
        if helper
        else None,
        answered=frozenset(Step(step) for step in kept["answered"]),
    )


def _somebody(kept: Mapping[str, Any]) -> Somebody:
    details = dict(kept["details"])
    details["born"] = date.fromisoformat(details["born"]) if details["born"] else None
    details["sex"] = Sex(details["sex"]) if details["sex"] else None
    return Somebody(kept["name"], PartyKind(kept["kind"]), Details(**details))
