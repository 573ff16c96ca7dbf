"""Everyone a meeting can have, for tests that ask who may do what."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from server.domain.case import Case
from server.domain.ids import SeatId, SessionId, SpaceId
from server.domain.seat import Role, Seat, booked_side
from server.domain.session import Session
from server.security.ids import new_id, new_secret_id
from server.store import sessions
from server.store.store import Store
from tests.gateway.house import House, Page
from tests.store.world import NOON


@dataclass
class Cast:
    """Alice and her lawyer are side A, Dora side B, Emil side C."""

    session: SessionId
    host: SeatId
    co: SeatId
    alice: SeatId
    lawyer: SeatId
    dora: SeatId
    emil: SeatId
    others: dict[Role, SeatId]

    @property
    def guests(self) -> list[SeatId]:
        return [self.co, self.alice, self.lawyer, self.dora, self.emil]


NAMES = {"host": "Hui", "co": "Chen", "alice": "Alia", "lawyer": "Luo", "dora": "Dao", "emil": "Er"}
"""Booked names that stand for nothing else anywhere, so that a leak is seen."""


async def a_cast(store: Store, case: Case, *more: Role) -> Cast:
    """A further meeting of the case; `more` are others of side A, as far as their role has one."""
    others = {role: booked(role, "A") for role in more}
    seats = {
        who: Seat(SeatId(new_id()), role, side, f"Booked-{NAMES[who]}", chair=role is Role.HOST)
        for who, role, side in (
            ("host", Role.HOST, None),
            ("co", Role.CO_MEDIATOR, None),
            ("alice", Role.PARTY, "A"),
            ("lawyer", Role.LAWYER, "A"),
            ("dora", Role.PARTY, "B"),
            ("emil", Role.PARTY, "C"),
        )
    }
    places = [*seats.values(), *others.values()]
    session = Session(
        id=SessionId(new_id()),
        case=case.id,
        organisation=case.organisation,
        starts_at=NOON,
        seats={seat.id: seat for seat in places},
        new_space_id=lambda: SpaceId(new_secret_id()),
        new_seat_id=lambda: SeatId(new_id()),
    )
    async with store.write() as conn:
        await sessions.insert(conn, session)
    found = {who: seat.id for who, seat in seats.items()}
    return Cast(session.id, **found, others={role: seat.id for role, seat in others.items()})


def booked(role: Role, side: str) -> Seat:
    return Seat(SeatId(new_id()), role, booked_side(role, side), f"Booked-{role}")


def card(view: dict[str, Any], seat: str) -> dict[str, Any]:
    """A seat's card on the host's board."""
    found: dict[str, Any] = next(card for card in view["board"] if card["seat"] == seat)
    return found


async def three(house: House, stack: AsyncExitStack) -> list[Page]:
    """The host, Alice and her opponent, all in the joint space."""
    world = house.world
    return await admitted(house, stack, world.host, world.alice, world.opponent)


async def admitted(
    house: House, stack: AsyncExitStack, host: SeatId, *guests: SeatId
) -> list[Page]:
    """The host's page and these people's, all in the joint space."""
    pages = [await stack.enter_async_context(house.page(seat)) for seat in (host, *guests)]
    for page in pages[1:]:
        await page.ready()
        assert (await pages[0].command("admit", seat=page.seat))["ok"]
    for page in pages:
        await page.sees(lambda view: [view["place"], len(view["members"])] == ["joint", len(pages)])
    return pages
