from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from server.security import certificates
from server.security.certificates import Files

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NAMES = {"localhost", "192.168.1.5", "fd00::5", "town-hall.local"}


@pytest.fixture
def files(tmp_path: Path) -> Files:
    files = Files(tmp_path / "tls")
    certificates.self_signed(files, NAMES, NOON)
    return files


def accepted(files: Files, host: str, now: datetime = NOON) -> bool:
    """By the rules of browsers (RFC 5280 and the CA/Browser Forum), not those of OpenSSL."""
    trusted = Store([certificates.read(files.authority)])
    address = certificates._address(host)
    name = x509.DNSName(host) if address is None else x509.IPAddress(address)
    verifier = PolicyBuilder().store(trusted).time(now).build_server_verifier(name)
    try:
        verifier.verify(certificates.read(files.chain), [])
    except VerificationError:
        return False
    return True


def test_who_trusts_the_authority_trusts_the_server_by_each_of_its_names(files: Files) -> None:
    assert all(accepted(files, name) for name in NAMES)
    assert not accepted(files, "192.168.1.6")
    assert not accepted(files, "elsewhere.local")
    assert certificates.names_of(certificates.read(files.chain)) == NAMES


def test_phones_take_it(files: Files) -> None:
    """What Apple asks of every certificate, also one that was trusted by hand."""
    certificate = certificates.read(files.chain)
    lasts = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert lasts <= timedelta(days=825)
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert x509.oid.ExtendedKeyUsageOID.SERVER_AUTH in usage


def test_a_stolen_authority_speaks_for_no_other_site(files: Files) -> None:
    authority = certificates.read(files.authority)
    authority_key = certificates._authority(files, NAMES, NOON)[1]
    for name in ("bank.example", "8.8.8.8"):
        certificate = certificates._for_server(
            {name}, authority_key.public_key(), authority, authority_key, NOON
        )
        files.chain.write_bytes(certificates._public(certificate))
        assert not accepted(files, name)


def test_it_is_renewed_in_time_and_phones_need_not_be_told(files: Files) -> None:
    first, authority = files.chain.read_bytes(), files.authority.read_bytes()
    certificates.self_signed(files, NAMES, NOON + timedelta(days=100))
    assert files.chain.read_bytes() == first
    later = NOON + timedelta(days=180)
    certificates.self_signed(files, NAMES, later)
    assert files.chain.read_bytes() != first
    assert files.authority.read_bytes() == authority
    assert accepted(files, "192.168.1.5", NOON + timedelta(days=300))


def test_another_private_address_needs_no_new_authority_but_another_name_does(
    files: Files,
) -> None:
    authority = files.authority.read_bytes()
    certificates.self_signed(files, {*NAMES, "10.1.2.3"}, NOON)
    assert accepted(files, "10.1.2.3")
    assert files.authority.read_bytes() == authority
    certificates.self_signed(files, {*NAMES, "heyi.example"}, NOON)
    assert accepted(files, "heyi.example")
    assert files.authority.read_bytes() != authority


@pytest.mark.parametrize("name", ["server.pem", "server.key", "authority.crt", "authority.key"])
def test_what_is_damaged_is_made_anew(files: Files, name: str) -> None:
    (files.folder / name).write_bytes(b"-----BEGIN NOTHING-----\n")
    certificates.self_signed(files, {*NAMES, "10.9.9.9"}, NOON)
    assert accepted(files, "10.9.9.9")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.chain, files.key)


def test_nobody_else_may_read_the_keys(files: Files) -> None:
    assert [p for p in files.folder.iterdir() if p.stat().st_mode & 0o077] == []
    assert files.folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("a.local", True),
        ("A.Local", True),
        ("x.b.local", True),
        ("y.x.b.local", False),
        ("b.local", False),
        ("192.0.2.1", True),
        ("192.0.2.2", False),
    ],
)
def test_a_wildcard_is_for_one_word(tmp_path: Path, host: str, expected: bool) -> None:
    files = Files(tmp_path / "tls")
    certificates.self_signed(files, {"a.local", "*.b.local", "192.0.2.1"}, NOON)
    assert certificates.covers(certificates.read(files.chain), host) is expected


async def test_openssl_agrees(files: Files) -> None:
    """With the clock of this machine, over a real connection."""
    certificates.self_signed(files, {"localhost", "127.0.0.1"}, datetime.now(UTC))
    served = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    served.load_cert_chain(files.chain, files.key)

    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0, ssl=served)
    port = server.sockets[0].getsockname()[1]
    trust = ssl.create_default_context(cafile=files.authority)
    for host in ("127.0.0.1", "localhost"):
        _, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=trust, server_hostname=host
        )
        writer.close()
    with pytest.raises(ssl.SSLCertVerificationError):
        await asyncio.open_connection("127.0.0.1", port, ssl=trust, server_hostname="elsewhere")
    server.close()
    await server.wait_closed()
