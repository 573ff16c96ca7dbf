"""Organisation 机构: a tree of units; every case belongs to one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from server.domain.ids import OrganisationId

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

    @property
    def tenant(self) -> OrganisationId:
        """The root above it, or itself."""
        return OrganisationId(self.path.partition("/")[0])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def path_under(parent: Organisation | None, organisation_id: OrganisationId) -> str:
    return f"{parent.path if parent else ''}{organisation_id}/"
