"""With whom a worker agrees on keys, and on which: ASVS 17.2.1, 17.2.2."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Any

import pytest
from aiortc.rtcdtlstransport import SRTP_PROFILES, RTCCertificate
from OpenSSL import SSL

from signaling.media.certificate import Certificate
from signaling.media.embedded import EmbeddedPlane
from tests.media.peer import Room

DTLS_1_0, DTLS_1_2 = 0xFEFF, 0xFEFD
GOOD = (
    b"ECDHE-ECDSA-AES128-GCM-SHA256",
    b"ECDHE-ECDSA-AES256-GCM-SHA384",
    b"ECDHE-ECDSA-CHACHA20-POLY1305",
)
BAD = (
    b"ECDHE-ECDSA-AES128-SHA",
    b"ECDHE-ECDSA-AES256-SHA",
    b"ECDHE-ECDSA-AES128-SHA256",
    b"ECDHE-ECDSA-NULL-SHA",
    b"AECDH-AES128-SHA",
)


def browser(
    ciphers: bytes = b"ALL",
    newest: int = DTLS_1_2,
    profiles: bytes = b"SRTP_AEAD_AES_256_GCM",
    *,
    certificate: bool = True,
) -> SSL.Connection:
    """A browser that would agree to anything of that."""
    context = SSL.Context(SSL.DTLS_METHOD)
    own = RTCCertificate.generateCertificate()
    if certificate:
        context.use_certificate(own._cert)
        context.use_privatekey(own._key)
    context.set_min_proto_version(DTLS_1_0)
    context.set_max_proto_version(newest)
    context.set_cipher_list(ciphers + b":@SECLEVEL=0")
    if profiles:
        context.set_tlsext_use_srtp(profiles)
    connection = SSL.Connection(context)
    connection.set_connect_state()
    return connection


def agreed(client: SSL.Connection) -> SSL.Connection | None:
    """Our side of the handshake with it; None where it fails."""
    server = SSL.Connection(Certificate.generateCertificate()._create_ssl_context(SRTP_PROFILES))
    server.set_accept_state()
    done: set[SSL.Connection] = set()
    for _ in range(20):
        for end, other in ((client, server), (server, client)):
            try:
                end.do_handshake()
                done.add(end)
            except SSL.WantReadError:
                pass
            except SSL.Error:
                return None
            _carry(end, other)
        if len(done) == 2:
            return server
    return None


def _carry(end: SSL.Connection, other: SSL.Connection) -> None:
    while True:
        try:
            other.bio_write(end.bio_read(1500))
        except SSL.WantReadError:
            return


@pytest.mark.parametrize("cipher", GOOD)
def test_these_ciphers_are_agreed_to(cipher: bytes) -> None:
    server = agreed(browser(cipher))
    assert server is not None
    assert (server.get_cipher_name() or "").encode() == cipher
    assert server.get_protocol_version_name() == "DTLSv1.2"


@pytest.mark.parametrize("cipher", BAD)
def test_these_are_not(cipher: bytes) -> None:
    assert agreed(browser(cipher)) is None


def test_nothing_older_than_dtls_1_2() -> None:
    assert agreed(browser(newest=DTLS_1_2)) is not None
    assert agreed(browser(newest=DTLS_1_0)) is None


def test_nobody_without_a_certificate() -> None:
    assert agreed(browser(certificate=False)) is None


@pytest.mark.parametrize("short", [b"SRTP_AES128_CM_SHA1_32", b""])
def test_media_keys_are_those_of_whole_strength_or_none(short: bytes) -> None:
    """Without a profile in common aiortc calls the handshake failed."""
    server = agreed(browser(profiles=short))
    assert server is None or not server.get_selected_srtp_profile()
    offered = [profile.openssl_profile for profile in SRTP_PROFILES]
    assert offered == [
        b"SRTP_AEAD_AES_256_GCM",
        b"SRTP_AEAD_AES_128_GCM",
        b"SRTP_AES128_CM_SHA1_80",
    ]
    server = agreed(browser(profiles=b":".join(reversed(offered))))
    assert server is not None
    assert server.get_selected_srtp_profile() == offered[0]


async def test_the_key_is_as_old_as_its_process(room: Room, plane: EmbeddedPlane) -> None:
    """Each worker has one of its own, which ends with it; nothing else can: none is written."""

    async def fingerprint(seat: str) -> str:
        links = await room.links(seat)
        described: list[str] = []

        def found() -> bool:
            events: list[Any] = [e for e in room.log if getattr(e, "signal", None)]
            described[:] = [e.signal.sdp for e in events if e.signal.link == links.down]
            return bool(described)

        await room.until(found)
        [one] = {s for s in described[0].splitlines() if s.startswith("a=fingerprint:sha-256 ")}
        return one

    first = await fingerprint("a")
    assert await fingerprint("b") == first
    [pid] = plane.worker_pids
    os.kill(pid, signal.SIGKILL)
    await room.until(lambda: plane.worker_pids not in ([], [pid]))
    await asyncio.sleep(0.1)
    assert await fingerprint("c") != first
