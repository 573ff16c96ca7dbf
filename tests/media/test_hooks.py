"""The inner names of aiortc, aioice and pylibsrtp that the plane stands on.

None of them is promised by its library. When a new version moves one, this says which, before
anything else fails in a way that is hard to read.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import pytest
from aioice import Connection
from aioice.ice import CandidatePair, StunProtocol, get_host_addresses
from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsTransport
from pylibsrtp import Policy, Session
from pylibsrtp._binding import ffi, lib

PINS = {"aiortc": "1.16.", "aioice": "0.13.", "pylibsrtp": "1.0."}

SIGNATURES: dict[Callable[..., Any], list[str]] = {
    RTCDtlsTransport.__init__: ["self", "transport", "certificates"],
    RTCDtlsTransport.start: ["self", "remoteParameters"],
    RTCDtlsTransport.stop: ["self"],
    RTCDtlsTransport._set_role: ["self", "role"],
    RTCCertificate.generateCertificate: [],
    Connection.connect: ["self"],
    Connection.close: ["self"],
    Connection.recv: ["self"],
    Connection.send: ["self", "data"],
    Connection.add_remote_candidate: ["self", "remote_candidate"],
    Connection.data_received: ["self", "data", "component"],
    Connection.request_received: ["self", "message", "addr", "protocol"],
    Connection.check_incoming: ["self", "message", "addr", "protocol"],
    Connection.check_state: ["self", "pair", "state"],
    StunProtocol.__init__: ["self", "receiver"],
    StunProtocol.connection_made: ["self", "transport"],
    StunProtocol.connection_lost: ["self", "exc"],
    StunProtocol.datagram_received: ["self", "data", "addr"],
    get_host_addresses: ["use_ipv4", "use_ipv6"],
}


@pytest.mark.parametrize("package", list(PINS))
def test_versions(package: str) -> None:
    assert version(package).startswith(PINS[package])


@pytest.mark.parametrize("hook", list(SIGNATURES), ids=lambda hook: hook.__qualname__)
def test_signatures(hook: Callable[..., Any]) -> None:
    assert list(inspect.signature(hook).parameters) == SIGNATURES[hook]


async def test_fields_of_an_ice_connection() -> None:
    connection = Connection(ice_controlling=True)
    assert connection._nominated == {}
    assert connection._protocols == []
    assert connection._local_candidates == []
    assert connection._local_candidates_start is connection._local_candidates_end is False
    assert not connection._early_checks
    assert connection._early_checks_done is False
    assert connection._queue.qsize() == 0
    assert connection.remote_username is connection.remote_password is None
    assert {"remote_addr"} <= set(dir(CandidatePair))
    assert CandidatePair.State.SUCCEEDED.name == "SUCCEEDED"


async def test_fields_of_a_dtls_transport() -> None:
    transport: Any = Connection(ice_controlling=True)
    dtls = RTCDtlsTransport(transport, [RTCCertificate.generateCertificate()])
    assert dtls._rx_srtp is dtls._tx_srtp is None
    assert dtls.state == "new"
    source = inspect.getsource(RTCDtlsTransport)
    assert "self.transport._recv()" in source
    assert "self.transport._send(" in source


def test_libsrtp_in_place() -> None:
    policy = Policy(
        key=bytes(44),
        ssrc_type=Policy.SSRC_ANY_OUTBOUND,
        srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_256_GCM,
    )
    session = Session(policy)
    packet = ffi.new("unsigned char[]", 64)
    length = ffi.new("int *")
    packet[0], length[0] = 0x80, 20
    assert lib.srtp_protect(session._srtp[0], packet, length) == 0
    assert length[0] == 36
    assert callable(lib.srtp_unprotect)
    assert callable(lib.srtp_unprotect_rtcp)
