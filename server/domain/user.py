"""User 工作人员: staff with an account, and what they are in which organisation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from server.domain.ids import OrganisationId, UserId


class StaffRole(StrEnum):
    MEDIATOR = "mediator"
    CLERK = "clerk"
    LAWYER = "lawyer"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    GRID_WORKER = "grid_worker"
    """Finds disputes on the spot and reports them 网格员."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in an organisation, and so in everything below it (`path`)."""

    role: StaffRole
    path: str


@dataclass(frozen=True, slots=True)
class User:
    """`organisation` is where they work, at `path`; what they may do is in `grants` alone.

    Who has `left` is still named where they worked, and has no grants.
    """

    id: UserId
    organisation: OrganisationId
    path: str
    name: str
    grants: tuple[Grant, ...] = ()
    left: bool = False
