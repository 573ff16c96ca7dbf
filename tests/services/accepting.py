"""A server that is killed while it accepts matters, again and again: `test_kills.py` runs this.

python -m tests.services.accepting DATABASE KEYS ORGANISATION CLERK KILLS

What has to be loaded is loaded once; each child is a fork of that and has a database of its own.
Prints how many acceptances the children had acknowledged before they were killed, and how many of
them were killed in the middle of another.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from pathlib import Path

from server.domain.ids import OrganisationId, UserId
from server.security.ids import new_id
from server.security.keys import KeyStore
from server.services import deciding
from server.services.context import Context
from server.settings import Settings
from server.store import organisations, users
from server.store.store import Store
from tests.services.come_in import applied
from tests.store.world import NOON

BEGUN, DONE = b"(", b")"
LONGEST_S = 0.03
"""From when it begins its second acceptance a child lives for about as long as one takes."""


async def accept_for_ever(database: str, keys: str, where: str, clerk: str, told: int) -> None:
    settings = Settings(data_dir=Path(keys).parent)
    keys_kept, frozen = KeyStore(Path(keys)), lambda: NOON  # New Year would begin another series.
    ctx = Context(store=Store(database), settings=settings, keys=keys_kept, clock=frozen)
    async with ctx.store.read() as conn:
        unit = await organisations.get(conn, OrganisationId(where))
        user = await users.find(conn, UserId(clerk))
    assert user is not None
    while True:
        case = await applied(ctx, unit)
        os.write(told, BEGUN)
        await deciding.accept(ctx, user, case, new_id())
        os.write(told, DONE)


def one_life(arguments: list[str], moments: random.Random) -> tuple[int, int]:
    """How many matters a child accepted before it was killed, and how many it had begun to."""
    hears, tells = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(hears)
        database, keys, where, clerk = arguments
        asyncio.run(accept_for_ever(database, keys, where, clerk, tells))
        os._exit(1)
    os.close(tells)
    try:
        first = b"".join(os.read(hears, 1) for _ in (BEGUN, DONE, BEGUN))
        time.sleep(moments.uniform(0, LONGEST_S))
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    with os.fdopen(hears, "rb") as rest:
        told = first + rest.read()
    return told.count(DONE), told.count(BEGUN)


def main() -> None:
    *arguments, kills = sys.argv[1:]
    moments = random.Random(int(kills))
    lives = [one_life(arguments, moments) for _ in range(int(kills))]
    done = sum(done for done, _ in lives)
    sys.stdout.write(f"{done} {sum(begun for _, begun in lives) - done}")


if __name__ == "__main__":
    main()
