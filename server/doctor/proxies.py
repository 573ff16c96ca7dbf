"""Whose word about the address of a visitor is believed?"""

from __future__ import annotations

from pathlib import Path

from server.doctor.finding import Asked, Finding, fail, is_loopback, ok, warn
from server.words import gettext as _


async def check(asked: Asked) -> list[Finding]:
    settings = asked.settings
    behind = settings.public_url.startswith("https://") and not settings.tls
    if any(network.prefixlen == 0 for network in settings.trusted_proxies):
        return [
            fail(
                _("Everybody's word about their own address is believed: limits hold nobody."),
                _("Name only the proxies' own addresses in HEYI_TRUSTED_PROXIES."),
            )
        ]
    if behind and not settings.trusted_proxies:
        return [
            fail(
                _("A proxy is in front but not trusted: all visitors count as one address."),
                _("Set HEYI_TRUSTED_PROXIES to its address, 127.0.0.1/32 on this machine."),
            )
        ]
    if behind and not is_loopback(settings.host) and not _in_container():
        return [
            warn(
                _("The port is open without the proxy, on plain HTTP."),
                _("Set HEYI_HOST=127.0.0.1, or let the firewall admit the proxy only."),
            )
        ]
    if settings.trusted_proxies:
        count = len(settings.trusted_proxies)
        return [ok(_("Visitors' addresses are believed from %(count)s networks.", count=count))]
    return [ok(_("No proxy is in front; visitors' addresses are those they come from."))]


def _in_container() -> bool:
    """Where listening on all addresses means those of a network of its own."""
    return Path("/.dockerenv").exists() or Path("/run/.containerenv").exists()
