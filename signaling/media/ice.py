"""ICE on sockets of our own.

aioice does the checks. The sockets are ours, because media must not pass through its queues, and
because of what it would let in: here a datagram goes to the DTLS layer only if it looks like DTLS
and comes from an address that has shown the link's password, and nothing empty goes anywhere.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

from aioice import Candidate, Connection, stun
from aioice.candidate import candidate_foundation, candidate_priority
from aioice.ice import CandidatePair, StunProtocol, get_host_addresses

from signaling.media.allowance import Allowance
from signaling.media.packet import RX

log = logging.getLogger(__name__)

Address = tuple[str, int]

_LOOPBACK = "127.0.0.1"
_BUFFER_BYTES = 1 << 20
_DTLS_WAITING = 64
"""DTLS datagrams kept until somebody reads them; a handshake has about ten."""
_MOST_ADDRESSES = 32
"""From which one browser may have shown the password: each is checked in return, and kept."""
_ASKED_AT_ONCE, _ASKED_A_TENTH = 100, 30
"""Datagrams that are not media, of a link's browser, and as many of all others together: a browser
sends some twenty checks a second while it connects, and a handshake has ten datagrams."""


@dataclass(slots=True)
class Network:
    """Where links may listen, and what they announce."""

    addresses: list[str]
    ports: tuple[int, int] | None = None
    public_address: str | None = None
    _next: int = field(default=0)

    @property
    def loops(self) -> bool:
        """Whether browsers on this machine may be reached by its loopback addresses."""
        return any(ip_address(address.partition("%")[0]).is_loopback for address in self.addresses)

    @classmethod
    def chosen(
        cls,
        addresses: list[str] | None,
        loopback: bool,
        ports: tuple[int, int] | None,
        public_address: str | None,
    ) -> Network:
        """Resolve the settings: None means every address but loopback."""
        if addresses is None:
            addresses = get_host_addresses(use_ipv4=True, use_ipv6=True)
        if (loopback or not addresses) and _LOOPBACK not in addresses:
            addresses = [*addresses, _LOOPBACK]
        return cls(addresses, ports, public_address)

    def bind(self, address: str) -> socket.socket:
        """A bound UDP socket. Raises OSError when the address or all ports are taken."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_DGRAM)
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
            self._bind(sock, address)
        except BaseException:
            sock.close()
            raise
        return sock

    def _bind(self, sock: socket.socket, address: str) -> None:
        if self.ports is None:
            sock.bind((address, 0))
            return
        first, last = self.ports
        count = last - first + 1
        for _ in range(count):
            port = first + self._next
            self._next = (self._next + 1) % count
            try:
                sock.bind((address, port))
            except OSError:
                continue
            return
        raise OSError("every port of media_ports is in use")


class UdpSocket(asyncio.DatagramTransport):
    """One local address of one link."""

    def __init__(self, sock: socket.socket, ice: Ice) -> None:
        super().__init__(extra={"socket": sock})
        self.sock = sock
        self.protocol = StunProtocol(ice)
        self._ice = ice
        self._loop = asyncio.get_running_loop()
        self._wide = sock.family == socket.AF_INET6
        self._loop.add_reader(sock.fileno(), self._readable)
        self.protocol.connection_made(self)

    def sendto(self, data: Any, addr: Any = None) -> None:
        # What cannot be sent now is lost, as on any network: STUN and DTLS repeat themselves.
        try:
            self.sock.sendto(data, addr)
        except OSError:
            log.debug("datagram not sent")

    def close(self) -> None:
        if self.sock.fileno() >= 0:
            self._loop.remove_reader(self.sock.fileno())
            self.sock.close()
            self._loop.call_soon(self.protocol.connection_lost, None)

    def _readable(self) -> None:
        """One datagram a wake-up: a second read nearly always finds nothing, and costs as much."""
        try:
            size, addr = self.sock.recvfrom_into(RX)
        except OSError:
            return  # Nothing there, or a late "port unreachable" of something sent before.
        if not size:
            return
        if self._wide:
            addr = addr[:2]
        ice, first = self._ice, RX[0]
        if 127 < first < 192:
            if ice.on_media is not None and addr in ice.trusted:
                ice.on_media(size)
        else:
            self._other(first, bytes(RX[:size]), addr)

    def _other(self, first: int, data: bytes, addr: Address) -> None:
        ice = self._ice
        if addr not in ice.trusted and not ice.is_meant(data, self.protocol):
            return
        if not ice.may_ask(addr):
            return
        if first < 4:
            try:
                self.protocol.datagram_received(data, addr)
            except Exception:  # Whatever a stranger sends, it is only a datagram.
                log.debug("malformed STUN")
        elif 19 < first < 64 and addr in ice.trusted:
            ice.data_received(data, 1)


