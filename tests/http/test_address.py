"""Whose word about an address is believed: through one proxy, several, and none."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request
from aiohttp.web import Application
from multidict import CIMultiDict

from server.http.address import client_address
from server.http.keys import CTX
from server.security.keys import KeyStore
from server.services.context import Context
from server.settings import load
from tests.http.house import House

PROXIES = "10.0.0.0/8, fd00::/8, 2001:db8:ffff::1/128"
PROXY = "10.0.0.1"


def seen(house: House, remote: str | None, *forwarded: str) -> str:
    """`forwarded`: each X-Forwarded-For header as it came."""
    settings = load({"HEYI_TRUSTED_PROXIES": PROXIES})
    app = Application()
    app[CTX] = Context(house.ctx.store, settings, KeyStore(house.ctx.keys.folder))
    headers = CIMultiDict([("X-Forwarded-For", value) for value in forwarded])
    request = make_mocked_request("GET", "/", headers=headers, app=app)
    return client_address(request.clone(remote=remote) if remote else request)


@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
    [
        # Nobody in between.
        ("192.0.2.7", [], "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64"),
        ("fe80::1%eth0", [], "fe80::/64"),
        ("::ffff:192.0.2.7", [], "192.0.2.7"),
        # A stranger who says so.
        ("192.0.2.7", ["198.51.100.1"], "192.0.2.7"),
        ("192.0.2.7", ["10.0.0.1"], "192.0.2.7"),
        # One proxy, and a visitor who has put something before its word.
        (PROXY, ["192.0.2.7"], "192.0.2.7"),
        (PROXY, ["198.51.100.1, 192.0.2.7"], "192.0.2.7"),
        (PROXY, ["198.51.100.1", "192.0.2.7"], "192.0.2.7"),
        (PROXY, ["10.0.0.9, 192.0.2.7"], "192.0.2.7"),
        ("::ffff:10.0.0.1", ["192.0.2.7"], "192.0.2.7"),
        # Several, of both kinds.
        (PROXY, ["192.0.2.7, 10.0.0.3, 10.0.0.2"], "192.0.2.7"),
        (PROXY, ["198.51.100.1, 192.0.2.7, 10.0.0.3"], "192.0.2.7"),
        ("2001:db8:ffff::1", ["2001:db8:1:2::9, fd00::2"], "2001:db8:1:2::/64"),
        (PROXY, ["192.0.2.7, 203.0.113.1, 10.0.0.2"], "203.0.113.1"),
        # As other proxies write them.
        (PROXY, ["192.0.2.7:51234"], "192.0.2.7"),
        (PROXY, ["[2001:db8:1:2::9]:51234"], "2001:db8:1:2::/64"),
        (PROXY, ["::ffff:192.0.2.7"], "192.0.2.7"),
        # No address: the nearest that is one.
        (PROXY, ["unknown"], PROXY),
        (PROXY, ["192.0.2.7, , 10.0.0.2"], "10.0.0.2"),
        (PROXY, [""], PROXY),
        (PROXY, ["192.0.2.7" * 9], PROXY),
        # Everybody is a proxy of ours: the farthest.
        (PROXY, ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
    ],
)
async def test_the_nearest_that_is_no_proxy_of_ours(
    house: House, remote: str, forwarded: list[str], expected: str
) -> None:
    assert seen(house, remote, *forwarded) == expected


async def test_a_neighbour_in_the_same_network_is_the_same_visitor(house: House) -> None:
    """Or anybody with IPv6 could try a password from 2^64 addresses."""
    assert seen(house, "2001:db8::1") == seen(house, "2001:db8::ffff:1")
    assert seen(house, "2001:db8::1") != seen(house, "2001:db8:0:1::1")


async def test_a_socket_without_an_address_is_nobody(house: House) -> None:
    assert seen(house, None) == ""
