"""One WebRTC transport of a bench client: aiortc's ICE, DTLS and SRTP, then the bare socket."""

from __future__ import annotations

import asyncio
import os
import socket
from typing import Any

from aiortc import RTCCertificate
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcicetransport import RTCIceGatherer, RTCIceTransport
from pylibsrtp import Session

from bench.sdp import Here, There

BUFFER = 4 * 1024 * 1024
"""Bytes a socket may hold: receivers look every 5 ms and must not be what loses packets."""


class Link:
    """Connect with `here`, `connect`, then `seize`; afterwards the socket belongs to the caller."""

    sock: socket.socket
    peer: tuple[str, int]
    protect: Session
    unprotect: Session

    def __init__(self, certificate: RTCCertificate, *, offers: bool) -> None:
        self._gatherer = RTCIceGatherer(iceServers=[])
        self._ice = RTCIceTransport(self._gatherer)
        # The side that offers controls (RFC 8839, section 4.2.5).
        self._ice._connection.ice_controlling = offers
        self._dtls = RTCDtlsTransport(self._ice, [certificate])
        self._offers = offers
        self._pair: Any = None

    async def here(self) -> Here:
        """Gather, and say what the other end must know."""
        await self._gatherer.gather()
        return Here(
            ice=self._gatherer.getLocalParameters(),
            dtls=self._dtls.getLocalParameters(),
            candidates=self._gatherer.getLocalCandidates(),
        )

    async def connect(self, there: There) -> None:
        """ICE, then DTLS. Raises ConnectionError when either fails."""
        for candidate in there.candidates:
            await self._ice.addRemoteCandidate(candidate)
        await self._ice.addRemoteCandidate(None)
        # Our answers say "active"; our offers leave it to the other end.
        passive = self._offers and there.dtls.role != "server"
        self._dtls._set_role("server" if passive else "client")
        await self._ice.start(there.ice)
        if self._ice.state != "completed":
            raise ConnectionError("ICE found no way to the server")
        await self._dtls.start(there.dtls)
        if self._dtls.state != "connected":
            raise ConnectionError("the DTLS handshake failed")

    @property
    def profile(self) -> str:
        """The SRTP profile both ends chose."""
        assert self._dtls._ssl is not None
        return str(self._dtls._ssl.get_selected_srtp_profile().decode())

    def seize(self) -> None:
        """Take the socket from the event loop, connected to the other end."""
        pair = self._ice._connection._nominated[1]
        self._pair = pair
        inner = pair.protocol.transport.get_extra_info("socket")
        loop: Any = asyncio.get_running_loop()
        loop._remove_reader(inner.fileno())
        self.sock = socket.socket(fileno=os.dup(inner.fileno()))
        self.sock.setblocking(False)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self.peer = pair.remote_addr
        self.sock.connect(self.peer)
        self.protect, self.unprotect = self._dtls._tx_srtp, self._dtls._rx_srtp

    async def close(self) -> None:
        """Hang up; not of one that was seized."""
        await self._dtls.stop()
        await self._ice.stop()

    def stun(self, data: bytes) -> None:
        """Answer the server's consent checks, or it would give us up."""
        self._pair.protocol.datagram_received(data, self.peer)

    def check(self) -> None:
        """Send a check of our own, as browsers do every 2.5 s: a sign of life.."""
        ice = self._ice._connection
        request = ice.build_request(self._pair, nominate=False)
        assert ice.remote_password is not None
        request.add_message_integrity(ice.remote_password.encode())
        self.sock.send(bytes(request))
