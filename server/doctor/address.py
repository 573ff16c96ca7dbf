"""The address that people open, asked as their browsers ask it: name, certificate, page, socket.

Asked from this machine, which may reach it by another way than people do.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from server.doctor.certificate import ending
from server.doctor.finding import Asked, Finding, fail, ok, warn
from server.security import certificates
from server.settings import SELF_SIGNED
from server.words import gettext as _

PATIENCE_S = 10
SOCKET = "/socket.io/?EIO=4&transport=websocket"


async def check(asked: Asked) -> list[Finding]:
    origin = asked.settings.origin
    if asked.local and not asked.running:
        return []
    found: list[Finding] = []
    if origin.startswith("https://"):
        found += await _handshake(asked)
    if any(finding.mend for finding in found):
        return found
    return [*found, *await _page(asked)]


async def _handshake(asked: Asked) -> list[Finding]:
    port = urlsplit(asked.settings.origin).port or 443
    try:
        async with asyncio.timeout(PATIENCE_S), _connected(asked, port) as end:
            return [ending(end, datetime.now(UTC))]
    except ssl.SSLCertVerificationError as wrong:
        what = _("Browsers refuse the certificate of %(host)s: %(why)s.", **_said(asked, wrong))
        return [fail(what, _("Get one for this very name, with its whole chain, and renew it."))]
    except ssl.SSLError:
        what = _("%(host)s speaks no HTTPS on port %(port)s.", host=asked.host, port=port)
        return [fail(what, _("Look at the proxy, or at HEYI_PUBLIC_URL."))]
    except (OSError, TimeoutError):
        return [_silent(asked)]


def _said(asked: Asked, wrong: ssl.SSLCertVerificationError) -> dict[str, str]:
    return {"host": asked.host, "why": wrong.verify_message}


@asynccontextmanager
async def _connected(asked: Asked, port: int) -> AsyncIterator[datetime]:
    """When the certificate shown there ends."""
    _reader, writer = await asyncio.open_connection(asked.host, port, ssl=_trust(asked))
    try:
        shown = writer.get_extra_info("peercert")
        yield datetime.fromtimestamp(ssl.cert_time_to_seconds(shown["notAfter"]), UTC)
    finally:
        writer.close()


def _trust(asked: Asked) -> ssl.SSLContext:
    trust = ssl.create_default_context()
    files = certificates.Files(asked.settings.data_dir / "tls")
    if asked.settings.tls == SELF_SIGNED and files.authority.exists():
        trust.load_verify_locations(files.authority)
    return trust


def _silent(asked: Asked) -> Finding:
    origin = asked.settings.origin
    if not asked.running:
        what = _("%(origin)s does not answer, as the server is not running.", origin=origin)
        return warn(what, _("Start it and run this again."))
    return fail(
        _("%(origin)s does not answer, though the server is running.", origin=origin),
        _("Look at the name's address, the proxy and the firewall; some routers let nobody inside "
          "open their outer address, then try from outside."),
    )  # fmt: skip


async def _page(asked: Asked) -> list[Finding]:
    origin = asked.settings.origin
    timeout = ClientTimeout(total=PATIENCE_S)
    async with ClientSession(origin, timeout=timeout) as client:
        try:
            async with client.get("/healthz", ssl=_trust(asked), allow_redirects=False) as answer:
                ours = answer.status == 200 and b'"ok"' in await answer.read()
        except (ClientError, OSError, TimeoutError):
            return [_silent(asked)]
        if not ours:
            what = _("Something else than Heyi answers at %(origin)s.", origin=origin)
            return [fail(what, _("Let the proxy pass everything on to HEYI_HOST and HEYI_PORT."))]
        return [await _socket(asked, client)]


async def _socket(asked: Asked, client: ClientSession) -> Finding:
    origin = asked.settings.origin
    try:
        async with client.ws_connect(SOCKET, ssl=_trust(asked), origin=origin) as socket:
            hello = await socket.receive_str(timeout=PATIENCE_S)
    except (ClientError, OSError, TimeoutError, TypeError):
        return fail(
            _("Pages come through at %(origin)s, but live connections don't.", origin=origin),
            _("Let the proxy pass WebSockets (Upgrade and Connection), and the Host as it came."),
        )
    assert hello.startswith("0")
    return ok(_("Pages and live connections come through at %(origin)s.", origin=origin))
