"""What the form that books a meeting of a case offers."""

from __future__ import annotations

from dataclasses import dataclass

from server.domain.case import Case, HandlerRole
from server.domain.errors import Refused
from server.domain.ids import CaseId, UserId
from server.domain.organisation import Organisation
from server.domain.party import Party, Representative, RepresentativeKind
from server.domain.rights import Verb
from server.domain.seat import Role
from server.domain.user import User
from server.services import cases
from server.services.bookings import host_of
from server.services.cases import CasePage, Handling
from server.services.context import Context
from server.store import parties, users

HELPS = {HandlerRole.CO_MEDIATOR: Role.CO_MEDIATOR, HandlerRole.CLERK: Role.CLERK}
"""As what those who work on a case beside its mediator sit in its meetings."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks for a party, and as what they are booked."""

    representative: Representative
    party: Party

    @property
    def role(self) -> Role:
        lawyer = self.representative.kind is RepresentativeKind.LAWYER
        return Role.LAWYER if lawyer else Role.REPRESENTATIVE


@dataclass(frozen=True, slots=True)
class Bookable:
    """`staff`: those who help with the case. `host`: who would host it."""

    page: CasePage
    speakers: tuple[Speaker, ...]
    staff: tuple[Handling, ...]
    host: UserId
    host_name: str

    @property
    def case(self) -> Case:
        return self.page.case

    @property
    def organisation(self) -> Organisation:
        return self.page.organisation


async def of_case(ctx: Context, user: User, case_id: CaseId) -> Bookable:
    """Raises Refused: not_found, not_allowed, no_mediator."""
    page = await cases.page(ctx, user, case_id)
    if not page.may_book:
        raise Refused("not_allowed")
    async with ctx.store.read() as conn:
        await cases.require(conn, user, Verb.BOOK, case_id)
        host = await host_of(conn, user, page.thing, case_id)
        name = (await users.names(conn, [host]))[host]
        found = await parties.representatives(conn, case_id)
    here = {party.id: party for party in page.case.present_parties}
    speaking = [one for one, _ in found if one.party in here and one.speaks(ctx.clock())]
    return Bookable(
        page=page,
        speakers=tuple(Speaker(one, here[one.party]) for one in speaking),
        staff=tuple(one for one in page.handlers if one.role in HELPS),
        host=host,
        host_name=name,
    )
