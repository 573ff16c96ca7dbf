"""What may lie before people in a meeting: how much of it, and whose it becomes by being shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.domain import exhibit
from server.domain.exhibit import MOST, SHARE
from server.domain.ids import SessionId
from server.domain.release import Release
from server.domain.session import Destination
from tests.domain.people import ALICE, BOB, DORA, HOST, START, together
from tests.domain.test_room import refused, side_room, space_of
from tests.domain.test_room_limits import a_paper


def test_how_many_may_be_brought() -> None:
    session = together(ALICE)
    host, alice = session.seats[HOST], session.seats[ALICE]
    exhibit.room_left(alice, SHARE - 1, MOST - 1)
    exhibit.room_left(host, MOST - 1, MOST - 1)
    assert refused(lambda: exhibit.room_left(alice, SHARE, SHARE)) == "too_many_of_yours"
    assert refused(lambda: exhibit.room_left(alice, 0, MOST)) == "too_many_exhibits"
    assert refused(lambda: exhibit.room_left(host, 0, MOST)) == "too_many_exhibits"


@pytest.mark.parametrize("state", Release)
def test_who_sees_it_is_its_reader_unless_it_is_everybodys(state: Release) -> None:
    session = side_room()
    room = space_of(session, ALICE)
    paper = replace(a_paper(session, room.id, ALICE, "A"), release=state)
    new = exhibit.show(session, ALICE, paper, [ALICE], 1, START)
    assert new == ([] if state is Release.RELEASED else [BOB])
    assert exhibit.show(session, ALICE, paper, [ALICE, BOB], 1, START) == []


def test_it_is_shown_where_it_belongs_by_who_may_read_it() -> None:
    session = together(ALICE, DORA)
    session.move(HOST, [ALICE], Destination.CAUCUS, START)
    caucus = space_of(session, ALICE)
    paper = a_paper(session, caucus.id, ALICE, "A")

    def shown(paper: exhibit.Exhibit, page: int = 1) -> str:
        return refused(lambda: exhibit.show(session, HOST, paper, [HOST, ALICE], page, START))

    assert shown(replace(paper, removed_at=START)) == "exhibit_missing"
    assert shown(paper, 2) == "page_missing"
    assert shown(replace(paper, pages=0)) == "paper_no_pages"
    exhibit.show(session, HOST, paper, [HOST, ALICE], 1, START)
    session.move(HOST, [], Destination.JOINT, START)
    assert shown(paper) == "exhibit_missing"
    exhibit.show(session, HOST, replace(paper, release=Release.RELEASED), [], 1, START)


def test_taken_away_by_who_brought_it_or_a_host_and_from_wherever_it_is_shown() -> None:
    session = together(ALICE, DORA)
    joint = space_of(session, HOST)
    paper = a_paper(session, joint.id, ALICE, "")
    exhibit.show(session, HOST, paper, [], 1, START)
    assert refused(lambda: exhibit.remove(session, DORA, paper, START)) == "not_yours"
    exhibit.remove(session, ALICE, paper, START)
    assert (joint.exhibit, joint.shown_by) == (None, None)
    other = replace(paper, by=DORA)
    exhibit.remove(session, HOST, other, START)
    foreign = replace(paper, session=SessionId(paper.session + "x"))
    assert refused(lambda: exhibit.remove(session, HOST, foreign, START)) == "exhibit_missing"
