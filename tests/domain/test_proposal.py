from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.case import DisputeType
from server.domain.conflict import Conflict, Ground
from server.domain.ids import OrganisationId, UserId
from server.domain.profile import Profile
from server.domain.proposal import Candidate, Reason, Wanted, distance, propose

STATION = "city/county/station/"
WANTED = Wanted(DisputeType.FAMILY, STATION, frozenset("AB"), ("闽南话",))


def somebody(name: str, load: int = 1, path: str = "far/", **known: object) -> Candidate:
    profile = Profile(UserId(name), name, OrganisationId("o"), "O", **known)  # type: ignore[arg-type]
    return Candidate(profile, path, load)


def reasons(candidate: Candidate, wanted: Wanted = WANTED) -> tuple[Reason, ...]:
    (only,) = propose([candidate], wanted, {})
    return only.reasons


def test_each_reason_is_said() -> None:
    assert reasons(somebody("a")) == ()
    assert reasons(somebody("a", load=0)) == (Reason.FREE,)
    assert reasons(somebody("a", path=STATION)) == (Reason.SAME_UNIT,)
    assert reasons(somebody("a", path="city/county/")) == (Reason.NEAR,)
    assert reasons(somebody("a", expertise=frozenset({DisputeType.FAMILY}))) == (Reason.EXPERT,)
    assert reasons(somebody("a", languages=("普通话", "会说 闽南话"))) == (Reason.SPEAKS,)
    assert reasons(somebody("a", languages=("普通话",))) == ()


def test_a_joint_wish_comes_before_all_else() -> None:
    wished = somebody("wished", load=9)
    fit = somebody(
        "fit", 0, STATION, expertise=frozenset({DisputeType.FAMILY}), languages=("闽南话",)
    )
    one = replace(WANTED, wishes={"A": UserId("wished")})
    both = replace(WANTED, wishes={"A": UserId("wished"), "B": UserId("wished")})
    assert [p.candidate for p in propose([wished, fit], one, {})] == [fit, wished]
    assert reasons(wished, one) == (Reason.ONE_WISHES,)
    assert reasons(wished, both) == (Reason.ALL_WISH,)
    best, _ = propose([somebody("x", 0, STATION), wished], both, {})
    assert best.candidate is wished


def test_who_has_less_to_do_comes_first_among_equals() -> None:
    found = propose([somebody("b", 3), somebody("a", 3), somebody("c", 2)], WANTED, {})
    assert [p.candidate.profile.name for p in found] == ["c", "a", "b"]


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from(list(Ground)), st.booleans())))
def test_nobody_with_a_serious_conflict_is_ever_proposed(
    people: list[tuple[int, Ground, bool]],
) -> None:
    candidates = [somebody(str(n), load) for n, (load, _, _) in enumerate(people)]
    against = {
        UserId(str(n)): (Conflict(ground, "x"),) if has else ()
        for n, (_, ground, has) in enumerate(people)
    }
    found = {p.candidate.profile.user for p in propose(candidates, WANTED, against)}
    free = {u for u, c in against.items() if not c or c[0].ground is Ground.HANDLED}
    assert found == free


@pytest.mark.parametrize(
    ("a", "b", "steps"),
    [
        (STATION, STATION, 0),
        (STATION, "city/county/", 1),
        (STATION, "city/county/other/", 2),
        (STATION, "city/town/", 3),
        (STATION, "elsewhere/", 4),
    ],
)
def test_distance_in_the_tree(a: str, b: str, steps: int) -> None:
    assert distance(a, b) == distance(b, a) == steps
