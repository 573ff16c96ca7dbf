"""Who may do what: one table, read in two ways.

`may` decides about one thing in hand; `scope` is the same rule as a value, which the store turns
into a WHERE. A property test holds the two equal. A role counts in the organisation it was given
in and in everything below.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from server.domain.ids import UserId
from server.domain.user import StaffRole, User


class Verb(StrEnum):
    READ_CASE = "case.read"
    CREATE_CASE = "case.create"
    REPORT = "case.report"
    """Tell of a matter found on the spot, without reading cases."""
    WORK = "case.work"
    """Change what a case holds: parties, notes, deadlines, its end."""
    DECIDE = "case.decide"
    """Accept or refuse a matter, and say who handles it."""
    SEE_SEALED = "case.sealed"
    """ID numbers, telephones and addresses in full; asked why, and audited."""
    EXPORT = "case.export"
    IMPORT = "case.import"
    BOOK = "session.book"
    SEE_LINKS = "session.links"
    HOST = "session.host"
    READ_AUDIT = "audit.read"
    """Who looked at what is sealed, and why; of which case is for who reads it."""
    SEE_QUALITY = "quality.see"
    """How well calls went, without what they were about."""
    MANAGE = "organisation.manage"
    """Organisations and users, never cases."""


class Reach(StrEnum):
    """How far a role's verb goes within the role's organisation and what is below it."""

    ALL = "all"
    HANDLED = "handled"
    """Only cases given to this very person."""
    MEDIATED = "mediated"
    """Only cases of which this very person is the mediator. Who helps there could else make
    themself who reads what was told in confidence.
    """
    HOSTED = "hosted"
    """Only sessions in which this very person has the host's seat."""


_CASE_WORK = {
    Verb.READ_CASE: Reach.HANDLED,
    Verb.CREATE_CASE: Reach.ALL,
    Verb.WORK: Reach.HANDLED,
    Verb.DECIDE: Reach.MEDIATED,
    Verb.SEE_SEALED: Reach.HANDLED,
    Verb.EXPORT: Reach.HANDLED,
    Verb.BOOK: Reach.HANDLED,
    Verb.SEE_LINKS: Reach.HANDLED,
    Verb.HOST: Reach.HOSTED,
}

RULES: dict[StaffRole, dict[Verb, Reach]] = {
    StaffRole.MEDIATOR: _CASE_WORK,
    StaffRole.LAWYER: _CASE_WORK,
    StaffRole.CLERK: {
        Verb.READ_CASE: Reach.ALL,
        Verb.CREATE_CASE: Reach.ALL,
        Verb.WORK: Reach.ALL,
        Verb.DECIDE: Reach.ALL,
        Verb.SEE_SEALED: Reach.ALL,
        Verb.EXPORT: Reach.ALL,
        Verb.IMPORT: Reach.ALL,
        Verb.BOOK: Reach.ALL,
        Verb.SEE_LINKS: Reach.ALL,
    },
    StaffRole.SUPERVISOR: {
        Verb.READ_CASE: Reach.ALL,
        Verb.READ_AUDIT: Reach.ALL,
        Verb.EXPORT: Reach.ALL,
        Verb.SEE_QUALITY: Reach.ALL,
    },
    StaffRole.ADMINISTRATOR: {
        Verb.MANAGE: Reach.ALL,
        Verb.READ_AUDIT: Reach.ALL,
        Verb.SEE_QUALITY: Reach.ALL,
    },
    StaffRole.GRID_WORKER: {Verb.REPORT: Reach.ALL},
}


@dataclass(frozen=True, slots=True)
class Thing:
    """What a verb is about: an organisation, a case in it (`handlers`), or a session (`host`).

    `mediators`: those of the handlers whose case it is; the others help.
    """

    path: str
    handlers: frozenset[UserId] = frozenset()
    host: UserId | None = None
    mediators: frozenset[UserId] = frozenset()


@dataclass(frozen=True, slots=True)
class Clause:
    """Things below `path`; with `handler`, `mediator` or `host` only those of this person."""

    path: str
    handler: UserId | None = None
    host: UserId | None = None
    mediator: UserId | None = None

    @property
    def everybodys(self) -> bool:
        """Everything there, whoever it was given to."""
        return self == Clause(self.path)


Scope = tuple[Clause, ...]
"""A thing is in scope when any of the clauses holds for it; the empty scope holds nothing."""


def may(user: User, verb: Verb, thing: Thing) -> bool:
    for grant in user.grants:
        reach = RULES[grant.role].get(verb)
        if reach is None or not thing.path.startswith(grant.path):
            continue
        if reach is Reach.ALL:
            return True
        if reach is Reach.HANDLED and user.id in thing.handlers:
            return True
        if reach is Reach.MEDIATED and user.id in thing.mediators:
            return True
        if reach is Reach.HOSTED and user.id == thing.host:
            return True
    return False


def scope(user: User, verb: Verb = Verb.READ_CASE) -> Scope:
    clauses = []
    for grant in user.grants:
        match RULES[grant.role].get(verb):
            case Reach.ALL:
                clauses.append(Clause(grant.path))
            case Reach.HANDLED:
                clauses.append(Clause(grant.path, handler=user.id))
            case Reach.MEDIATED:
                clauses.append(Clause(grant.path, mediator=user.id))
            case Reach.HOSTED:
                clauses.append(Clause(grant.path, host=user.id))
    return tuple(clauses)


def manages(user: User, person: User) -> bool:
    """Whether `user` may act on the account of `person`: invite, let go, reset the second factor.

    Only who manages every place where that person may do anything: an administrator of a station
    could otherwise take the account of a colleague who is more elsewhere, and be that.
    """
    places = [person.path, *(grant.path for grant in person.grants)]
    return all(may(user, Verb.MANAGE, Thing(path)) for path in places)


def still_administered(path: str, others: Iterable[str]) -> bool:
    """Whether what is at `path` keeps an administrator, of whom `others` are the paths."""
    return any(path.startswith(other) for other in others)
