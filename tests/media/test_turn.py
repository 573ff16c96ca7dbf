"""Voice through a relay: the real coturn, for browsers whose network lets no UDP pass to us."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from aioice import stun
from aioice.turn import TurnTransport, create_turn_endpoint
from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCIceServer,
    RTCIceTransportPolicy,
    RTCPeerConnection,
)

from server.security.turn import Credential, credential
from tests.media import peer
from tests.media.peer import Peer, Room, hears
from tests.turn import CONFIGURATION, RELAYS, SECRET, Turn, coturn

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def turn() -> Iterator[Turn]:
    with coturn() as running:
        yield running


def now() -> datetime:
    return datetime.now(UTC)


def relayed(url: str, made: Credential) -> RTCPeerConnection:
    """A browser's connection of which nothing leaves but to the TURN server."""
    server = RTCIceServer(url, username=made.username, credential=made.password)
    return RTCPeerConnection(
        RTCConfiguration(
            iceServers=[server],
            iceTransportPolicy=RTCIceTransportPolicy.RELAY,
            bundlePolicy=RTCBundlePolicy.MAX_BUNDLE,
        )
    )


def only_relays(text: str) -> str:
    """Fails the test if anything but a relay is offered to the server."""
    lines = [line for line in text.splitlines() if line.startswith("a=candidate:")]
    assert lines
    for line in lines:
        words = line.split()
        assert words[words.index("typ") + 1] == "relay"
        assert RELAYS[0] <= int(words[5]) <= RELAYS[1]
    return text


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_two_speak_through_relays(
    room: Room, turn: Turn, transport: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = credential(SECRET, now(), HOUR)
    monkeypatch.setattr(peer, "connection", lambda: relayed(turn.urls[transport], made))
    room.alter = only_relays
    a, b = await room.join("a", "b")
    await a.enter("joint")
    await b.enter("joint")
    await room.until(lambda: hears(a, b) and hears(b, a))
    assert all(_on_a_relay(one) for one in (a, b))
    await a.leave("joint")
    await room.until(lambda: not b.hears)


def _on_a_relay(browser: Peer) -> bool:
    """What carries the sound is the pair with the relay, on both links."""
    for connection in (browser.up, browser.down):
        assert connection is not None
        ice = connection.getTransceivers()[0].receiver.transport.transport
        pair = ice._connection._nominated[1]
        if not RELAYS[0] <= pair.local_candidate.port <= RELAYS[1]:
            return False
    return True


@pytest.mark.parametrize(
    "made",
    [
        credential(SECRET, now() - HOUR, timedelta(minutes=59)),
        credential("another secret", now(), HOUR),
        Credential(credential(SECRET, now(), HOUR).username, "guessed"),
        credential(SECRET, now(), HOUR)._replace(
            username=f"{int((now() + 2 * HOUR).timestamp())}:0123456789abcdef"
        ),
    ],
    ids=["ended", "forged", "guessed", "prolonged"],
)
async def test_no_relay_without_a_password_of_ours(turn: Turn, made: Credential) -> None:
    connection = relayed(turn.urls["udp"], made)
    try:
        connection.addTransceiver("audio", direction="sendonly")
        await connection.setLocalDescription(await connection.createOffer())
        assert "a=candidate:" not in connection.localDescription.sdp
    finally:
        await connection.close()


SPECIAL = """
    0.0.0.0 0.1.2.3 10.1.2.3 100.64.0.1 100.127.255.254 127.0.0.1 127.255.255.254 169.254.169.254
    172.16.0.1 172.31.255.254 192.0.0.8 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.254
    198.51.100.1 203.0.113.1 224.0.0.251 239.255.255.255 240.0.0.1 255.255.255.255
    :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1 2001:2::1
    2001:db8::1 2002:7f00:1:: fc00::1 fd12:3456::1 fe80::1 febf::1 ff02::1
"""
"""Of the IANA's registries of addresses for special purposes, each entry that is not global."""
ANYBODYS = "1.1.1.1 100.63.0.1 100.128.0.1 172.32.0.1 198.20.0.1 2400:3200::1 2606:4700::1111"


def denied() -> list[tuple[IPv4Address | IPv6Address, IPv4Address | IPv6Address]]:
    lines = CONFIGURATION.read_text("utf-8").splitlines()
    ranges = [line.split("=")[1].split("-") for line in lines if line.startswith("denied-peer-ip=")]
    return [(ip_address(first), ip_address(last)) for first, last in ranges]


def is_denied(address: str) -> bool:
    found = ip_address(address)
    return any(
        int(first) <= int(found) <= int(last)
        for first, last in denied()
        if first.version == found.version
    )


def test_nothing_of_a_special_purpose_is_reached_through_a_relay() -> None:
    """ASVS 17.1.1; that coturn obeys is tried by the doctor's tests."""
    assert [address for address in SPECIAL.split() if not is_denied(address)] == []
    assert [address for address in ANYBODYS.split() if is_denied(address)] == []


async def test_one_password_opens_only_so_many_relays_and_others_still_some(turn: Turn) -> None:
    """ASVS 17.1.2."""
    lines = CONFIGURATION.read_text("utf-8").splitlines()
    [quota] = [int(line.split("=")[1]) for line in lines if line.startswith("user-quota=")]
    greedy = credential(SECRET, now(), HOUR)
    async with AsyncExitStack() as stack:
        for _ in range(quota):
            stack.push_async_callback(_over, await _relay(turn, greedy))
        with pytest.raises(stun.TransactionFailed) as caught:
            await _relay(turn, greedy)
        assert caught.value.response.error_code == 486
        stack.push_async_callback(_over, await _relay(turn, credential(SECRET, now(), HOUR)))


async def _relay(turn: Turn, made: Credential) -> TurnTransport:
    transport, _ = await create_turn_endpoint(
        asyncio.DatagramProtocol, ("127.0.0.1", turn.port), made.username, made.password
    )
    return transport


async def _over(relay: TurnTransport) -> None:
    relay.close()
    await asyncio.sleep(0)
