"""Whose request this is, as far as an address can tell: what limits are counted by."""

from __future__ import annotations

import ipaddress

from aiohttp import web

from server.http.keys import CTX


def client_address(request: web.Request) -> str:
    """The nearest address that isn't a proxy of ours; a header is believed from those only."""
    proxies = request.app[CTX].settings.trusted_proxies
    address = request.remote or ""
    forwarded = ",".join(request.headers.getall("X-Forwarded-For", []))
    for nearer in reversed(forwarded.split(",") if forwarded else []):
        if not _within(address, proxies):
            break
        address = nearer.strip()
    return address


def _within(
    address: str, networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)
