"""One peer connection that carries media one way: its life from the first socket to the last.

aiortc shakes hands and keeps the keys; `Ice` moves its datagrams. Codecs, tracks and descriptions
of aiortc are not used: nothing is decoded here.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from time import monotonic
from typing import Any, Literal, Protocol
from weakref import WeakSet

import pylibsrtp
from aioice import Candidate
from aiortc.rtcdtlstransport import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)

from signaling.media import sdp
from signaling.media.allowance import Allowance
from signaling.media.ice import Ice, Network
from signaling.media.packet import LENGTH, RX, RX_MEMORY, context, unprotect_rtcp

log = logging.getLogger(__name__)

CONNECT_S = 20.0
"""From both descriptions to connected; a browser needs a tenth of a second."""
SILENT_S = 8.0
"""A browser checks its connection every 2.5 s; unheard for this long, it is lost."""
_MOST_CANDIDATES = 12
_RTCP_AT_ONCE, _RTCP_A_TENTH = 100, 30
"""Browsers send some fifty a second where many packets get lost."""
_MOST_REPORTERS = 64
"""Names under which a browser reports; libsrtp keeps something of each, for as long as the link."""
_PORTS = range(1024, 1 << 16)
"""Where a browser listens; below are the services of others."""

_background: set[asyncio.Task[None]] = set()

in_memory: WeakSet[Link] = WeakSet()
"""All links that exist, closed ones too: their parts refer to each other in circles, and stay until
the collector comes."""


class OutOfTurn(Exception):
    """A description that this link does not wait for."""


class Owner(Protocol):
    """Whom a link tells what happens to it."""

    def on_signal(self, link: Link, kind: Literal["offer", "answer"], text: str) -> None: ...
    def on_state(self, link: Link, state: Literal["connected", "lost"]) -> None: ...


@dataclass(frozen=True, slots=True)
class Ground:
    """What all links of a worker share."""

    network: Network
    certificate: RTCCertificate


class Link(ABC):
    """Subclassed by `Uplink` and `Downlink`. Every method but the tasks' runs without waiting."""

    controlling: bool

    def __init__(self, ident: str, ground: Ground, owner: Owner) -> None:
        self.ident = ident
        self.owner = owner
        self.connected = False
        self.closed = False
        self.heard_at = monotonic()
        self._loops = ground.network.loops
        self.ice = Ice(ground.network, controlling=self.controlling)
        self.ice.open_sockets()
        in_memory.add(self)
        self.dtls = RTCDtlsTransport(self.ice, [ground.certificate])  # type: ignore[arg-type]
        self.dtls.on("statechange", self._dtls_changed)
        self._rx: Any = None
        self._task: asyncio.Task[None] | None = None
        self._candidates = 0
        self._reports = Allowance(_RTCP_AT_ONCE, _RTCP_A_TENTH)
        self._reporters: set[bytes] = set()

    # -- negotiation

    @abstractmethod
    def describe(self, text: str) -> None:
        """The browser's description. Raises BadDescription, OutOfTurn."""

    async def candidate(self, text: str) -> None:
        """One candidate of the browser. Raises BadDescription."""
        line = text.removeprefix("a=").removeprefix("candidate:").strip()
        if not line:
            return
        try:
            found = Candidate.from_sdp(line)
        except ValueError as error:
            raise sdp.BadDescription("not a candidate") from error
        # Names would have to be asked for on the local network, and TCP is not spoken; a browser
        # that has nothing else is learned from its first check.
        if found.transport.lower() != "udp" or not self._may_be_asked(found):
            return
        if found.component == 1 and self._candidates < _MOST_CANDIDATES and not self.closed:
            self._candidates += 1
            await self.ice.add_remote_candidate(found)

    def _may_be_asked(self, found: Candidate) -> bool:
        """Whether a browser can be there: what we send goes wherever a description points."""
        try:
            address = ip_address(found.host)
        except ValueError:
            return False
        return found.port in _PORTS and _is_of_one(address, loops=self._loops)

    def transport(self, setup: Literal["actpass", "passive"]) -> sdp.Transport:
        """Our end, for a description."""
        fingerprints = self.dtls.getLocalParameters().fingerprints
        return sdp.Transport(
            self.ice.local_username,
            self.ice.local_password,
            [(f.algorithm, f.value) for f in fingerprints if f.algorithm == "sha-256"],
            setup,
            self.ice.announced(),
        )

    def connect(self, remote: sdp.Description) -> None:
        """Begin to connect: both descriptions are there."""
        self.ice.remote_username = remote.ufrag
        self.ice.remote_password = remote.password
        self.dtls._set_role("client" if remote.setup == "passive" else "server")
        self._task = asyncio.create_task(self._connect(remote))

    async def _connect(self, remote: sdp.Description) -> None:
        parameters = RTCDtlsParameters(
            [RTCDtlsFingerprint(kind, value) for kind, value in remote.fingerprints]
        )
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(CONNECT_S):
                for line in remote.candidates:
                    with contextlib.suppress(sdp.BadDescription):
                        await self.candidate(line)
                await self.ice.connect()
                await self.dtls.start(parameters)
        if self.dtls.state != "connected":
            self.lose()
            return
        self._rx = context(self.dtls._rx_srtp)
        self.connected = True
        self.heard_at = monotonic()
        self.ice.on_alive = self._alive
        self.ice.on_media = self.received
        self.ready()
        self.owner.on_state(self, "connected")

    def ready(self) -> None:  # noqa: B027 - not every link has something to do then
        """Keys and path are there; called once, before anybody is told."""

    # -- packets

    def received(self, size: int) -> None:
        """An SRTP or SRTCP datagram of that size is in RX. The default knows RTCP only."""
        if 191 < RX[1] < 224:
            self.received_rtcp(size)

    def received_rtcp(self, size: int) -> None:
        reporter, known = bytes(RX[4:8]), self._reporters
        if (reporter not in known and len(known) >= _MOST_REPORTERS) or not self._reports.take():
            return
        LENGTH[0] = size
        if unprotect_rtcp(self._rx, RX_MEMORY, LENGTH) == 0:
            known.add(reporter)
            self.heard_at = monotonic()
            self.rtcp(bytes(RX[: LENGTH[0]]))

    @abstractmethod
    def rtcp(self, data: bytes) -> None:
        """An authentic compound packet."""

    def every_tenth(self, now: float) -> None:
        """Called ten times a second."""
        self._reports.refill()
        self.ice.refill()

    @abstractmethod
    def every_second(self, now: float) -> None:
        """Called once a second."""

    def send_rtcp(self, data: bytes) -> None:
        """Send a compound packet to the browser."""
        pair = self.ice.nominated
        if self.connected and pair is not None:
            with contextlib.suppress(pylibsrtp.Error):
                datagram = self.dtls._tx_srtp.protect_rtcp(data)
                pair.protocol.transport.sendto(datagram, pair.remote_addr)

    # -- end

    def check_alive(self, now: float) -> None:
        """Give up a browser that has not been heard."""
        if self.connected and now - self.heard_at > SILENT_S:
            self.lose()

    def lose(self) -> None:
        """The connection failed or ended by itself."""
        if not self.closed:
            self.close()
            self.owner.on_state(self, "lost")

    def close(self) -> None:
        """Cut the link at once: no packet is taken from it any more. The owner takes its routes
        away in the same step; goodbye and sockets follow in the background."""
        if self.closed:
            return
        self.closed = True
        self.connected = False
        self.ice.cut()
        if self._task is not None:
            self._task.cancel()
        _in_background(self._finish())

    async def _finish(self) -> None:
        with contextlib.suppress(Exception):
            await self.dtls.stop()  # Says goodbye, so that the browser knows at once.
        await self.ice.close()
        self.dtls.remove_all_listeners()

    def _alive(self) -> None:
        self.heard_at = monotonic()

    def _dtls_changed(self) -> None:
        if self.connected and self.dtls.state in ("closed", "failed"):
            self.lose()


def _is_of_one(address: IPv4Address | IPv6Address, *, loops: bool) -> bool:
    """One machine's, and on a network: not of many, of none, nor of this one unless `loops`."""
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_loopback:
        return loops
    return not (address.is_multicast or address.is_unspecified or address.is_link_local)


def _in_background(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(work)
    _background.add(task)
    task.add_done_callback(_background.discard)
