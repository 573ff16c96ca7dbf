from __future__ import annotations

from itertools import product

import pytest

from server.domain.ids import OrganisationId, UserId
from server.domain.rights import Thing, Verb, may
from server.domain.user import Grant, StaffRole, User

BUREAU, STATION, OTHER = "bureau/", "bureau/station/", "bureau/other/"
ME, HER = UserId("me"), UserId("her")

THINGS = {
    "my case": Thing(STATION, frozenset({ME}), mediators=frozenset({ME})),
    "a case I help with": Thing(STATION, frozenset({ME, HER}), mediators=frozenset({HER})),
    "a colleague's case": Thing(STATION, frozenset({HER})),
    "nobody's case": Thing(STATION),
    "my case at another station": Thing(OTHER, frozenset({ME}), mediators=frozenset({ME})),
    "my session": Thing(STATION, frozenset({ME}), ME, frozenset({ME})),
    "my case's session of hers": Thing(STATION, frozenset({ME}), HER, frozenset({ME})),
    "her case's session of mine": Thing(STATION, frozenset({HER}), host=ME),
}
MEDIATED = {"my case", "my session", "my case's session of hers"}
OWN = MEDIATED | {"a case I help with"}
HERE = set(THINGS) - {"my case at another station"}
HOSTED = {"my session", "her case's session of mine"}

HANDLING = {
    Verb.READ_CASE: OWN,
    Verb.CREATE_CASE: HERE,
    Verb.WORK: OWN,
    Verb.DECIDE: MEDIATED,
    Verb.SEE_SEALED: OWN,
    Verb.EXPORT: OWN,
    Verb.BOOK: OWN,
    Verb.SEE_LINKS: OWN,
    Verb.HOST: HOSTED,
}
NOT_A_CLERKS = {Verb.HOST, Verb.MANAGE, Verb.READ_AUDIT, Verb.REPORT, Verb.SEE_QUALITY}
SUPERVISED = [Verb.READ_CASE, Verb.READ_AUDIT, Verb.EXPORT, Verb.SEE_QUALITY]
MATRIX: dict[StaffRole, dict[Verb, set[str]]] = {
    StaffRole.MEDIATOR: HANDLING,
    StaffRole.LAWYER: HANDLING,
    StaffRole.CLERK: dict.fromkeys(set(Verb) - NOT_A_CLERKS, HERE),
    StaffRole.SUPERVISOR: dict.fromkeys(SUPERVISED, HERE),
    StaffRole.ADMINISTRATOR: dict.fromkeys([Verb.MANAGE, Verb.READ_AUDIT, Verb.SEE_QUALITY], HERE),
    StaffRole.GRID_WORKER: {Verb.REPORT: HERE},
}


def somebody(*grants: Grant) -> User:
    return User(ME, OrganisationId("station"), STATION, "人", grants)


@pytest.mark.parametrize(("role", "verb"), list(product(StaffRole, Verb)))
def test_what_each_role_may_at_its_station(role: StaffRole, verb: Verb) -> None:
    user = somebody(Grant(role, STATION))
    allowed = {name for name, thing in THINGS.items() if may(user, verb, thing)}
    assert allowed == MATRIX[role].get(verb, set())


def test_a_role_counts_below_and_not_above() -> None:
    thing = Thing(STATION)
    assert may(somebody(Grant(StaffRole.CLERK, BUREAU)), Verb.READ_CASE, thing)
    assert not may(somebody(Grant(StaffRole.CLERK, STATION)), Verb.READ_CASE, Thing(BUREAU))
    assert not may(somebody(Grant(StaffRole.CLERK, OTHER)), Verb.READ_CASE, thing)


def test_several_roles_add_up() -> None:
    user = somebody(Grant(StaffRole.ADMINISTRATOR, BUREAU), Grant(StaffRole.MEDIATOR, STATION))
    assert may(user, Verb.MANAGE, Thing(OTHER))
    assert may(user, Verb.READ_CASE, THINGS["my case"])
    assert not may(user, Verb.READ_CASE, THINGS["a colleague's case"])
    assert not may(user, Verb.READ_CASE, THINGS["my case at another station"])


def test_no_role_no_right() -> None:
    for verb, thing in product(Verb, THINGS.values()):
        assert not may(somebody(), verb, thing)
