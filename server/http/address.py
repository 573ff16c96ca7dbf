"""Whose request this is, as far as an address can tell: what limits are counted by."""

from __future__ import annotations

import ipaddress
import re

from aiohttp import web

from server.http.keys import CTX

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

ONES_OWN = 64
"""Bits of an IPv6 address that name a network; whoever has one has all addresses in it."""
_WITH_PORT = re.compile(r"\[([^\]]+)\](?::\d+)?|([0-9.]+):\d+")


def client_address(request: web.Request) -> str:
    """The nearest address that isn't a proxy of ours; a header is believed from those only.

    Of IPv6 the network.
    """
    address = _parsed(request.remote or "")
    if address is None:
        return request.remote or ""
    proxies = request.app[CTX].settings.trusted_proxies
    forwarded = ",".join(request.headers.getall("X-Forwarded-For", []))
    for nearer in reversed(forwarded.split(",") if forwarded else []):
        if not any(address in network for network in proxies):
            break
        told = _parsed(nearer)
        if told is None:
            break  # no address: the proxy that passed it on answers for it
        address = told
    return _counted(address)


def _parsed(text: str) -> Address | None:
    """With or without a port; an IPv4 address that came by an IPv6 socket is one of IPv4."""
    text = text.strip()
    if found := _WITH_PORT.fullmatch(text):
        text = found[1] or found[2]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _counted(address: Address) -> str:
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((int(address), ONES_OWN), strict=False))
