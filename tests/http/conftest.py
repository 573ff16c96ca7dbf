from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from copy import deepcopy
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher

from server.domain.user import StaffRole
from server.http.app import make_app
from server.http.assets import Assets
from server.http.keys import ASSETS
from server.security import passwords
from server.security.keys import KeyStore
from server.services.context import Context
from server.settings import Settings
from server.store.store import Store
from tests.conftest import Furnished
from tests.http.house import Clock, House
from tests.store import world as worlds

SOURCES = (
    "src/seat/main.tsx",
    "src/pages/copy.ts",
    "src/pages/fresh.ts",
    "src/pages/helper.ts",
    "src/pages/photos.ts",
    "src/pages/player.ts",
    "src/pages/report.ts",
    "src/pages/photo.ts",
    "src/pages/rows.ts",
    "src/pages/ticks.ts",
    "src/pages/jump.ts",
    "src/styles/base.css",
    "src/styles/pages.css",
    "src/styles/room.css",
    "src/styles/tokens.css",
)


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real hashing takes a tenth of a second each time, on purpose; here it would only wait."""
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", hasher)


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """What Vite would have built, empty."""
    folder = tmp_path / "dist"
    (folder / ".vite").mkdir(parents=True)
    (folder / "assets").mkdir()
    manifest = {source: {"file": f"assets/{Path(source).stem}-1.js"} for source in SOURCES}
    (folder / ".vite/manifest.json").write_text(json.dumps(manifest))
    (folder / "assets/main-1.js").write_text("export {};\n" * 100)
    return folder


@pytest.fixture
async def house(tmp_path: Path, sqlite_furnished: Furnished, dist: Path) -> AsyncIterator[House]:
    """The HTTP side of a server on SQLite, with one member of staff of every role."""
    file = tmp_path / "heyi.sqlite3"
    shutil.copy(sqlite_furnished.file, file)
    world = deepcopy(sqlite_furnished.world)
    store, clock = Store(f"sqlite:///{file}"), Clock()
    often = "10000/minute"
    settings = Settings(
        data_dir=tmp_path,
        help_phone="12348",
        sign_in_limit=often,
        join_limit=often,
        apply_limit=often,
        status_limit=often,
    )
    ctx = Context(store=store, settings=settings, keys=KeyStore(tmp_path / "keys"), clock=clock)
    async with store.write() as conn:
        staff = {"mediator": world.wang, "colleague": world.li, "elsewhere": world.zhao}
        for role in StaffRole:
            if role is not StaffRole.MEDIATOR:
                staff[role.value] = await worlds.member(
                    conn, world.station, role, role.value, role.value
                )
    app = make_app(ctx)
    app[ASSETS] = Assets(dist)
    async with TestServer(app) as server:
        yield House(ctx, world, clock, staff, str(server.make_url("/")).rstrip("/"))
    await store.close()
