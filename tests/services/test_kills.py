"""Numbers stay without gaps however often the server is killed while it gives them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from sqlalchemy import select

from server.domain.user import StaffRole
from server.store import tables
from server.store.store import Store
from tests.store import world as worlds

ROOT = Path(__file__).parents[2]
KILLS = {"sqlite": 100, "postgresql": 30}
"""A killed client is no news to PostgreSQL, while SQLite is the very process."""


async def test_numbers_have_no_gaps_however_often_it_is_killed(
    tmp_path: Path, database_url: str
) -> None:
    store = Store(database_url)
    async with store.write() as conn:
        world = await worlds.make(conn)
        clerk = await worlds.member(conn, world.station, StaffRole.CLERK, "clerk", "陈静")
    accepted, cut_short = _killed(database_url, tmp_path / "keys", world.station.id, clerk)
    case, counter = tables.case, tables.number_counter
    async with store.read() as conn:
        found = await conn.execute(select(case.c.id, case.c.number).where(case.c.number != ""))
        numbers = {row.number: row.id for row in found}
        counted = await conn.scalar(select(counter.c.n))
        status = tables.case_status
        taken_on = await conn.scalars(select(status.c.case).where(status.c.status == "accepted"))
        decided = set(taken_on) - {world.case.id, world.other_session.case}
    await store.close()
    given = sorted(int(re.findall(r"第(\d+)号", number)[0]) for number in numbers)
    assert cut_short > 0, "nobody was killed while giving a number"
    assert given == list(range(1, len(numbers) + 1))
    assert accepted <= len(numbers) <= accepted + cut_short
    assert counted == len(numbers)
    assert decided == set(numbers.values())


def _killed(database: str, keys: Path, where: str, clerk: str) -> tuple[int, int]:
    """Acceptances that were acknowledged, and those that the kill fell into."""
    command = [sys.executable, "-m", "tests.services.accepting"]
    kills = KILLS[database.partition(":")[0]]
    done = subprocess.run(
        [*command, database, str(keys), where, clerk, str(kills)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=110,
    )
    accepted, cut_short = map(int, done.stdout.split())
    return accepted, cut_short
