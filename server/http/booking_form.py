"""The forms about meetings: one is booked, somebody more comes, it is moved."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import ClassVar
from zoneinfo import ZoneInfo

from server.domain.booking import LENGTHS, Span, checked_length
from server.domain.errors import Refused
from server.domain.ids import SessionId
from server.domain.party import SIDES
from server.domain.seat import BOOKABLE, Role
from server.domain.seating import SessionPurpose
from server.http.forms import MOST_ROWS, Data, Form, key_of, more_of, rows_of, text
from server.services.bookable import HELPS, Bookable
from server.services.bookings import NewSeat, checked
from server.services.clashes import Conflict

GUEST_ROLES = tuple(r for r in Role if r in BOOKABLE and r is not Role.PARTY)
"""What a row may be: the parties are ticked."""

SIGNS = "signs"
"""An interpreter into sign language: another choice in the form, the same role."""

Day = date
_ROW_FIELDS = {
    "role_": "role",
    "side_": "side",
    "language_": "language",
    "too_many_beside": "beside",
    "phone_": "phone",
    "email_": "email",
}
_MORE = ("language", "beside", "phone", "email")
"""What a row has besides who it is."""
_NAMES = re.compile(r"[,，、;；\n]+")


@dataclass(slots=True)
class TimeForm(Form):
    """When, and how long. `seen`: meetings at the same time that the reader was shown;
    `conflicts`: those they have not said it is to be all the same for.
    """

    date: str = ""
    time: str = ""
    minutes: str = "60"
    seen: list[str] = field(default_factory=list)
    conflicts: tuple[Conflict, ...] = ()

    fields: ClassVar[dict[str, str]] = {"starts_": "date", "length_": "minutes"}

    def take_time(self, data: Data) -> None:
        self.key = key_of(data)
        self.date, self.time = text(data, "date"), text(data, "time")
        self.minutes = text(data, "minutes") or self.minutes
        self.seen = [str(one) for one in data.getall("seen", [])]

    def suggest(self, at: datetime, length: timedelta | None = None) -> None:
        self.date, self.time = f"{at:%Y-%m-%d}", f"{at:%H:%M}"
        if length is not None:
            self.minutes = str(length // timedelta(minutes=1))

    def span(self, zone: ZoneInfo) -> Span | None:
        """The time meant, aware; None with `errors` filled."""
        on = self.check("date", lambda: _day(self.date))
        at = self.check("time", lambda: _time(self.time))
        length = self.check("minutes", lambda: _length(self.minutes))
        if on is None or at is None or length is None:
            return None
        return Span.of(datetime.combine(on, at, zone), length)

    def asked(self, zone: ZoneInfo) -> Span | None:
        """The same while it is still being filled in: nothing is wrong yet."""
        before = dict(self.errors)
        span = self.span(zone)
        self.errors = before
        return span

    def on(self) -> Day | None:
        """The day, if it is one already."""
        try:
            return _day(self.date)
        except Refused:
            return None

    @property
    def lengths(self) -> list[int]:
        """Those offered, and the one there is."""
        known = {*LENGTHS} | ({int(self.minutes)} if self.minutes.isdecimal() else set())
        return sorted(known)

    def seen_sessions(self) -> list[SessionId]:
        return [SessionId(one) for one in self.seen]

    def clash(self, conflicts: tuple[Conflict, ...]) -> None:
        """Shown now, and so seen when the form comes back."""
        self.conflicts = conflicts
        self.errors["clash"] = "clash"


@dataclass(slots=True)
class GuestRow:
    role: str = ""
    side: str = ""
    name: str = ""
    language: str = ""
    beside: str = ""
    phone: str = ""
    email: str = ""

    @classmethod
    def of(cls, data: Data) -> list[GuestRow]:
        """A field that a form does not have counts as left empty."""
        found = rows_of(data, "role", "side", "name")
        more = [[str(v) for v in data.getall(name, [])] for name in _MORE]
        return [
            cls(*row, *(column[n] if n < len(column) else "" for column in more))
            for n, row in enumerate(found)
        ]

    @staticmethod
    def field_of(code: str) -> str:
        """In which field of the row a refusal is mended."""
        return next((name for start, name in _ROW_FIELDS.items() if code.startswith(start)), "name")

    def seat(self) -> NewSeat:
        """Raises Refused."""
        signs = self.role == SIGNS
        if not signs and self.role not in set(Role):
            raise Refused("role_unusable")
        role = Role.INTERPRETER if signs else Role(self.role)
        new = NewSeat(
            role,
            self.side,
            self.name,
            language=self.language,
            signs=signs,
            beside=names(self.beside),
            phone=self.phone,
            email=self.email,
        )
        return checked(new)


@dataclass(slots=True)
class BookingForm(TimeForm):
    """`only`: the side with which the mediator speaks alone before the meeting; empty: everybody
    meets. `beside`: who else is at the device of a party or representative, by their id.
    """

    fields: ClassVar[dict[str, str]] = TimeForm.fields | {"name_": "party", "one_side": "party"}
    only: str = ""
    chosen: set[str] = field(default_factory=set)
    together: set[str] = field(default_factory=set)
    """Those who help with the case and take part."""
    beside: dict[str, str] = field(default_factory=dict)
    rows: list[GuestRow] = field(default_factory=lambda: [GuestRow()])
    asks: bool = False
    """Another button than the one that books was pressed: the form is shown again."""

    @classmethod
    def fresh(cls, about: Bookable, only: str) -> BookingForm:
        people = [p.id for p in about.case.present_parties]
        return cls(
            only=only if only in SIDES else "",
            chosen={*people, *(one.representative.id for one in about.speakers)},
            together={one.user for one in about.staff},
        )

    @classmethod
    def read(cls, data: Data) -> BookingForm:
        rows = GuestRow.of(data)
        only = text(data, "only")
        form = cls(
            only=only if only in SIDES else "",
            chosen={str(one) for one in (*data.getall("party", []), *data.getall("speaker", []))},
            together={str(one) for one in data.getall("together", [])},
            beside={
                name.removeprefix("beside-"): str(value)
                for name, value in data.items()
                if name.startswith("beside-")
            },
            rows=rows or [GuestRow()],
        )
        form.take_time(data)
        form._press(data)
        return form

    def _press(self, data: Data) -> None:
        """What another button asks for."""
        if more_of(data) and len(self.rows) < MOST_ROWS:
            self.rows.append(GuestRow())
        purpose, dash, side = text(data, "action").partition("-")
        if purpose == "only" and dash:
            self.only = side if side in SIDES else ""
        self.asks = more_of(data) or bool(dash) or purpose == "day"

    @property
    def purpose(self) -> SessionPurpose:
        return SessionPurpose.PREPARATION if self.only else SessionPurpose.MEETING

    def seats(self, about: Bookable) -> list[NewSeat]:
        """Whoever is ticked and the rows that are filled in; with `only`, of no other side."""
        found = [self._checked(new) for new in self._ticked(about)]
        if not found:
            self.errors["party"] = "nobody_booked"
        mine = [one for one in about.staff if one.user in self.together]
        found += [NewSeat(HELPS[one.role], None, one.name, user=one.user) for one in mine]
        for number, row in enumerate(self.rows):
            if row.name.strip():
                found.append(self.check(f"guest{number}", row.seat))
        return [seat for seat in found if seat is not None]

    def _ticked(self, about: Bookable) -> list[NewSeat]:
        seats = []
        for party in about.case.present_parties:
            if self.only and party.side != self.only:
                continue
            if party.id in self.chosen:
                beside = names(self.beside.get(party.id, ""))
                seats.append(
                    NewSeat(Role.PARTY, party.side, party.name, party=party.id, beside=beside)
                )
            for one in about.speakers:
                who = one.representative
                if one.party.id == party.id and who.id in self.chosen:
                    beside = names(self.beside.get(who.id, ""))
                    new = NewSeat(one.role, party.side, who.name, beside=beside)
                    seats.append(replace(new, party=party.id, speaker=who.id))
        return seats

    def _checked(self, new: NewSeat) -> NewSeat | None:
        return self.check("party", partial(checked, new))


@dataclass(slots=True)
class SeatForm(Form):
    """Somebody more in a meeting that is booked."""

    fields: ClassVar[dict[str, str]] = {"": "name"}
    row: GuestRow = field(default_factory=GuestRow)

    @classmethod
    def read(cls, data: Data) -> SeatForm:
        rows = GuestRow.of(data)
        return cls(key=key_of(data), row=rows[0] if rows else GuestRow())


@dataclass(slots=True)
class ContactForm(Form):
    """By what a guest who is booked is reached."""

    fields: ClassVar[dict[str, str]] = {"phone_": "phone", "email_": "email"}
    seat: str = ""
    phone: str = ""
    email: str = ""

    @classmethod
    def read(cls, data: Data, seat: str) -> ContactForm:
        return cls(seat=seat, phone=text(data, "phone"), email=text(data, "email"))


@dataclass(slots=True)
class MoveForm(TimeForm):
    @classmethod
    def read(cls, data: Data) -> MoveForm:
        form = cls()
        form.take_time(data)
        return form


def names(typed: str) -> tuple[str, ...]:
    """Several in one field, however they are parted."""
    return tuple(name for one in _NAMES.split(typed) if (name := one.strip()))


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise Refused("date_missing") from None


def _time(written: str) -> time:
    try:
        return time.fromisoformat(written.strip()).replace(tzinfo=None, second=0, microsecond=0)
    except ValueError:
        raise Refused("time_missing") from None


def _length(written: str) -> timedelta:
    if not (written.isascii() and written.isdecimal() and len(written) <= 4):
        raise Refused("length_unusable")
    return checked_length(int(written))
