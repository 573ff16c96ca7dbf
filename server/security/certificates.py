"""Certificates of our own, for a local network where no public authority gives one.

A small authority is made once and kept ten years; a phone that trusts it trusts every certificate
that is made under it later. It can speak only for private addresses, for names of local networks
and for the one name it was made for, so that a stolen key of it opens nobody's bank.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from server.security import folders

AUTHORITY_LASTS = timedelta(days=3650)
LASTS = timedelta(days=200)
"""Phones refuse what is valid for longer than 825 days."""
RENEWED_BEFORE = timedelta(days=30)
_CLOCKS_DIFFER = timedelta(days=1)

_PRIVATE = (
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8"),
    *("fc00::/7", "fe80::/10", "::1/128"),
)
_LOCAL = ("localhost", "local", "lan", "home.arpa", "internal")


@dataclass(frozen=True, slots=True)
class Files:
    """Where a folder keeps them: `chain` and `key` are the server's, `authority` is for phones."""

    folder: Path

    @property
    def chain(self) -> Path:
        return self.folder / "server.pem"

    @property
    def key(self) -> Path:
        return self.folder / "server.key"

    @property
    def authority(self) -> Path:
        return self.folder / "authority.crt"

    @property
    def authority_key(self) -> Path:
        return self.folder / "authority.key"


def read(file: Path) -> x509.Certificate:
    """The first certificate of a PEM file. Raises OSError, or ValueError where there is none."""
    return x509.load_pem_x509_certificate(file.read_bytes())


def names_of(certificate: x509.Certificate) -> set[str]:
    """Names and addresses it is for."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return set()
    addresses = found.get_values_for_type(x509.IPAddress)
    return {*found.get_values_for_type(x509.DNSName), *map(str, addresses)}


def covers(certificate: x509.Certificate, host: str) -> bool:
    """Whether a browser takes it for this host."""
    names = {name.lower() for name in names_of(certificate)}
    host = host.lower()
    return host in names or ("." in host and f"*.{host.partition('.')[2]}" in names)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256, as phones show it."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def self_signed(files: Files, names: Iterable[str], now: datetime) -> None:
    """Make what is missing, about to end, or not for all of these names and addresses."""
    wanted = set(names)
    if _good(files, wanted, now):
        return
    files.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority, key = _authority(files, wanted, now)
    own = ec.generate_private_key(ec.SECP256R1())
    certificate = _for_server(wanted, own.public_key(), authority, key, now)
    # The key first: should it end in between, the next start finds that they don't fit.
    _write(files.key, _private(own))
    _write(files.chain, _public(certificate) + _public(authority))


def _good(files: Files, names: set[str], now: datetime) -> bool:
    try:
        authority, certificate = read(files.authority), read(files.chain)
        key = serialization.load_pem_private_key(files.key.read_bytes(), None)
        certificate.verify_directly_issued_by(authority)
    except Exception:
        return False
    return (
        names <= names_of(certificate)
        and key.public_key() == certificate.public_key()
        and now + RENEWED_BEFORE < certificate.not_valid_after_utc
    )


def _authority(
    files: Files, names: set[str], now: datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """The one there is, if it may speak for these and lasts long enough; else a new one."""
    try:
        found = read(files.authority)
        key = serialization.load_pem_private_key(files.authority_key.read_bytes(), None)
    except (OSError, ValueError):
        pass
    else:
        if (
            isinstance(key, ec.EllipticCurvePrivateKey)
            and key.public_key() == found.public_key()
            and now + LASTS < found.not_valid_after_utc
            and _may_speak_for(found, names)
        ):
            return found, key
    key = ec.generate_private_key(ec.SECP256R1())
    made = _new_authority(names, key, now)
    _write(files.authority_key, _private(key))
    _write(files.authority, _public(made))
    return made, key


def _new_authority(
    names: set[str], key: ec.EllipticCurvePrivateKey, now: datetime
) -> x509.Certificate:
    title = f"Heyi {secrets.token_hex(3)}"  # apart from that of another server of ours
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title)])
    return (
        _begun(subject, subject, key.public_key(), now, AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.NameConstraints(_permitted(names), None), critical=True)
        .sign(key, hashes.SHA256())
    )


def _for_server(
    names: set[str],
    public: ec.EllipticCurvePublicKey,
    authority: x509.Certificate,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Heyi")])
    return (
        _begun(subject, authority.subject, public, now, LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
        )
        .add_extension(
            x509.SubjectAlternativeName([_name(name) for name in sorted(names)]), critical=False
        )
        .sign(key, hashes.SHA256())
    )


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    now: datetime,
    lasts: timedelta,
) -> x509.CertificateBuilder:
    now = now.astimezone(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS_DIFFER)
        .not_valid_after(now + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return None


def _name(name: str) -> x509.GeneralName:
    address = _address(name)
    return x509.DNSName(name) if address is None else x509.IPAddress(address)


def _private_address(address: IPv4Address | IPv6Address) -> bool:
    networks = (ip_network(network) for network in _PRIVATE)
    return any(address in network for network in networks)


def _permitted(names: set[str]) -> list[x509.GeneralName]:
    networks: list[x509.GeneralName] = [x509.IPAddress(ip_network(n)) for n in _PRIVATE]
    local: list[x509.GeneralName] = [x509.DNSName(name) for name in _LOCAL]
    others: list[x509.GeneralName] = []
    for name in sorted(names):
        address = _address(name)
        if address is None:
            if not _local_name(name):
                others.append(x509.DNSName(name))
        elif not _private_address(address):
            others.append(x509.IPAddress(ip_network(address)))
    return [*networks, *local, *others]


def _local_name(name: str) -> bool:
    return any(name == local or name.endswith(f".{local}") for local in _LOCAL)


def _may_speak_for(authority: x509.Certificate, names: set[str]) -> bool:
    try:
        found = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return False
    return set(_permitted(names)) <= set(found.permitted_subtrees or ())


def _public(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all, and for this account alone."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(descriptor)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    folders.sync(file.parent)
