"""Organisation 机构: a tree of units; every case belongs to one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from server.domain.errors import Refused
from server.domain.ids import OrganisationId
from server.domain.number import checked_form
from server.domain.text import checked_lines, checked_text

NAME_LENGTH = 200
ADDRESS_LENGTH = 200
HOURS_LENGTH = 500
SHORT_LENGTH = 4
DEFAULT_ZONE = "Asia/Shanghai"


class OrganisationKind(StrEnum):
    BUREAU = "bureau"
    COUNTY = "county"
    STATION = "station"
    COMMITTEE = "committee"
    STUDIO = "studio"
    LAW_FIRM = "law_firm"
    HOTLINE = "hotline"
    COURT_LIAISON = "court_liaison"


@dataclass(frozen=True, slots=True)
class Organisation:
    """`path` holds the ids from the root down to this one, each followed by a slash.

    A root's path has one id; the root is the tenant. All times people read, and all dates, are
    in `time_zone` (an IANA name). `hours`: when people find somebody there, in its own words.
    `short` is its one-letter name in case numbers, `number_form` another way to write them.
    One that is `closed` takes in nothing new; what it has stays its own.
    """

    id: OrganisationId
    path: str
    kind: OrganisationKind
    name: str
    time_zone: str = DEFAULT_ZONE
    phone: str = ""
    email: str = ""
    address: str = ""
    hours: str = ""
    short: str = ""
    number_form: str = ""
    closed: bool = False

    @property
    def tenant(self) -> OrganisationId:
        """The root above it, or itself."""
        return OrganisationId(self.path.partition("/")[0])

    @property
    def above(self) -> tuple[OrganisationId, ...]:
        """Those it is under, from the root down; none for a root."""
        return tuple(map(OrganisationId, self.path.split("/")[:-2]))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def path_under(parent: Organisation | None, organisation_id: OrganisationId) -> str:
    return f"{parent.path if parent else ''}{organisation_id}/"


@dataclass(frozen=True, slots=True)
class Particulars:
    """What an administrator may say of an organisation, as it is kept."""

    name: str
    kind: OrganisationKind
    time_zone: str = DEFAULT_ZONE
    phone: str = ""
    email: str = ""
    address: str = ""
    hours: str = ""
    short: str = ""
    number_form: str = ""


def checked_name(name: str) -> str:
    return checked_text(name, NAME_LENGTH, "name_missing", "organisation_name_unusable")


def checked_kind(kind: str) -> OrganisationKind:
    if kind not in set(OrganisationKind):
        raise Refused("organisation_kind_missing")
    return OrganisationKind(kind)


def checked_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("time_zone_unknown") from None
    return name


def checked_address(address: str) -> str:
    if not address.strip():
        return ""
    return checked_text(address, ADDRESS_LENGTH, "address_unusable", "address_unusable")


def checked_hours(hours: str) -> str:
    if not hours.strip():
        return ""
    return checked_lines(hours, HOURS_LENGTH, "hours_unusable", "hours_unusable")


def checked_short(short: str) -> str:
    short = short.strip()
    if len(short) > SHORT_LENGTH or not short.isprintable() or set(short) & set("{}"):
        raise Refused("short_unusable")
    return short


def checked_number_form(form: str) -> str:
    return checked_form(form.strip()) if form.strip() else ""


def moved(organisation: Organisation, under: Organisation) -> str:
    """Its path below another. Raises Refused: `organisation_is_root`, `organisation_below_itself`,
    `organisation_closed`, and `organisation_elsewhere` for another tenant's, whose people and
    cases it must not come among.
    """
    if not organisation.above:
        raise Refused("organisation_is_root")
    if under.path.startswith(organisation.path):
        raise Refused("organisation_below_itself")
    if under.tenant != organisation.tenant:
        raise Refused("organisation_elsewhere")
    if under.closed:
        raise Refused("organisation_closed")
    return path_under(under, organisation.id)
