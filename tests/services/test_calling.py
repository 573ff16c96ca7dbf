"""A host calls who isn't there: the number is theirs alone to see, and it is written who saw it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.domain.errors import Refused
from server.domain.ids import SeatId
from server.domain.seat import Role
from server.services import bookings, calling
from server.services.bookings import NewSeat
from server.services.context import Context
from server.store import audit
from tests.services.booking import WEDNESDAY, held, seat_of
from tests.services.conftest import Staff
from tests.services.matters import ALICE, BOB, matter
from tests.services.test_progress import cookie, sit
from tests.store.world import World

PHONE = "13800000002"


async def test_only_a_host_who_is_there_is_told(ctx: Context, world: World, staff: Staff) -> None:
    case = await matter(ctx, world.station, world.wang, parties=(ALICE, BOB))
    alice, bob = case.parties
    seats = [
        NewSeat(Role.PARTY, "A", "Alice", party=alice.id),
        NewSeat(Role.PARTY, "B", "Bob", party=bob.id),
        NewSeat(Role.INTERPRETER, "A", "Irma", language="Zhuang"),
    ]
    made = await bookings.book(ctx, staff.wang, case.id, WEDNESDAY, seats, "key")
    session = await held(ctx, made)
    host, hers, his = session.main_host.id, seat_of(session, "Alice"), seat_of(session, "Bob")
    ctx = replace(ctx, clock=lambda: WEDNESDAY)
    shown, by_alice = await cookie(ctx, host), await cookie(ctx, hers)
    await sit(ctx, hers, by_alice)
    for who, what, why in ((host, shown, "no_seat"), (hers, by_alice, "not_host")):
        with pytest.raises(Refused, match=why):
            await calling.number(ctx, who, what, his)
    await sit(ctx, host, shown)
    with pytest.raises(Refused, match="unknown_seat"):
        await calling.number(ctx, host, shown, SeatId("nobody's"))
    assert await calling.number(ctx, host, shown, his) == PHONE
    assert await calling.number(ctx, host, shown, seat_of(session, "Irma")) == ""
    async with ctx.store.read() as conn:
        chain = await audit.of_chain(conn, f"case:{case.id}")
    looks = [entry for entry in chain if entry.verb == calling.SEEN]
    assert [(one.actor, one.body["seat"]) for one in looks] == [
        (host, his),
        (host, seat_of(session, "Irma")),
    ]
    assert PHONE not in str([one.body for one in looks])
