"""A further meeting of the demo's case, of any size, written straight into its database."""

from __future__ import annotations

from typing import NamedTuple

from bench.demo import Demo
from server.domain.ids import SeatId, SessionId, SpaceId
from server.domain.seat import Role, Seat
from server.domain.session import Session
from server.security.ids import new_id, new_secret_id
from server.security.keys import KeyStore
from server.security.tokens import link_token
from server.settings import Settings
from server.store import sessions
from server.store.store import Store


class Place(NamedTuple):
    seat: SeatId
    name: str
    token: str
    link: str


async def booked(demo: Demo, people: int) -> list[Place]:
    """So many seats, the host's first; the others are of two sides by turns."""
    [places] = await meetings(demo, 1, people)
    return places


async def meetings(demo: Demo, count: int, people: int) -> list[list[Place]]:
    """So many of such meetings."""
    store = Store(Settings(data_dir=demo.data).database)
    try:
        async with store.write() as conn:
            like = await sessions.load(conn, SessionId(demo.session))
            assert like is not None
            made = [_like(like, [_seat(n) for n in range(people)]) for _ in range(count)]
            for session in made:
                await sessions.insert(conn, session)
    finally:
        await store.close()
    key = KeyStore(demo.data / "keys").link_key

    def place(seat: Seat) -> Place:
        token = link_token(key, seat.id, seat.link_version)
        return Place(seat.id, seat.name, token, f"{demo.url}/j/{seat.id}#{token}")

    return [[place(seat) for seat in session.seats.values()] for session in made]


def _like(like: Session, seats: list[Seat]) -> Session:
    return Session(
        id=SessionId(new_id()),
        case=like.case,
        organisation=like.organisation,
        starts_at=like.starts_at,
        seats={seat.id: seat for seat in seats},
        new_space_id=lambda: SpaceId(new_secret_id()),
        new_seat_id=lambda: SeatId(new_id()),
    )


def _seat(n: int) -> Seat:
    role = Role.PARTY if n else Role.HOST
    side = "AB"[n % 2] if n else None
    return Seat(SeatId(new_id()), role, side, f"Person {n}", chair=n == 0)
