"""Random commands of the recorder, too; and who has agreed, counted by the test itself."""

from __future__ import annotations

import itertools
from datetime import datetime

from hypothesis import strategies as st
from hypothesis.stateful import rule

from server.domain import recording
from server.domain.consent import Purpose
from server.domain.ids import RecordingId, SeatId
from server.domain.recorded import Trouble
from server.domain.session import Session
from tests.domain.machine import HOSTS, SEATS, Command
from tests.domain.machine_room import RoomCommands
from tests.domain.people import HOST, READING, READING_ZH, SECOND, asked_for

Person = tuple[SeatId, str]


class RecordingCommands(RoomCommands):
    def __init__(self) -> None:
        super().__init__()
        self.numbers = itertools.count(1)
        self.agreed: set[Person] = set()
        """Who has said yes to the recording that is asked for, and not taken it back since, by
        their own words: not read from the session."""
        self.asked: RecordingId | None = None

    def carry_out(self, command: Command) -> None:
        before = {seat.id: (seat.device, seat.left) for seat in self.session.seats.values()}
        done = self.commands_done
        super().carry_out(command)
        if self.commands_done == done:
            return
        asked = recording.live(self.session)
        if asked is None or asked.id != self.asked:
            self.agreed, self.asked = set(), asked.id if asked else None
        for seat_id, (device, _) in before.items():
            seat = self.session.seats.get(seat_id)
            if seat is None or seat.device != device or seat.left:
                # Another person's device, or somebody who went: whoever comes is asked anew.
                self.agreed = {(s, p) for s, p in self.agreed if s != seat_id}
        for event in self.session.happened:
            if event.verb == "withdrew" and event.detail == Purpose.RECORD_READING:
                self.agreed = {(s, p) for s, p in self.agreed if s != event.seat}
        self.agreed = {(s, p) for s, p in self.agreed if not p or p in self.session.seats[s].beside}

    @rule(host=HOSTS, minutes=st.sampled_from([5, 5, 5, 0]))
    def asks_to_record(self, host: SeatId, minutes: int) -> None:
        number = next(self.numbers)
        known = recording.live(self.session)

        def command(s: Session, now: datetime) -> None:
            recording.start(s, host, asked_for(number, minutes), READING.hash, now)

        self.carry_out(command)
        asked = recording.live(self.session)
        if asked is not None and asked is not known and asked.id == f"recording-{number}":
            self.agreed = {(host, "")}

    @rule(seat=SEATS, yes=st.sampled_from([True, True, True, False]), other=st.booleans())
    def answers_about_recording(self, seat: SeatId, yes: bool, other: bool) -> None:
        asked = recording.live(self.session)
        if asked is None:
            return
        text = READING_ZH if other else READING
        for person in ("", *self.session.seats[seat].beside):

            def command(s: Session, now: datetime, person: str = person) -> None:
                recording.answer(s, seat, asked.id, text.hash, person, yes, now)

            before = self.commands_done
            self.carry_out(command)
            if self.commands_done > before and yes:
                self.agreed.add((seat, person))

    @rule()
    def everybody_agrees_to_be_recorded(self) -> None:
        for seat in sorted(self.session.seats):
            self.answers_about_recording(seat, True, False)

    @rule(seat=SEATS)
    def withdraws_from_recording(self, seat: SeatId) -> None:
        reading = Purpose.RECORD_READING
        self.carry_out(lambda s, now: recording.withdraw(s, seat, reading, now))
        if self.session.seats[seat].present and not self.session.over:
            self.agreed = {(s, p) for s, p in self.agreed if s != seat}

    @rule(host=st.sampled_from((HOST, SECOND)))
    def host_signs_in_elsewhere(self, host: SeatId) -> None:
        """It is the same person, who has proved it: what they said holds."""
        asked, said = self.asked, {(s, p) for s, p in self.agreed if s == host}
        super().host_signs_in_elsewhere(host)
        if self.asked == asked and not self.session.seats[host].left:
            self.agreed |= said

    @rule(host=HOSTS)
    def stops_recording(self, host: SeatId) -> None:
        self.carry_out(lambda s, now: recording.stop(s, host, now))

    @rule(trouble=st.sampled_from([None, *Trouble]))
    def recorder_has_trouble(self, trouble: Trouble | None) -> None:
        if asked := recording.live(self.session):
            self.carry_out(lambda s, now: recording.tell(s, asked.id, trouble, now))

    @rule()
    def recorder_fails(self) -> None:
        if asked := recording.live(self.session):
            self.carry_out(lambda s, now: recording.fail(s, asked.id, now))
