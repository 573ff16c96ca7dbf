"""Notice 通知: a few words sent to a party or a member of staff, and how it went.

A notice never tells what a matter is about, nor anything of the other side: whoever picks up the
telephone may read it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from server.domain.errors import Refused
from server.domain.text import checked_lines, checked_text, shown

SUBJECT_LENGTH = 80
BODY_LENGTH = 1000
VALUE_LENGTH = 400


class NoticeName(StrEnum):
    APPLICATION_RECEIVED = "application_received"
    CASE_ACCEPTED = "case_accepted"
    CASE_DECLINED = "case_declined"
    CASE_WITHDRAWN = "case_withdrawn"
    MEDIATOR_OFFERED = "mediator_offered"
    MEDIATOR_ASSIGNED = "mediator_assigned"
    HANDED_OVER = "handed_over"
    CHOOSE_MEDIATOR = "choose_mediator"
    MEDIATION_ENDS = "mediation_ends"
    CONFIRM_AGREEMENT = "confirm_agreement"
    DEADLINE_NEAR = "deadline_near"
    DEADLINE_PASSED = "deadline_passed"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_DECIDED = "extension_decided"
    CASE_CLOSED = "case_closed"
    CASE_REOPENED = "case_reopened"
    SESSION_BOOKED = "session_booked"
    SESSION_PREPARATION = "session_preparation"
    SESSION_MOVED = "session_moved"
    SESSION_CANCELLED = "session_cancelled"
    SESSION_REMINDER = "session_reminder"
    SESSION_SOON = "session_soon"
    STAFF_INVITED = "staff_invited"


class ToKind(StrEnum):
    PARTY = "party"
    REPRESENTATIVE = "representative"
    """Who speaks for a party."""
    GUEST = "guest"
    """Who has a seat in a meeting and is neither: an interpreter, a companion, a witness."""
    STAFF = "staff"


class Channel(StrEnum):
    SMS = "sms"
    EMAIL = "email"
    COPY = "copy"
    """Nothing that we could send to: somebody copies the words into WeChat, or telephones."""


class NoticeState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    """Handed to the provider; it has not said yet that it arrived."""
    ARRIVED = "arrived"
    FAILED = "failed"
    NO_PROVIDER = "no_provider"
    NO_ADDRESS = "no_address"
    BY_HAND = "by_hand"
    """Somebody pasted the words into WeChat, or told them over the telephone."""

    @property
    def unheard(self) -> bool:
        """As far as the server knows they never got it, and may still be told by hand."""
        return self in (NoticeState.FAILED, NoticeState.NO_PROVIDER, NoticeState.NO_ADDRESS)


class Reason(StrEnum):
    """Why a notice failed."""

    ADDRESS_REFUSED = "address_refused"
    PROVIDER_REFUSED = "provider_refused"
    NOT_REACHED = "not_reached"
    """The provider could not be reached, often enough to give up."""
    TOO_MANY = "too_many"
    """The provider takes no more for this address or at this moment."""
    NO_CREDIT = "no_credit"
    CREDENTIALS = "credentials"
    NO_TEMPLATE = "no_template"
    """The provider sends only texts that it knows, and this one it does not know."""
    NOT_DELIVERED = "not_delivered"
    """Sent, and the provider reports that it did not arrive."""
    CALLED_OFF = "called_off"
    """What it invites to was cancelled or moved before it was sent."""
    UNREADABLE = "unreadable"
    """The case's data was destroyed before it was sent."""


@dataclass(frozen=True, slots=True)
class Form:
    """The values a notice has of its own: those its words must tell, and those they may."""

    to: ToKind
    must: tuple[str, ...] = ()
    may: tuple[str, ...] = ()

    @property
    def allowed(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.must, *self.may, *COMMON)))


COMMON = ("name", "organisation", "telephone", "address")
"""Values every notice has: whom it is sent to, who sends it, their telephone, our web address."""

