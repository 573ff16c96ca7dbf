"""Behind the proxies of deploy/: pages and live connections come through, and limits hold those
whom they are for.
"""

from __future__ import annotations

import asyncio
import shutil
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import ClientSession, TCPConnector, web
from yarl import URL

from server.doctor import address
from server.doctor.finding import Asked, Level
from server.security import certificates
from server.settings import Settings
from tests.deploy.proxies import caddy, free_port, nginx
from tests.gateway.house import House, a_house

pytestmark = pytest.mark.slow
TRIES = 3


@asynccontextmanager
async def behind_caddy(
    folder: Path, database: str
) -> AsyncIterator[tuple[House, ssl.SSLContext | None]]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with _house(folder, database, url) as house, caddy(folder, port, _port(house)):
        yield replace(house, url=url + "/"), None


@asynccontextmanager
async def behind_nginx(
    folder: Path, database: str
) -> AsyncIterator[tuple[House, ssl.SSLContext | None]]:
    port, files = free_port(), certificates.Files(folder / "tls")
    certificates.self_signed(files, {"127.0.0.1"}, datetime.now(UTC))
    (folder / "tls/fullchain.pem").write_bytes(files.chain.read_bytes())
    (folder / "tls/privkey.pem").write_bytes(files.key.read_bytes())
    url = f"https://127.0.0.1:{port}"
    async with (
        _house(folder, database, url) as house,
        nginx(folder, port, _port(house), folder / "tls"),
    ):
        yield replace(house, url=url + "/"), ssl.create_default_context(cafile=files.authority)


@asynccontextmanager
async def _house(folder: Path, database: str, url: str) -> AsyncIterator[House]:
    """As heyi.env has it."""
    proxies = "127.0.0.1/32,::1/128"
    limited = f"{TRIES}/hour"
    async with a_house(
        database, folder, public_url=url, trusted_proxies=proxies, join_limit=limited
    ) as house:
        yield house


def _port(house: House) -> int:
    return URL(house.url).port or 0


@asynccontextmanager
async def visitor(
    house: House, trust: ssl.SSLContext | None, address: str
) -> AsyncIterator[ClientSession]:
    """Somebody whom the proxy sees at this address, which is one of loopback's."""
    connector = TCPConnector(local_addr=(address, 0), ssl=trust or True)
    async with ClientSession(house.url, connector=connector) as client:
        yield client


def asked(house: House, folder: Path) -> Asked:
    """As `doctor` asks: pages and live connections. `folder`: where the authority is, if one is
    needed."""
    url = house.url.rstrip("/")
    own = "self-signed" if url.startswith("https:") else ""
    return Asked(Settings(data_dir=folder, public_url=url, tls=own), running=True)


Behind = Callable[[Path, str], AbstractAsyncContextManager[tuple[House, ssl.SSLContext | None]]]


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'heyi.sqlite3')}"


@pytest.mark.parametrize("behind", [behind_caddy, behind_nginx])
async def test_each_visitor_is_counted_by_their_own_address(
    behind: Behind, database: str, tmp_path: Path
) -> None:
    async with behind(tmp_path, database) as (house, trust):

        async def tries(client: ClientSession, **headers: str) -> int:
            link, headers["Origin"] = f"/j/{house.world.alice}/exchange", house.url.rstrip("/")
            async with client.post(link, json={"token": "guessed"}, headers=headers) as answer:
                return answer.status

        async with visitor(house, trust, "127.0.0.2") as guesser:
            assert [await tries(guesser) for _ in range(TRIES)] == [403] * TRIES
            assert await tries(guesser) == 429
            for forged in ("192.0.2.7", "127.0.0.1, 192.0.2.7"):
                assert await tries(guesser, **{"X-Forwarded-For": forged}) == 429
            async with guesser.get("/metrics") as answer:
                assert answer.status == 404
        async with visitor(house, trust, "127.0.0.3") as other:
            assert await tries(other) == 403
        found = await address.check(asked(house, folder=tmp_path))
        assert {one.level for one in found} == {Level.OK}, found


async def test_who_comes_while_the_server_is_renewed_waits_for_it(tmp_path: Path) -> None:
    """Instead of an error they see a page that takes a moment."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text="here again")

    port, upstream = free_port(), free_port()
    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app)
    async with caddy(tmp_path, port, upstream), ClientSession() as client:
        asked = asyncio.create_task(client.get(f"http://127.0.0.1:{port}/"))
        await asyncio.sleep(0.5)
        assert not asked.done()
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", upstream).start()
        async with await asked as answer:
            assert await answer.text() == "here again"
    await runner.cleanup()
