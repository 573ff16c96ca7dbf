from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from server.security.keys import KeyStore
from server.services import ice
from server.services.context import Context
from server.settings import Settings
from server.store.store import Store

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TURN = ("turn:a.example?transport=udp", "turns:a.example:443?transport=tcp")


async def told(tmp_path: Path, **given: Any) -> ice.IceServers:
    settings = Settings.model_validate({"data_dir": tmp_path, **given})
    store = Store(f"sqlite:///{tmp_path}/heyi.sqlite3")
    ctx = Context(store, settings, KeyStore(tmp_path / "keys"), clock=lambda: NOON)
    try:
        return ice.servers(ctx)
    finally:
        await store.close()


async def test_nothing_goes_to_an_outsider_by_default(tmp_path: Path) -> None:
    assert await told(tmp_path) == []


async def test_relays_come_with_a_password_for_the_longest_meeting(tmp_path: Path) -> None:
    stun, turn = await told(
        tmp_path, ice_servers=["stun:b.example"], turn_secret="shared", turn_urls=TURN
    )
    assert stun == {"urls": "stun:b.example"}
    assert turn["urls"] == list(TURN)
    end = datetime.fromtimestamp(int(str(turn["username"]).partition(":")[0]), UTC)
    assert end - NOON == timedelta(hours=8)
    assert "shared" not in str(turn)


async def test_everybody_has_their_own(tmp_path: Path) -> None:
    given = {"turn_secret": "shared", "turn_urls": TURN}
    assert await told(tmp_path, **given) != await told(tmp_path, **given)
