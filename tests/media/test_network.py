"""Where links listen and what they announce; and how a browser that vanished is noticed."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from signaling.media import ice
from signaling.media.ice import Ice, Network
from signaling.media.link import SILENT_S
from tests.media.peer import Peer, Room, hears


def chosen(**settings: Any) -> Network:
    given = {"addresses": None, "loopback": False, "ports": None, "public_address": None}
    return Network.chosen(**{**given, **settings})


@pytest.mark.parametrize(
    ("found", "loopback", "used"),
    [
        (["10.0.0.5"], False, ["10.0.0.5"]),
        (["10.0.0.5"], True, ["10.0.0.5", "127.0.0.1"]),
        ([], False, ["127.0.0.1"]),  # A machine without a network still works for itself.
    ],
)
def test_addresses(
    monkeypatch: pytest.MonkeyPatch, found: list[str], loopback: bool, used: list[str]
) -> None:
    def addresses(use_ipv4: bool, use_ipv6: bool) -> list[str]:
        return found

    monkeypatch.setattr(ice, "get_host_addresses", addresses)
    assert chosen(loopback=loopback).addresses == used
    assert chosen(addresses=["10.9.9.9"]).addresses == ["10.9.9.9"]


async def test_the_public_address_is_announced_with_the_same_port() -> None:
    agent = Ice(chosen(addresses=["127.0.0.2"], public_address="203.0.113.7"), controlling=True)
    agent.open_sockets()
    host, public = (line.split(" ") for line in agent.announced())
    assert (host[4], public[4]) == ("127.0.0.2", "203.0.113.7")
    assert host[5] == public[5]
    assert public[7] == "srflx"
    await agent.close()


async def test_an_address_that_is_not_ours_is_passed_over() -> None:
    agent = Ice(chosen(addresses=["203.0.113.7", "127.0.0.1"]), controlling=True)
    agent.open_sockets()
    assert [line.split(" ")[4] for line in agent.announced()] == ["127.0.0.1"]
    await agent.close()
    with pytest.raises(OSError):  # noqa: PT011 - the system's own words
        Ice(chosen(addresses=["203.0.113.7"]), controlling=True).open_sockets()


async def test_what_a_socket_lets_in() -> None:
    """Media and DTLS from addresses that have shown the password, and nothing empty at all."""
    agent = Ice(chosen(addresses=["127.0.0.1"]), controlling=True)
    agent.open_sockets()
    sizes: list[int] = []
    agent.on_media = sizes.append
    port = int(agent.announced()[0].split(" ")[5])
    media, dtls, neither = b"\x80" + bytes(50), b"\x16" + bytes(50), b"\x02" + bytes(50)
    with udp_to(port) as stranger, udp_to(port) as browser:
        agent.trusted.add(browser.getsockname())
        for data in (media, b"", dtls, b"", neither, b""):
            stranger.send(data + bytes(len(data) and 1))
        for data in (media, b"", neither, b"", dtls, b"", media[:20]):
            browser.send(data)
        await arrived(sizes, 20)
        assert sizes == [51, 20]
        assert agent._queue.qsize() == 1
        assert await agent._queue.get() == (dtls, 1)

        for data in [*[dtls] * 200, media[:21]]:
            browser.send(data)
        await arrived(sizes, 21)
        assert agent._queue.qsize() < 100
    await agent.close()


def udp_to(port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.connect(("127.0.0.1", port))
    return sock


async def arrived(sizes: list[int], last: int) -> None:
    """A socket is a queue: what was sent before that one was looked at, too."""
    async with asyncio.timeout(5):
        while sizes[-1:] != [last]:
            await asyncio.sleep(0.01)


@pytest.mark.slow
async def test_a_browser_that_vanishes_without_a_word_is_lost_and_the_others_go_on(
    room: Room,
) -> None:
    a, b, c = await room.join("a", "b", "c")
    for peer in (a, b, c):
        await peer.enter("joint")
    await room.until(lambda: hears(a, b) and hears(a, c) and hears(b, c))
    assert b.links is not None
    links = b.links
    begun = time.monotonic()
    for deafen in cut(b):
        deafen()
    await room.until(lambda: b.states[links.up] == b.states[links.down] == "lost", 2 * SILENT_S)
    assert time.monotonic() - begun > SILENT_S - 1  # Not at the first silence, either.
    await room.until(lambda: a.hears == {c.seat} and hears(a, c))


def cut(peer: Peer) -> list[Callable[[], None]]:
    """Ways to pull the plug: nothing leaves the browser any more."""
    plugs: list[Callable[[], None]] = []
    for connection in (peer.up, peer.down):
        assert connection is not None
        agent = connection.getTransceivers()[0].receiver.transport.transport._connection
        for protocol in agent._protocols:

            def pull(transport: Any = protocol.transport) -> None:
                transport.sendto = lambda data, addr=None: None

            plugs.append(pull)
    return plugs
