"""HTTPS without a proxy."""

from __future__ import annotations

import shutil
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientConnectorCertificateError, ClientSession
from aiohttp.test_utils import TestServer

from server.http import tls
from server.http.app import make_app
from server.security import certificates
from server.settings import BadSettings, Settings
from tests.http.house import House

HERE = ["127.0.0.1", "192.168.7.5", "2a00:1450::1", "fe80::1%eth0", "8.8.8.8"]


def now() -> datetime:
    return datetime.now(UTC)


def own(tmp_path: Path, **given: object) -> Settings:
    return Settings.model_validate({"data_dir": tmp_path, "tls": "self-signed", **given})


def pair(folder: Path, days: int = 0) -> tuple[str, str]:
    """The files of a certificate for localhost that was made so many days ago."""
    files = certificates.Files(folder)
    certificates.self_signed(files, {"localhost", "127.0.0.1"}, now() - timedelta(days=days))
    return str(files.chain), str(files.key)


async def test_phones_that_trust_the_authority_see_no_warning(house: House) -> None:
    house.ctx.settings = house.ctx.settings.model_copy(
        update={"tls": "self-signed", "public_url": "https://127.0.0.1"}
    )
    certificate = tls.Certificate(house.ctx.settings, lambda: {"127.0.0.1"}, now)
    server = TestServer(make_app(house.ctx), scheme="https")
    await server.start_server(ssl=certificate.context)
    try:
        url = str(server.make_url("/authority.crt"))
        async with ClientSession() as client:
            with pytest.raises(ClientConnectorCertificateError):
                await client.get(url)
            async with client.get(url, ssl=False) as answer:
                authority = await answer.text()
                assert answer.content_type == "application/x-x509-ca-cert"
            trust = ssl.create_default_context(cadata=authority)
            async with client.get(url, ssl=trust) as answer:
                assert answer.status == 200
                # Else no browser would let anybody past its warning any more.
                assert "Strict-Transport-Security" not in answer.headers
    finally:
        await server.close()


async def test_there_is_no_authority_but_our_own(house: House) -> None:
    async with (
        house.browser() as browser,
        browser.get("/authority.crt", allow_redirects=False) as answer,
    ):
        assert (answer.status, answer.headers["Location"]) == (303, "/")


def test_an_address_is_found_for_the_links(tmp_path: Path) -> None:
    settings = tls.reached(tls.listening(own(tmp_path, port=8443)), HERE[1:])
    assert (settings.host, settings.origin) == ("0.0.0.0", "https://192.168.7.5:8443")
    names = tls.own_names(settings, HERE)
    assert {"192.168.7.5", "127.0.0.1", "localhost"} <= names
    assert not {"8.8.8.8", "2a00:1450::1", "fe80::1%eth0"} & names
    assert f"{socket.gethostname().partition('.')[0].lower()}.local" in names


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ({"host": "192.168.7.6", "port": 1}, "https://192.168.7.6:1"),
        ({"public_url": "https://hall.local"}, "https://hall.local"),
        ({"host": "::1", "port": 1}, "https://[::1]:1"),
    ],
)
def test_what_is_said_counts(tmp_path: Path, given: dict[str, object], origin: str) -> None:
    settings = tls.reached(tls.listening(own(tmp_path, **given)), HERE)
    assert settings.origin == origin
    assert "host" not in given or settings.host == given["host"]


def test_a_renewed_certificate_is_used_without_a_restart(tmp_path: Path) -> None:
    chain, key = pair(tmp_path / "a", days=170)
    settings = own(tmp_path, tls=chain, tls_key=key)
    certificate = tls.Certificate(settings, set, now)
    assert not certificate.refresh()
    newer = pair(tmp_path / "b")
    shutil.copy(newer[0], chain)
    with pytest.raises(ssl.SSLError):
        certificate.refresh()  # half a pair; the old one stays in use
    shutil.copy(newer[1], key)
    assert certificate.refresh()
    assert not certificate.refresh()


def test_our_own_is_renewed_while_the_server_runs(tmp_path: Path) -> None:
    time = now()
    certificate = tls.Certificate(own(tmp_path), lambda: {"localhost"}, lambda: time)
    assert not certificate.refresh()
    time += timedelta(days=190)
    assert certificate.refresh()


@pytest.mark.parametrize("content", ["", "no certificate", None])
def test_what_is_no_certificate_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "cert.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(BadSettings, match="tls: "):
        tls.Certificate(own(tmp_path, tls=str(file)), set, now)
