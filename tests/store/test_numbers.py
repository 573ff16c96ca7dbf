from __future__ import annotations

from server.store import numbers
from server.store.store import Store
from tests.store.world import World

SERIES = "mediation.peoples"


async def test_what_was_given_out_elsewhere_is_never_given_out_again(
    store: Store, world: World
) -> None:
    async with store.write() as conn:
        await numbers.raise_to(conn, world.station.id, 2026, SERIES, 7)
        assert await numbers.take(conn, world.station.id, 2026, SERIES) == 8
        await numbers.raise_to(conn, world.station.id, 2026, SERIES, 3)
        assert await numbers.take(conn, world.station.id, 2026, SERIES) == 9
        await numbers.raise_to(conn, world.station.id, 2026, SERIES, 9)
        assert await numbers.take(conn, world.station.id, 2026, SERIES, 2) == 11
        for place, year in ((world.elsewhere.id, 2026), (world.station.id, 2027)):
            assert await numbers.take(conn, place, year, SERIES) == 1
