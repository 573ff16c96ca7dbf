"""`run.py serve` as a process of its own, on a folder in which a small world was made."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import update

from server.domain.ids import SeatId
from server.security.keys import KeyStore
from server.security.tokens import link_token
from server.services import sealed
from server.services.context import Context
from server.settings import Settings
from server.store import tables
from server.store.store import Store
from tests.store.world import World, make

ROOT = Path(__file__).parents[2]
PATIENT = {"HEYI_PING_INTERVAL_S": "600", "HEYI_PING_TIMEOUT_S": "600"}
"""A busy machine must not lose anybody whom the test did not lose."""


async def furnish(data: Path, template: Path) -> World:
    """A folder with a database in it, and a meeting that is due now."""
    data.mkdir()
    shutil.copy(template, data / "heyi.sqlite3")
    store = Store(f"sqlite:///{data / 'heyi.sqlite3'}")
    async with store.write() as conn:
        world = await make(conn)
        await conn.execute(update(tables.session).values(starts_at=datetime.now(UTC)))
    ctx = Context(store, Settings(data_dir=data), KeyStore(data / "keys"))
    await sealed.new_key(ctx, world.case.id, world.bureau.id)
    await store.close()
    ctx.keys.data.close()
    return world


@dataclass
class Server:
    """`told`: what it has printed besides its log."""

    data: Path
    process: Process
    url: str = ""
    told: list[str] = field(default_factory=list)

    def token(self, seat: SeatId, version: int = 1) -> str:
        return link_token(KeyStore(self.data / "keys").link_key, seat, version)

    async def serves(self) -> None:
        """Wait until it does."""
        while (line := await self._line()) is not None:
            if line.startswith("{") and (log := json.loads(line))["event"] == "serving":
                self.url = f"http://127.0.0.1:{log['port']}"
                return
        raise AssertionError(self.told)

    async def tells(self) -> str:
        """The next line that it prints."""
        line = await self._line()
        assert line is not None
        return line

    async def _line(self) -> str | None:
        assert self.process.stdout is not None
        line = (await self.process.stdout.readline()).decode().rstrip()
        self.told.append(line)
        return line or None


@asynccontextmanager
async def running(data: Path, port: int = 0, *arguments: str) -> AsyncIterator[Server]:
    outside = {name: value for name, value in os.environ.items() if not name.startswith("HEYI_")}
    command = ["run.py", "serve", "--port", str(port), "--data", str(data), *arguments]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=ROOT, env=outside | PATIENT,
        stdin=DEVNULL, stdout=PIPE, stderr=STDOUT,
    )  # fmt: skip
    server = Server(data, process)
    try:
        await server.serves()
        yield server
    finally:
        if process.returncode is None:
            process.kill()
        # What is left in the pipe is read, or it would count as open.
        await process.communicate()