class Ice(Connection):
    """The ICE agent of one link; also the transport under its DTLS (`role`, `_recv`, `_send`)."""

    def __init__(self, network: Network, *, controlling: bool) -> None:
        super().__init__(ice_controlling=controlling)
        self.trusted: set[Address] = set()
        """Remote addresses that have shown the password of this link."""
        self.on_media: Callable[[int], None] | None = None
        """Called with the size of an SRTP or SRTCP datagram in RX, from a trusted address."""
        self.on_alive: Callable[[], None] | None = None
        """Called when an authenticated check of the peer arrived."""
        self._recv = self.recv
        self._send = self.send
        self._network = network
        self._name = f"{self.local_username}:".encode()
        self._asked = Allowance(_ASKED_AT_ONCE, _ASKED_A_TENTH)
        self._asked_by_strangers = Allowance(_ASKED_AT_ONCE, _ASKED_A_TENTH)

    @property
    def role(self) -> str:
        return "controlling" if self.ice_controlling else "controlled"

    @property
    def nominated(self) -> CandidatePair | None:
        """The pair that carries everything, once connected."""
        return self._nominated.get(1)

    def open_sockets(self) -> None:
        """Listen; needs no waiting. Raises OSError when no address can be used."""
        problem: OSError | None = None
        for address in self._network.addresses:
            try:
                sock = self._network.bind(address)
            except OSError as error:
                problem = error
                continue
            transport = UdpSocket(sock, self)
            candidate = Candidate(
                foundation=candidate_foundation("host", "udp", address),
                component=1,
                transport="udp",
                priority=candidate_priority(1, "host"),
                host=address,
                port=sock.getsockname()[1],
                type="host",
            )
            transport.protocol.local_candidate = candidate
            self._protocols.append(transport.protocol)
            self._local_candidates.append(candidate)
        if not self._protocols:
            raise problem or OSError("no address to listen on")
        self._local_candidates_start = self._local_candidates_end = True

    def announced(self) -> list[str]:
        """Candidate lines for a description."""
        candidates = self.local_candidates
        public = self._network.public_address
        lines = [c.to_sdp() for c in candidates]
        if public is not None:
            for c in candidates:
                if (":" in public) == (":" in c.host) and c.host != _LOOPBACK:
                    lines.append(_reached_at(public, c).to_sdp())
        return lines

    def refill(self) -> None:
        """To be called ten times a second."""
        self._asked.refill()
        self._asked_by_strangers.refill()

    def is_meant(self, data: bytes, protocol: StunProtocol) -> bool:
        """Whether it looks like this link's: a check that names it, or an answer to one of ours.
        The rest is not worth reading, and gets no answer that somebody else might have to bear."""
        if data[0]:
            return data[8:20] in protocol.transactions
        return self._name in data

    def may_ask(self, addr: Address) -> bool:
        """Whether one more datagram from there is looked at. Who has not shown the password has an
        allowance apart: however much comes, the browser's checks are still answered."""
        return (self._asked if addr in self.trusted else self._asked_by_strangers).take()

    def cut(self) -> None:
        """Nothing goes in or out any more; `close()` does the rest."""
        self.on_media = None
        self.on_alive = None
        self.trusted.clear()

    def data_received(self, data: bytes, component: int) -> None:
        # aioice hands on here, too, what began like STUN and was none.
        if 19 < data[0] < 64 and self._queue.qsize() < _DTLS_WAITING:
            super().data_received(data, component)

    def request_received(
        self, message: stun.Message, addr: Address, protocol: StunProtocol
    ) -> None:
        # A browser may shake hands before its answer has reached us: its address is good as soon
        # as one of its checks was authentic, even while aioice still keeps it for later.
        if not self._early_checks_done and len(self._early_checks) >= _ASKED_AT_ONCE:
            return
        super().request_received(message, addr, protocol)
        if not self._early_checks_done and self._early_checks:
            kept, from_addr, _ = self._early_checks[-1]
            if kept is message:
                self.trusted.add(from_addr)

    def check_incoming(self, message: stun.Message, addr: Address, protocol: StunProtocol) -> None:
        if addr not in self.trusted and len(self.trusted) >= _MOST_ADDRESSES:
            return
        self.trusted.add(addr)
        if self.on_alive is not None:
            self.on_alive()
        super().check_incoming(message, addr, protocol)

    def check_state(self, pair: CandidatePair, state: CandidatePair.State) -> None:
        if state == CandidatePair.State.SUCCEEDED:
            self.trusted.add(pair.remote_addr)
        super().check_state(pair, state)


def _reached_at(public: str, local: Candidate) -> Candidate:
    return Candidate(
        foundation=candidate_foundation("srflx", "udp", local.host),
        component=1,
        transport="udp",
        priority=candidate_priority(1, "srflx"),
        host=public,
        port=local.port,
        type="srflx",
        related_address=local.host,
        related_port=local.port,
    )