_PARTY, _STAFF = ToKind.PARTY, ToKind.STAFF
FORMS: dict[NoticeName, Form] = {
    NoticeName.APPLICATION_RECEIVED: Form(_PARTY, ("code",)),
    NoticeName.CASE_ACCEPTED: Form(_PARTY, ("number",), ("mediator",)),
    NoticeName.CASE_DECLINED: Form(_PARTY, (), ("reason", "elsewhere")),
    NoticeName.CASE_WITHDRAWN: Form(_PARTY),
    NoticeName.MEDIATOR_OFFERED: Form(_STAFF, ("until",), ("title",)),
    NoticeName.MEDIATOR_ASSIGNED: Form(_PARTY, ("mediator",), ("phone",)),
    NoticeName.HANDED_OVER: Form(_PARTY, ("mediator",)),
    NoticeName.CHOOSE_MEDIATOR: Form(_PARTY, ("on",)),
    NoticeName.MEDIATION_ENDS: Form(_PARTY, ("on",)),
    NoticeName.CONFIRM_AGREEMENT: Form(_PARTY, ("on",)),
    NoticeName.DEADLINE_NEAR: Form(_STAFF, ("on",), ("what", "title")),
    NoticeName.DEADLINE_PASSED: Form(_STAFF, (), ("what", "title", "on")),
    NoticeName.EXTENSION_ASKED: Form(_PARTY, ("until",), ("reason",)),
    NoticeName.EXTENSION_DECIDED: Form(_PARTY, (), ("until",)),
    NoticeName.CASE_CLOSED: Form(_PARTY, (), ("outcome",)),
    NoticeName.CASE_REOPENED: Form(_PARTY),
    NoticeName.SESSION_BOOKED: Form(_PARTY, ("at", "link"), ("mediator", "phone", "minutes")),
    NoticeName.SESSION_PREPARATION: Form(_PARTY, ("at", "link"), ("mediator", "minutes")),
    NoticeName.SESSION_MOVED: Form(_PARTY, ("at", "link"), ("was", "mediator", "minutes")),
    NoticeName.SESSION_CANCELLED: Form(_PARTY, ("at",), ("reason", "mediator")),
    NoticeName.SESSION_REMINDER: Form(_PARTY, ("at", "link"), ("mediator", "minutes")),
    NoticeName.SESSION_SOON: Form(_PARTY, ("at", "link"), ("mediator",)),
    NoticeName.STAFF_INVITED: Form(_STAFF, ("link",)),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for in the log; None: all of them."""

    state: NoticeState | None = None
    channel: Channel | None = None
    template: NoticeName | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one notice in one language: `version` of ours, or of an organisation's own.

    `provider_template`: under which id a provider of SMS knows this very text.
    """

    subject: str
    body: str
    version: int
    provider_template: str = ""


# ---- words with places in them ----------------------------------------------------------------

_PLACE = re.compile(r"\{([a-z_]+)\}")
_IF_KNOWN = re.compile(r"\[([^\[\]]*)\]")


def places(text: str) -> tuple[str, ...]:
    """The names in `{…}`, in their order, each once."""
    return tuple(dict.fromkeys(_PLACE.findall(text)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """With the values in their places. What stands in `[…]` is left out when a value in it is
    not known. Values are never read as places themselves.
    """

    def known(found: re.Match[str]) -> str:
        return found[1] if all(values.get(name) for name in places(found[1])) else ""

    return _PLACE.sub(lambda found: values.get(found[1], ""), _IF_KNOWN.sub(known, text))


def strange(name: NoticeName, text: str) -> list[str]:
    """Places that nothing can be put into, and braces that belong to none."""
    found = [place for place in places(text) if place not in FORMS[name].allowed]
    rest = _PLACE.sub("", text)
    return found + sorted({brace for brace in "{}" if brace in rest})


def missing(name: NoticeName, body: str) -> list[str]:
    """What the words must tell and don't. They always name who writes."""
    return [place for place in (*FORMS[name].must, "organisation") if place not in places(body)]


def checked_wording(name: NoticeName, subject: str, body: str) -> tuple[str, str]:
    """Subject and body, tidied. Raises Refused."""
    subject = checked_text(
        subject, SUBJECT_LENGTH, "notice_subject_missing", "notice_subject_unusable"
    )
    body = checked_lines(body, BODY_LENGTH, "notice_body_missing", "notice_body_unusable")
    if strange(name, subject + body):
        raise Refused("notice_place_unknown")
    if missing(name, body):
        raise Refused("notice_place_missing")
    return subject, body


# ---- values -----------------------------------------------------------------------------------

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}.*)?")
_WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def spoken(value: str, language: str, zone: ZoneInfo) -> str:
    """One printable line. An ISO date or moment is written as people of the language do."""
    line = " ".join(value.split())
    line = shown(line)[:VALUE_LENGTH]
    at = moment(line, zone)
    if at is None:
        return line
    weekday = _WEEKDAYS[language][at.weekday()]
    clock = f" {at:%H:%M}" if isinstance(at, datetime) else ""
    if language == "zh":
        return f"{at.month}月{at.day}日周{weekday}{clock}"
    return f"{weekday} {at.day} {_MONTHS[at.month - 1]}{clock}"


def moment(value: str, zone: ZoneInfo) -> date | datetime | None:
    """An ISO date, or a moment as the clocks of the zone show it; None for anything else."""
    if not _MOMENT.fullmatch(value):
        return None
    try:
        if "T" not in value:
            return date.fromisoformat(value)
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at.astimezone(zone) if at.tzinfo else at.replace(tzinfo=zone)


# ---- addresses --------------------------------------------------------------------------------

_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_MOBILE = re.compile(r"1[3-9]\d{9}")


def mobile(typed: str) -> str:
    """The 11 digits of a mobile telephone of the mainland; empty for any other number."""
    digits = "".join(c for c in typed if c.isascii() and (c.isdigit() or c == "+"))
    for country in ("+86", "0086", "86"):
        if len(digits) > 11:
            digits = digits.removeprefix(country)
    return digits if _MOBILE.fullmatch(digits) else ""


def email(typed: str) -> str:
    """The address if it is a plain one, of which nothing else can be made; else empty."""
    typed = typed.strip()
    return typed if len(typed) <= 254 and _EMAIL.fullmatch(typed) else ""


def masked(address: str) -> str:
    """138****0001 · w***@example.com: enough to see that it is the right one."""
    head, at, domain = address.partition("@")
    if at:
        return f"{head[:1]}***@{domain}"
    return f"{address[:3]}****{address[-4:]}" if len(address) >= 9 else "****"
