"""Do browsers elsewhere learn an address at which voice and picture reach this machine?"""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

from server.doctor.finding import Asked, Finding, fail, ok, warn
from server.words import gettext as _

Address = IPv4Address | IPv6Address


async def check(asked: Asked) -> list[Finding]:
    settings = asked.settings
    here = [ip_address(a) for a in asked.addresses if "%" not in a]
    here = [address for address in here if not address.is_link_local]
    told = {*here, *([ip_address(settings.media_address)] if settings.media_address else [])}
    if asked.local:
        return [_loopback(asked, told)]
    if not told:
        return [
            fail(
                _("This machine has no address by which others could reach it."),
                _("Connect it to a network, or set HEYI_MEDIA_ADDRESS."),
            )
        ]
    opened = await _resolved(asked.host)
    if any(address.is_global for address in opened) and not any(a.is_global for a in told):
        return [
            fail(
                _("People open a public address, but for voice and picture they would be told only "
                  "private ones."),
                _("Set HEYI_MEDIA_ADDRESS to this machine's public IP address."),
            )
        ]  # fmt: skip
    if any(a.version == 6 for a in opened) and not any(a.version == 6 for a in told):
        return [
            warn(
                _("The name has an IPv6 address, but voice and picture have none."),
                _("Give this machine an IPv6 address, or take the AAAA record away."),
            )
        ]
    shown = ", ".join(sorted(map(str, told)))
    return [ok(_("Voice and picture are offered at %(addresses)s.", addresses=shown))]


def _loopback(asked: Asked, told: set[Address]) -> Finding:
    if asked.settings.media_loopback or told:
        return ok(_("Browsers on this machine can exchange voice and picture with it."))
    return fail(
        _("This machine has no network, and loopback is not offered for voice and picture."),
        _("Set HEYI_MEDIA_LOOPBACK=true."),
    )


async def _resolved(host: str) -> set[Address]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError:
        return set()  # the check of the address says so
    return {ip_address(str(entry[4][0]).partition("%")[0]) for entry in found}
