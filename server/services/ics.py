"""A meeting as an entry for people's own calendars (RFC 5545)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from server.domain.ids import SeatId
from server.settings import Settings
from server.words import gettext as _

PRODUCT = "-//Heyi//heyi//"


class Method(StrEnum):
    """`PUBLISH` for a file that somebody takes; the others for what is sent by mail."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Entry:
    """`sequence` grows with another time, another length and being off, and with nothing else: it
    must not tell what goes on in a meeting. The seat stays, and so does the entry.

    `text` stands in it as a description.
    """

    seat: SeatId
    sequence: int
    starts_at: datetime
    length: timedelta
    zone: ZoneInfo
    organisation: str
    text: str
    at: datetime


def written(settings: Settings, method: Method, entry: Entry, to: str = "") -> str:
    """In the language being spoken. `to`: the address it is sent to, for `REQUEST` and `CANCEL`."""
    event = Event()
    host = urlsplit(settings.origin).hostname or "heyi"
    event.add("uid", f"{entry.seat}@{host}")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.at)
    starts_at = entry.starts_at.astimezone(entry.zone)
    event.add("dtstart", starts_at)
    event.add("dtend", starts_at + entry.length)
    event.add(
        "summary", _("Mediation by video · %(organisation)s", organisation=entry.organisation)
    )
    event.add("description", entry.text)
    event.add("status", "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    event.add("class", "PRIVATE")
    if method is not Method.PUBLISH:
        _between(event, settings.mail_from, entry.organisation, to)
    if method is not Method.CANCEL:
        event.add_component(_alarm(entry))
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return str(calendar.to_ical(), "utf-8")


def _between(event: Event, sender: str, organisation: str, to: str) -> None:
    organiser = vCalAddress(f"mailto:{sender}")
    organiser.params["CN"] = vText(organisation)
    event.add("organizer", organiser)
    guest = vCalAddress(f"mailto:{to}")
    guest.params["PARTSTAT"] = vText("NEEDS-ACTION")
    # Nobody waits for their answer: whoever can't come calls.
    guest.params["RSVP"] = vText("FALSE")
    event.add("attendee", guest)


def _alarm(entry: Entry) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(minutes=-30))
    alarm.add("description", _("The mediation by video begins in half an hour."))
    return alarm
