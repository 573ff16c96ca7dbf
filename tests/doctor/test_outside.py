"""What people elsewhere meet: browsers, proxies, addresses, certificates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from server.doctor import (
    address,
    browsers,
    certificate,
    network,
    ports,
    proxies,
)
from server.doctor.finding import Level
from server.security import certificates
from server.settings import Settings
from tests.doctor.asking import OUTSIDE, asked, free_port, levels

# ---- what people's browsers meet -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "level", "said"),
    [
        ({}, Level.OK, "this machine"),
        ({"public_url": "http://localhost:1"}, Level.OK, "this machine"),
        ({"public_url": "http://192.168.1.5:8000"}, Level.FAIL, "camera"),
        ({"host": "0.0.0.0"}, Level.FAIL, "no address"),
        ({"public_url": "https://heyi.example"}, Level.OK, "heyi.example"),
        ({"tls": "self-signed", "public_url": "https://10.0.0.7"}, Level.WARN, "self-signed"),
        ({"tls": "self-signed", "public_url": "http://10.0.0.7"}, Level.FAIL, "http:"),
    ],
)
async def test_what_browsers_will_refuse(
    tmp_path: Path, given: dict[str, Any], level: Level, said: str
) -> None:
    found = await browsers.check(asked(tmp_path, **given))
    assert levels(found) == [level]
    assert said in found[0].what


@pytest.mark.parametrize(
    ("given", "level"),
    [
        ({}, Level.OK),
        ({"public_url": "https://heyi.example"}, Level.FAIL),
        ({**OUTSIDE, "trusted_proxies": "0.0.0.0/0"}, Level.FAIL),
        ({**OUTSIDE, "trusted_proxies": "::/0"}, Level.FAIL),
        ({**OUTSIDE, "host": "0.0.0.0"}, Level.WARN),
        (OUTSIDE, Level.OK),
        ({"tls": "self-signed", "public_url": "https://10.0.0.7"}, Level.OK),
    ],
)
async def test_whose_word_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], level: Level
) -> None:
    monkeypatch.setattr(proxies, "_in_container", lambda: False)
    assert levels(await proxies.check(asked(tmp_path, **given))) == [level]


@pytest.mark.parametrize(
    ("given", "opened", "level"),
    [
        ({**OUTSIDE}, "8.8.8.8", Level.FAIL),
        ({**OUTSIDE, "media_address": "8.8.8.8"}, "8.8.8.8", Level.OK),
        ({**OUTSIDE, "media_address": "8.8.8.8"}, "2a00:1450::1", Level.WARN),
        ({**OUTSIDE}, "10.0.0.7", Level.OK),
        ({**OUTSIDE, "addresses": ()}, "10.0.0.7", Level.FAIL),
        ({"addresses": ()}, "127.0.0.1", Level.FAIL),
        ({"addresses": (), "media_loopback": True}, "127.0.0.1", Level.OK),
    ],
)
async def test_where_voice_and_picture_come_in(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: dict[str, Any],
    opened: str,
    level: Level,
) -> None:
    async def resolved(_: str) -> set[network.Address]:
        return {ip_address(opened)}

    monkeypatch.setattr(network, "_resolved", resolved)
    assert levels(await network.check(asked(tmp_path, **given))) == [level]


# ---- certificates and the address that people open -----------------------------------------------


def made(tmp_path: Path, *names: str, days_ago: int = 0) -> certificates.Files:
    files = certificates.Files(tmp_path / "tls")
    certificates.self_signed(files, names, datetime.now(UTC) - timedelta(days=days_ago))
    return files


@pytest.mark.parametrize(
    ("days_ago", "host", "expected"),
    [
        (0, "hall.local", [Level.OK]),
        (190, "hall.local", [Level.WARN]),
        (201, "hall.local", [Level.FAIL]),
        (0, "town.local", [Level.OK, Level.FAIL]),
    ],
)
async def test_a_certificate_is_good_for_how_long_and_for_whom(
    tmp_path: Path, days_ago: int, host: str, expected: list[Level]
) -> None:
    files = made(tmp_path, "hall.local", days_ago=days_ago)
    url = f"https://{host}"
    given = {"tls": str(files.chain), "tls_key": files.key, "public_url": url}
    assert levels(await certificate.check(asked(tmp_path, **given))) == expected


async def test_a_certificate_without_its_key(tmp_path: Path) -> None:
    assert await certificate.check(asked(tmp_path)) == []
    own = {"tls": "self-signed", "public_url": "https://hall.local"}
    assert levels(await certificate.check(asked(tmp_path, **own))) == [Level.OK]
    files = made(tmp_path, "hall.local")
    files.key.unlink()
    assert levels(await certificate.check(asked(tmp_path, **own))) == [Level.FAIL]


def house(*, sockets: bool) -> web.Application:
    async def health(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"}, headers={"Server": "heyi"})

    async def socket_io(request: web.Request) -> web.StreamResponse:
        if not sockets:
            return web.Response(status=400)
        opened = web.WebSocketResponse()
        await opened.prepare(request)
        await opened.send_str("0{}")
        return opened

    app = web.Application()
    app.router.add_get("/healthz", health)
    app.router.add_get("/socket.io/", socket_io)
    return app


async def test_the_address_is_opened_as_people_open_it(tmp_path: Path) -> None:
    for app, level in (
        (house(sockets=True), Level.OK),
        (house(sockets=False), Level.FAIL),
        (web.Application(), Level.FAIL),
    ):
        async with TestServer(app) as server:
            url = str(server.make_url("/")).rstrip("/")
            one = asked(tmp_path, running=True, public_url=url)
            assert levels(await address.check(one)) == [level]
    gone = asked(tmp_path, running=True, public_url=url)
    assert levels(await address.check(gone)) == [Level.FAIL]
    stopped = asked(tmp_path, public_url=url.replace("127.0.0.1", "10.255.255.254"))
    assert await address.check(asked(tmp_path, public_url=url)) == []
    assert stopped.local is False


async def test_https_is_looked_at_as_browsers_do(tmp_path: Path) -> None:
    from server.http import tls

    settings = Settings(data_dir=tmp_path, tls="self-signed")
    own = tls.Certificate(settings, lambda: {"127.0.0.1"}, lambda: datetime.now(UTC))
    server = TestServer(house(sockets=True), scheme="https")
    await server.start_server(ssl=own.context)
    url = str(server.make_url("/")).rstrip("/")
    try:
        ours = asked(tmp_path, running=True, tls="self-signed", public_url=url)
        assert levels(await address.check(ours)) == [Level.OK, Level.OK]
        strangers = asked(tmp_path, running=True, public_url=url)
        assert levels(await address.check(strangers)) == [Level.FAIL]
    finally:
        await server.close()
    assert levels(await address.check(ours)) == [Level.FAIL]
    async with TestServer(house(sockets=True)) as plain:
        no_tls = str(plain.make_url("/")).rstrip("/").replace("http:", "https:")
        one = asked(tmp_path, running=True, public_url=no_tls)
        assert levels(await address.check(one)) == [Level.FAIL]


async def test_a_running_server_is_known_by_its_answer() -> None:
    async with TestServer(house(sockets=True)) as server:
        assert await ports.running(Settings(port=server.port or 0))
    async with TestServer(web.Application()) as other:
        assert not await ports.running(Settings(port=other.port or 0))
    assert not await ports.running(Settings(port=free_port()))
