"""What people type into forms: kept as typed, checked field by field by the domain's own rules.

A form that is not right is shown again with everything in it; `errors` has the code for each field.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from typing import Any, ClassVar, TypeVar, cast
from zoneinfo import ZoneInfo

from aiohttp import web
from multidict import MultiMapping

from server.domain.errors import Refused
from server.domain.party import Party
from server.domain.seat import BOOKABLE, Role
from server.domain.text import keepable
from server.security.ids import new_secret_id
from server.services.bookings import NewSeat, checked
from server.services.cases import Handling

T = TypeVar("T")
Data = MultiMapping[str]

MOST_ROWS = 12
GUEST_ROLES = tuple(r for r in Role if r in BOOKABLE and r is not Role.PARTY)
"""What a row may be: the parties are ticked."""


async def posted(request: web.Request) -> Data:
    """The form of a request, which `read_form` has read. Without files every field is text."""
    return cast(Data, await request.post())


async def read_form(request: web.Request) -> None:
    """Read the form of a request whole, once for all who ask for it after.

    Raises Refused("bad_request") for what is no form, or holds what no database can.
    """
    try:
        data = await request.post()
    except (ValueError, LookupError):
        # aiohttp's ways to say so: broken parts, bytes that are no text, an unheard-of charset.
        raise Refused("bad_request") from None
    typed = [part for pair in data.items() for part in pair if isinstance(part, str)]
    if not all(map(keepable, typed)):
        raise Refused("bad_request")


async def sent(request: web.Request) -> dict[str, Any]:
    """The object that a script has sent as JSON. Raises Refused("bad_request")."""
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        raise Refused("bad_request") from None
    if not isinstance(body, dict):
        raise Refused("bad_request")
    return body


def text(data: Data, name: str) -> str:
    """What was typed into a field, or nothing."""
    value = data.get(name, "")
    return value if isinstance(value, str) else ""


@dataclass(slots=True)
class Form:
    """`key` makes a form that is sent twice one thing: it stays when the form is shown again."""

    key: str = field(default_factory=new_secret_id)
    errors: dict[str, str] = field(default_factory=dict)
    fields: ClassVar[dict[str, str]] = {}
    """To which field a refusal of the service belongs, by the beginning of its code."""

    def check(self, name: str, rule: Callable[[], T]) -> T | None:
        """The value the rule gives; if it refuses, the code is noted for the field."""
        try:
            return rule()
        except Refused as refused:
            self.errors[name] = refused.code
            return None

    def refuse(self, code: str) -> None:
        """Note what the service has refused; what fits no field stands above the form."""
        found = (name for start, name in self.fields.items() if code.startswith(start))
        self.errors[next(found, "form")] = code


def key_of(data: Data) -> str:
    return text(data, "key")[:64] or new_secret_id()


def _rows(data: Data, *names: str) -> list[tuple[str, ...]]:
    """Fields that come once a row, put together again."""
    columns = [[str(value) for value in data.getall(name, [])] for name in names]
    return list(zip(*columns, strict=False))[:MOST_ROWS]


def more_of(data: Data) -> bool:
    """Whether the button was *another row*, and not the one that sends the form."""
    return text(data, "action") == "more"


# ---- a meeting --------------------------------------------------------------------------------


@dataclass(slots=True)
class GuestRow:
    role: str = ""
    side: str = ""
    name: str = ""


@dataclass(slots=True)
class BookingForm(Form):
    fields: ClassVar[dict[str, str]] = {"starts_": "date", "name_": "party"}
    date: str = ""
    time: str = ""
    chosen: set[str] = field(default_factory=set)
    together: set[str] = field(default_factory=set)
    """Co-mediators of the case who take part."""
    rows: list[GuestRow] = field(default_factory=lambda: [GuestRow()])
    more: bool = False

    @classmethod
    def fresh(
        cls, parties: tuple[Party, ...], suggested: datetime, together: Iterable[str] = ()
    ) -> BookingForm:
        return cls(
            date=f"{suggested:%Y-%m-%d}",
            time=f"{suggested:%H:%M}",
            chosen={party.id for party in parties},
            together=set(together),
        )

    @classmethod
    def read(cls, data: Data) -> BookingForm:
        rows = [GuestRow(*row) for row in _rows(data, "role", "side", "name")]
        form = cls(
            key=key_of(data),
            date=text(data, "date"),
            time=text(data, "time"),
            chosen=set(data.getall("party", [])),
            together=set(data.getall("together", [])),
            rows=rows or [GuestRow()],
            more=more_of(data),
        )
        if form.more and len(form.rows) < MOST_ROWS:
            form.rows.append(GuestRow())
        return form

    def starts_at(self, zone: ZoneInfo) -> datetime | None:
        """The moment meant, aware; None with `errors` filled."""
        found_day = self.check("date", lambda: _day(self.date))
        found_time = self.check("time", lambda: _time(self.time))
        if found_day is None or found_time is None:
            return None
        return datetime.combine(found_day, found_time, zone)

    def seats(
        self, parties: tuple[Party, ...], co_mediators: Iterable[Handling] = ()
    ) -> list[NewSeat]:
        """The parties and co-mediators that are ticked and the rows that are filled in."""
        chosen = [p for p in parties if p.id in self.chosen]
        seats = [NewSeat(Role.PARTY, p.side, p.name, party=p.id) for p in chosen]
        found = [self.check("party", partial(checked, seat)) for seat in seats]
        if not chosen:
            self.errors["party"] = "nobody_booked"
        mine = [one for one in co_mediators if one.user in self.together]
        found += [NewSeat(Role.CO_MEDIATOR, None, one.name, user=one.user) for one in mine]
        for number, row in enumerate(self.rows):
            if row.name.strip():
                found.append(self.check(f"guest{number}", partial(_guest, row)))
        return [seat for seat in found if seat is not None]


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


def _guest(row: GuestRow) -> NewSeat:
    if row.role not in set(Role):
        raise Refused("role_unusable")
    return checked(NewSeat(Role(row.role), row.side, row.name))
