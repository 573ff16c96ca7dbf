"""Relays asked for and used, at the real coturn."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.doctor import turn
from server.doctor.finding import Asked, Level
from server.settings import Settings
from tests.turn import SECRET, Turn, coturn

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def running() -> Iterator[Turn]:
    with coturn() as started:
        yield started


def asked(tmp_path: Path, *urls: str, secret: str = SECRET) -> Asked:
    settings = Settings(data_dir=tmp_path, turn_secret=secret, turn_urls=urls, media_loopback=True)
    return Asked(settings)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_a_relay_is_given_and_reaches_us(
    running: Turn, tmp_path: Path, transport: str
) -> None:
    relay, tls = await turn.check(asked(tmp_path, running.urls[transport]))
    assert relay.level is Level.OK, relay
    assert "127.0.0.1" in relay.what
    assert tls.level is Level.WARN  # there is none over TLS


async def test_over_tls_the_certificate_is_looked_at(
    running: Turn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = asked(tmp_path, running.urls["tls"])
    [refused] = await turn.check(one)
    assert refused.level is Level.FAIL
    assert "certificate" in refused.what
    trust = ssl.create_default_context(cafile=running.authority)
    monkeypatch.setattr(ssl, "create_default_context", lambda: trust)
    [relay] = await turn.check(one)
    assert relay.level is Level.OK, relay


async def test_what_is_not_allowed_is_told_apart(running: Turn, tmp_path: Path) -> None:
    wrong = (await turn.check(asked(tmp_path, running.urls["udp"], secret="another")))[0]
    assert wrong.level is Level.FAIL
    assert "HEYI_TURN_SECRET" in wrong.mend
    nobody = (await turn.check(asked(tmp_path, "turn:127.0.0.1:9?transport=tcp")))[0]
    assert nobody.level is Level.FAIL
    assert "does not answer" in nobody.what


async def test_by_our_configuration_nothing_private_is_reached(tmp_path: Path) -> None:
    with coturn(reaches_loopback=False) as strict:
        found = (await turn.check(asked(tmp_path, strict.urls["udp"])))[0]
    assert found.level is Level.FAIL
    assert "allowed-peer-ip=127.0.0.1" in found.mend


async def test_that_there_is_none_matters_to_others_than_this_machine(tmp_path: Path) -> None:
    assert await turn.check(Asked(Settings(data_dir=tmp_path))) == []
    public = Settings(data_dir=tmp_path, public_url="https://heyi.example")
    [found] = await turn.check(Asked(public))
    assert found.level is Level.WARN


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("turn:a.example", ("a.example", 3478, "udp", False)),
        ("turn:a.example:80?transport=tcp", ("a.example", 80, "tcp", False)),
        ("turns:a.example", ("a.example", 5349, "tcp", True)),
        ("turns:[2001:db8::1]:443?transport=tcp", ("2001:db8::1", 443, "tcp", True)),
    ],
)
def test_addresses_are_read_as_browsers_read_them(
    url: str, expected: tuple[str, int, str, bool]
) -> None:
    server = turn.parsed(url)
    assert (server.host, server.port, server.transport, server.tls) == expected
    assert Settings(turn_secret="s", turn_urls=(url,)).turn_urls == (url,)
