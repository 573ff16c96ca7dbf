"""Does each TURN server give a relay, and does it pass on what is sent to us? Tried for real.

The relay is asked for as a browser does, with a password of the same making; then a datagram is
sent through it to a port where voice and picture would come in.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from aioice import stun
from aioice.turn import TurnTransport, create_turn_endpoint

from server.doctor.finding import Asked, Finding, fail, ok, warn
from server.security.turn import Credential, credential
from server.values import Ports
from server.words import gettext as _

PATIENCE_S = 6
PASSES_S = 3
HELLO = b"heyi-doctor"
_NOT_ALLOWED, _FORBIDDEN, _FULL, _NO_ROOM = 401, 403, 486, 508


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    host: str
    port: int
    transport: str
    tls: bool


def parsed(url: str) -> Server:
    """`turn:host:port?transport=udp`, as the settings have checked it."""
    found = re.fullmatch(r"(turns?):(\[.+\]|[^:?]+)(?::(\d+))?(?:\?transport=(\w+))?", url)
    assert found is not None
    tls = found[1] == "turns"
    port = int(found[3] or (5349 if tls else 3478))
    return Server(url, found[2].strip("[]"), port, found[4] or ("tcp" if tls else "udp"), tls)


async def check(asked: Asked) -> list[Finding]:
    settings = asked.settings
    if not settings.turn_urls:
        if asked.local:
            return []
        what = _("No TURN server: who is behind a firewall without UDP can't take part.")
        return [warn(what, _("Set one up with deploy/turnserver.conf, and HEYI_TURN_URLS."))]
    made = credential(settings.turn_secret, datetime.now(UTC), timedelta(minutes=5))
    servers = [parsed(url) for url in settings.turn_urls]
    found = [await try_one(server, made, asked) for server in servers]
    if not any(server.tls for server in servers):
        what = _("No TURN server over TLS: some offices let nothing else pass.")
        found.append(warn(what, _("Add turns:HOST:443 or :5349 to HEYI_TURN_URLS.")))
    return found


async def try_one(
    server: Server, made: Credential, asked: Asked, trust: ssl.SSLContext | None = None
) -> Finding:
    """`trust`: instead of the authorities that this machine knows."""
    url = server.url
    if server.tls and server.transport == "udp":
        return warn(
            _("%(url)s is TLS over UDP (DTLS), which is not tried here.", url=url),
            _("Browsers rarely use it: prefer ?transport=tcp."),
        )
    heard = _Heard()
    try:
        async with asyncio.timeout(PATIENCE_S):
            relay, _protocol = await create_turn_endpoint(
                lambda: heard,
                (await _resolved(server)) if not server.tls else (server.host, server.port),
                made.username,
                made.password,
                lifetime=60,
                ssl=(trust or ssl.create_default_context()) if server.tls else None,
                transport=server.transport,
            )
    except Exception as wrong:
        return _refused(url, wrong)
    try:
        return await _passes(url, relay, heard, asked)
    finally:
        relay.close()
        await heard.over.wait()


async def _resolved(server: Server) -> tuple[str, int]:
    """aioice compares the address of an answer with the one it asked."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(server.host, server.port, type=socket.SOCK_DGRAM)
    return str(found[0][4][0]), server.port


class _Heard(asyncio.DatagramProtocol):
    """What comes back through the relay, which is only its complaints."""

    def __init__(self) -> None:
        self.over = asyncio.Event()
        self.wrong: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()

    def error_received(self, exc: Exception) -> None:
        if not self.wrong.done():
            self.wrong.set_result(exc)

    def connection_lost(self, exc: Exception | None) -> None:
        self.over.set()


def _refused(url: str, wrong: Exception) -> Finding:
    code = wrong.response.error_code if isinstance(wrong, stun.TransactionFailed) else 0
    if code == _NOT_ALLOWED:
        return fail(
            _("%(url)s does not take our password.", url=url),
            _("Give HEYI_TURN_SECRET and coturn's static-auth-secret the same value, and both "
              "machines the same time."),
        )  # fmt: skip
    if code in (_FULL, _NO_ROOM):
        return fail(
            _("%(url)s has no relay left to give.", url=url),
            _("Raise user-quota, total-quota or the relay's port range in turnserver.conf."),
        )
    if isinstance(wrong, ssl.SSLCertVerificationError):
        return fail(
            _("Browsers refuse the certificate of %(url)s: %(why)s.", url=url,
              why=wrong.verify_message),
            _("Give coturn a certificate for that very name, with its whole chain."),
        )  # fmt: skip
    if isinstance(wrong, (OSError, TimeoutError, stun.TransactionTimeout)):
        return fail(
            _("%(url)s does not answer.", url=url),
            _("Look whether coturn runs and whether the firewall lets its port in, UDP and TCP."),
        )
    kind = f"{type(wrong).__name__} {code or ''}".strip()
    return fail(
        _("%(url)s gives no relay: %(kind)s.", url=url, kind=kind), _("Look at coturn's log.")
    )


async def _passes(url: str, relay: TurnTransport, heard: _Heard, asked: Asked) -> Finding:
    """Send something to ourselves through the relay."""
    outside = relay.get_extra_info("sockname")[0]
    wide = ":" in outside
    ours = next((a for a in _own(asked) if (":" in a) is wide and "%" not in a), None)
    if ours is None:
        return ok(_("%(url)s gives a relay.", url=url))
    with _bound(asked.settings.media_ports, wide) as listening:
        port = listening.getsockname()[1]
        relay.sendto(HELLO, (ours, port))
        came = asyncio.ensure_future(_came(listening))
        either: set[asyncio.Future[Any]] = {came, heard.wrong}
        await asyncio.wait(either, timeout=PASSES_S, return_when=asyncio.FIRST_COMPLETED)
        came.cancel()
        arrived = came.done() and not came.cancelled()
    values = {"url": url, "address": ours}
    if arrived:
        return ok(_("%(url)s gives a relay, and passes on what is sent to %(address)s.", **values))
    wrong = heard.wrong.result() if heard.wrong.done() else None
    if isinstance(wrong, stun.TransactionFailed) and wrong.response.error_code == _FORBIDDEN:
        return fail(
            _("%(url)s gives a relay, but may not send to %(address)s.", **values),
            _("Add allowed-peer-ip=%(address)s to turnserver.conf.", address=ours),
        )
    return fail(
        _("%(url)s gives a relay, but nothing sent through it reaches %(address)s.", **values),
        _("Let the UDP ports of HEYI_MEDIA_PORTS in from the TURN server."),
    )


def _own(asked: Asked) -> tuple[str, ...]:
    """Where voice and picture are told to go, the likeliest first."""
    public = asked.settings.media_address
    loopback = ("127.0.0.1",) if asked.settings.media_loopback else ()
    return (*((public,) if public else ()), *asked.addresses, *loopback)


def _bound(ports: Ports | None, wide: bool) -> socket.socket:
    """A port of those for media, as a firewall may let in no other. Raises OSError."""
    made = socket.socket(socket.AF_INET6 if wide else socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)
    for port in range(ports.first, ports.last + 1) if ports else (0,):
        try:
            made.bind(("", port))
        except OSError:
            continue
        return made
    made.close()
    raise OSError("every port of media_ports is in use")


async def _came(listening: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    while await loop.sock_recv(listening, 2048) != HELLO:
        continue
