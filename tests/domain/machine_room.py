"""Random commands of the room, too: its door, its calm, its chairs, what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import rule

from server.domain import beside, chairs, door, pausing, showing
from server.domain.ids import ExhibitId, SeatId, SpaceId
from server.domain.session import Session
from tests.domain.machine import HOSTS, PEOPLE, SEATS, Commands

NAMES = st.lists(st.sampled_from(["Ming", "Hua"]), max_size=2, unique=True)
MINUTES = st.sampled_from([0, 1, 5, 200])


def _answers(
    by: SeatId, seat: SeatId, names: Sequence[str], agrees: bool, session: Session, now: datetime
) -> None:
    beside.answer(session, by, seat, names, agrees, now)


class RoomCommands(Commands):
    @rule(seat=SEATS, names=NAMES)
    def says_who_is_beside(self, seat: SeatId, names: list[str]) -> None:
        self.carry_out(lambda s, now: beside.tell(s, seat, names, now))

    @rule(host=HOSTS, seat=SEATS)
    def lets_those_beside_stay(self, host: SeatId, seat: SeatId) -> None:
        self.carry_out(lambda s, now: beside.agree(s, host, seat, now))

    @rule(by=SEATS, agrees=st.booleans())
    def says_whether_they_may_stay(self, by: SeatId, agrees: bool) -> None:
        """Of everybody about whom it is asked, and of one about whom it is not."""
        for seat in [*beside.asked(self.session, self.session.seats[by]), by]:
            names = self.session.seats[seat].beside
            self.carry_out(partial(_answers, by, seat, names, agrees))

    @rule(seat=SEATS, on=st.booleans())
    def looks_elsewhere(self, seat: SeatId, on: bool) -> None:
        self.carry_out(lambda s, now: s.away(seat, on))

    @rule(host=HOSTS, on=st.booleans())
    def locks(self, host: SeatId, on: bool) -> None:
        self.carry_out(lambda s, now: door.lock(s, host, on, now))

    @rule(host=HOSTS, seat=SEATS)
    def lets_one_through(self, host: SeatId, seat: SeatId) -> None:
        self.carry_out(lambda s, now: door.let_through(s, host, seat, now))

    @rule(host=HOSTS, which=st.integers(0, 9))
    def knocks(self, host: SeatId, which: int) -> None:
        spaces = sorted(self.session.spaces)
        if spaces:
            space: SpaceId = spaces[which % len(spaces)]
            self.carry_out(lambda s, now: door.knock(s, host, space, now))

    @rule(host=HOSTS, seat=PEOPLE)
    def knocks_where_somebody_is(self, host: SeatId, seat: SeatId) -> None:
        space = self.session.seats[seat].space
        if space is not None:
            self.carry_out(lambda s, now: door.knock(s, host, space, now))

    @rule(seat=SEATS, come_in=st.booleans())
    def answers_the_door(self, seat: SeatId, come_in: bool) -> None:
        self.carry_out(lambda s, now: door.answer(s, seat, come_in, now))

    @rule()
    def every_door_is_opened(self) -> None:
        for seat in self.session.seats:
            self.answers_the_door(seat, True)

    @rule(host=HOSTS, on=st.booleans())
    def makes_everyone_quiet(self, host: SeatId, on: bool) -> None:
        self.carry_out(lambda s, now: pausing.quiet(s, host, on, now))

    @rule(host=HOSTS, minutes=MINUTES)
    def calls_a_break(self, host: SeatId, minutes: int) -> None:
        self.carry_out(lambda s, now: pausing.pause(s, host, minutes, now))

    @rule(host=HOSTS, seats=st.lists(SEATS, max_size=3), minutes=MINUTES)
    def promises_to_come(self, host: SeatId, seats: list[SeatId], minutes: int) -> None:
        self.carry_out(lambda s, now: pausing.promise(s, host, seats, minutes, now))

    @rule(host=HOSTS, seat=SEATS)
    def gives_the_chair(self, host: SeatId, seat: SeatId) -> None:
        self.carry_out(lambda s, now: chairs.give(s, host, seat, now))

    @rule(host=HOSTS)
    def steps_down(self, host: SeatId) -> None:
        self.carry_out(lambda s, now: chairs.step_down(s, host, now))

    @rule(seat=SEATS, exhibit=st.sampled_from([None, ExhibitId("paper")]))
    def shows(self, seat: SeatId, exhibit: ExhibitId | None) -> None:
        self.carry_out(lambda s, now: showing.show(s, seat, exhibit, 1, now))

    @rule(seat=SEATS, on=st.booleans())
    def shares_a_screen(self, seat: SeatId, on: bool) -> None:
        self.carry_out(lambda s, now: showing.screen(s, seat, on, now))

    @rule(host=HOSTS)
    def stops_the_screen(self, host: SeatId) -> None:
        self.carry_out(lambda s, now: showing.stop_screen(s, host, now))

    @rule(seat=SEATS)
    def link_is_revoked(self, seat: SeatId) -> None:
        self.carry_out(lambda s, now: s.revoke(seat, now))
