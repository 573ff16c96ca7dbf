"""Can the server listen where it is told to? Whether a firewall lets anybody through to there can't
be known from inside, and is said.
"""

from __future__ import annotations

import errno
import socket

from aiohttp import ClientError, ClientSession, ClientTimeout

from server.doctor.finding import Asked, Finding, fail, ok, warn
from server.settings import Settings
from server.values import Ports
from server.words import gettext as _

A_PERSON = 2
"""Ports that one person takes on each address: one to send, one to receive."""
FEW = 40


async def running(settings: Settings) -> bool:
    """Whether a server of ours answers on the port."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    host = f"[{host}]" if ":" in host else host
    url = f"{'https' if settings.tls else 'http'}://{host}:{settings.port}/healthz"
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=5)) as client,
            # Who it is does not matter here, and the certificate is for another name.
            client.get(url, ssl=False, allow_redirects=False) as answer,
        ):
            return answer.status == 200 and answer.headers.get("Server") == "heyi"
    except (ClientError, TimeoutError, OSError):
        return False


async def check(asked: Asked) -> list[Finding]:
    return [_web(asked), _media(asked)]


def _web(asked: Asked) -> Finding:
    host, port = asked.settings.host, asked.settings.port
    values = {"host": host, "port": port}
    if asked.running:
        return ok(_("Heyi is running on port %(port)s.", port=port))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
            tried.listen()
        except OSError as wrong:
            return _not_ours(wrong, values)
    return ok(_("Port %(port)s on %(host)s is free.", **values))


def _not_ours(wrong: OSError, values: dict[str, object]) -> Finding:
    if wrong.errno == errno.EADDRINUSE:
        return fail(
            _("Another program has port %(port)s.", **values),
            _("End it, or choose another port with HEYI_PORT."),
        )
    if wrong.errno == errno.EACCES:
        return fail(
            _("This account may not use port %(port)s.", **values),
            _("Choose one from 1024 on, behind a proxy, or give it CAP_NET_BIND_SERVICE."),
        )
    return fail(
        _("%(host)s is no address of this machine.", **values),
        _("Set HEYI_HOST to one that is, 0.0.0.0 for all."),
    )


def _media(asked: Asked) -> Finding:
    ports = asked.settings.media_ports
    if ports is None and asked.local:
        return ok(_("Voice and picture use any free UDP port."))
    if ports is None:
        return warn(
            _("Voice and picture use any free UDP port, which no firewall can be told."),
            _("Set HEYI_MEDIA_PORTS=50000-50199 and let these UDP ports in."),
        )
    count = ports.last - ports.first + 1
    free = count_free(ports)
    values = {"free": free, "count": count, "first": ports.first, "last": ports.last}
    told = _("%(free)s of %(count)s UDP ports from %(first)s to %(last)s are free.", **values)
    if free == 0:
        return fail(told, _("End what uses them, or choose others with HEYI_MEDIA_PORTS."))
    if count < FEW:
        mend = _("They are enough for %(n)s people at a time; give more.", n=count // A_PERSON)
        return warn(told, mend)
    if free < count and not asked.running:
        return warn(told, _("Another program uses some of them; choose others or end it."))
    unknown = _("Whether the firewall lets them in can't be seen from here.")
    return ok(f"{told} {unknown}")


def count_free(ports: Ports) -> int:
    return sum(_bindable(port) for port in range(ports.first, ports.last + 1))


def _bindable(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as tried:
        try:
            tried.bind(("", port))
        except OSError:
            return False
    return True
