"""Voice through a relay: the real coturn, for browsers whose network lets no UDP pass to us."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
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
from tests.turn import RELAYS, SECRET, Turn, coturn

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
