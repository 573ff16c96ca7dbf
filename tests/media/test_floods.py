"""Floods, by strangers and by people with keys of their own: who is in another session loses not
one packet by it, and who is in the same one gets no flood."""

from __future__ import annotations

import asyncio
import os
import random
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiortc.rtcdtlstransport import RTCDtlsTransport

from server.domain.ids import SessionId
from signaling.media import uplink
from signaling.media.allowance import Allowance
from signaling.media.packet import RX
from signaling.media.plane import LinkState
from tests.media.peer import Peer, Room, hears
from tests.media.test_hostile import CLIENT_HELLO, NONSENSE, STUN, an_uplink

ROUNDS, A_ROUND = 20, 150
"""3,000 of each kind, some ten times what a link takes in that time."""
TAKEN_AT_MOST = uplink._PACKETS_AT_ONCE + uplink._PACKETS_A_TENTH

Shot = Callable[[], None]


def transport(peer: Peer, link: str) -> RTCDtlsTransport:
    connection = peer.up if link == "up" else peer.down
    assert connection is not None
    found: RTCDtlsTransport = connection.getTransceivers()[0].receiver.transport
    return found


def shoot(peer: Peer, data: bytes, link: str = "up") -> None:
    """A datagram from that browser's own address."""
    pair = transport(peer, link).transport._connection._nominated[1]
    pair.protocol.transport.sendto(data, pair.remote_addr)


def voice_of(peer: Peer) -> int:
    assert peer.up is not None
    ssrc: int = peer.up.getTransceivers()[0].sender._ssrc
    return ssrc


def rtp(ssrc: int, seq: int, payload: bytes, first: int = 0x80, kind: int = 96) -> bytes:
    return struct.pack(">BBHII", first, kind, seq & 0xFFFF, seq * 960, ssrc) + payload


class Undisturbed:
    """Two people of another session: the voice of one, as it arrives at the other."""

    def __init__(self, speaker: Peer, listener: Peer) -> None:
        self.speaker, self.listener = speaker, listener
        self.numbers: list[int] = []
        way = transport(listener, "down")
        handle = way._handle_rtp_data

        async def counted(data: bytes, arrival_time_ms: int) -> None:
            if data[1] & 127 == 111:
                self.numbers.append(int.from_bytes(data[2:4], "big"))
            await handle(data, arrival_time_ms=arrival_time_ms)

        way._handle_rtp_data = counted  # type: ignore[method-assign]

    def nothing_missing(self) -> None:
        first = self.numbers[0]
        assert [n - first & 0xFFFF for n in self.numbers] == list(range(len(self.numbers)))


@asynccontextmanager
async def elsewhere(room: Room) -> AsyncIterator[tuple[Peer, Peer]]:
    """Two of the session that is attacked; meanwhile two of another one speak, and at the end not
    one packet of theirs is missing."""
    a, b = await room.join("a", "b")
    c, d = await room.join("c", "d", session=SessionId("another"))
    for peer, space in ((a, "joint"), (b, "joint"), (c, "elsewhere"), (d, "elsewhere")):
        await peer.enter(space)
    await room.until(lambda: hears(a, b) and hears(b, a) and hears(d, c))
    others = Undisturbed(c, d)
    await room.until(lambda: len(others.numbers) > 10)
    yield a, b
    heard = len(others.numbers)
    await room.until(lambda: len(others.numbers) > heard + 25 and hears(d, c))
    others.nothing_missing()
    assert not [e for e in room.log if isinstance(e, LinkState) and e.state == "lost"]


async def flood(*shots: Shot) -> None:
    for _ in range(ROUNDS):
        for _ in range(A_ROUND):
            for shot in shots:
                shot()
        await asyncio.sleep(0.01)


async def test_a_flood_of_real_packets_reaches_no_other_session_and_hardly_its_own(
    room: Room,
) -> None:
    """ASVS 17.2.5: by somebody who has the keys."""
    async with elsewhere(room) as (a, b):
        a.rest()
        protect, ssrc, seq = transport(a, "up")._tx_srtp.protect, voice_of(a), 30000
        before, begun = await room.forwarded(), asyncio.get_running_loop().time()

        def one() -> None:
            nonlocal seq
            seq += 1
            shoot(a, protect(rtp(ssrc, seq, os.urandom(200))))

        await flood(one)
        passed = (await room.forwarded())[a.seat, b.seat] - before[a.seat, b.seat]
        tenths = 10 * (asyncio.get_running_loop().time() - begun) + 1
        assert 0 < passed <= TAKEN_AT_MOST + uplink._PACKETS_A_TENTH * tenths
        await room.until(lambda: hears(a, b))


async def test_packets_sent_again_by_others_are_no_packets(room: Room) -> None:
    """ASVS 17.2.3: replayed, all of them and many times."""
    async with elsewhere(room) as (a, b):
        way, kept = transport(a, "up").transport, list[bytes]()
        send = way._send

        async def overheard(data: bytes) -> None:
            if data[0] & 0xC0 == 0x80 and not 191 < data[1] < 224:
                kept.append(data)
            await send(data)

        way._send = overheard
        await room.until(lambda: len(kept) > 20)
        before, sent = await room.forwarded(), len(kept)
        replayed = list(kept)
        for _ in range(50):
            for data in replayed:
                shoot(a, data)
            await asyncio.sleep(0.01)
        passed = (await room.forwarded())[a.seat, b.seat] - before[a.seat, b.seat]
        assert passed <= len(kept) - sent + 5, "no more than were fresh"
        await room.until(lambda: hears(b, a))


async def test_nobody_speaks_in_the_name_of_another(room: Room) -> None:
    """ASVS 17.2.3: neither without keys, nor with those of one's own link."""
    async with elsewhere(room) as (a, b):
        a.rest()
        await room.until(lambda: not hears(b, a))
        before = await room.forwarded()
        protect, name = transport(b, "up")._tx_srtp.protect, voice_of(a)
        for seq in range(40000, 40200):
            shoot(a, rtp(name, seq, bytes(80)) + os.urandom(16))
            shoot(b, protect(rtp(name, seq, bytes(80))))
            shoot(b, protect(rtp(name, seq, bytes(80))), "down")
        await room.until(lambda: hears(a, b))
        after = await room.forwarded()
        assert after[a.seat, b.seat] == before[a.seat, b.seat]


async def test_malformed_packets_are_passed_over(room: Room) -> None:
    """ASVS 17.2.4: with bits turned and cut off, and well protected nonsense."""
    async with elsewhere(room) as (a, b):
        pick = random.Random(3)
        protect, ssrc = transport(a, "up")._tx_srtp.protect, voice_of(a)
        for seq in range(50000, 50500):
            good = protect(rtp(ssrc, seq, os.urandom(60)))
            bad = bytearray(good)
            for _ in range(pick.randrange(1, 6)):
                bad[pick.randrange(len(bad))] ^= 1 << pick.randrange(8)
            bad[0] = 0x80 | bad[0] & 0x3F
            shoot(a, bytes(bad))
            shoot(a, good[: pick.randrange(len(good))])
        odd = [b"", b"\xff", b"\x90", b"\xff" * 5, bytes(1200)]
        assert a.up is not None
        names = [t.sender._ssrc for t in a.up.getTransceivers()]
        for seq, payload in enumerate(odd * 20):
            for name in names:
                shoot(a, protect(rtp(name, seq, payload)))
                shoot(a, protect(rtp(name, seq + 1000, payload + b"\xff", first=0xA0)))
        await asyncio.sleep(0.2)
        await room.until(lambda: hears(a, b))


async def test_a_flood_of_reports_is_passed_over(room: Room) -> None:
    """Each asks for keyframes and for packets again, all in other names."""
    async with elsewhere(room) as (a, b):
        lanes = [int(n) for n in _lanes(a)]
        asks = b"".join(struct.pack(">BBHII", 0x81, 206, 2, 1, lane) for lane in lanes)
        misses = b"".join(struct.pack(">HH", n, 0xFFFF) for n in range(0, 2000, 17))
        shots = [
            lambda: struct.pack(">BBHI", 0x80, 201, 1, random.getrandbits(32)) + asks,
            lambda: struct.pack(">BBHII", 0x81, 205, 2 + len(misses) // 4, 1, lanes[0]) + misses,
            lambda: struct.pack(">BBHI", 0x80, 201, 1, 1) + b"\x81\xcd\xff\xff" + os.urandom(9),
        ]
        for link in ("up", "down"):
            protect = transport(a, link)._tx_srtp.protect_rtcp
            await flood(*[_reporting(a, link, protect, shot) for shot in shots])
        await room.until(lambda: hears(a, b) and hears(b, a))


def _reporting(peer: Peer, link: str, protect: Callable[[bytes], bytes], shot: Any) -> Shot:
    return lambda: shoot(peer, protect(shot()), link)


def _lanes(peer: Peer) -> list[str]:
    assert peer.down is not None
    lines = peer.down.remoteDescription.sdp.splitlines()
    return [line.split(":")[1].split(" ")[0] for line in lines if line.startswith("a=ssrc:")]


async def test_a_flood_of_checks_and_hellos_keeps_nobody_out(room: Room) -> None:
    """From a browser's own address, while another one of that session comes in."""
    shots = [CLIENT_HELLO, STUN, *NONSENSE]
    async with elsewhere(room) as (a, b):
        attack = asyncio.create_task(
            flood(*[_sending(a, link, data) for data in shots for link in ("up", "down")])
        )
        [e] = await room.join("e")
        await e.enter("joint")
        await room.until(lambda: hears(e, a) and hears(e, b) and hears(b, e))
        await attack
        await room.until(lambda: hears(b, a) and hears(a, e))


def _sending(peer: Peer, link: str, data: bytes) -> Shot:
    return lambda: shoot(peer, data, link)


def test_an_allowance_is_given_anew_each_tenth_of_a_second() -> None:
    allowance = Allowance(5, 2)
    assert [allowance.take() for _ in range(9)] == [True] * 5 + [False] * 4
    for _ in range(2):
        allowance.refill()
        assert [allowance.take() for _ in range(4)] == [True] * 2 + [False] * 2
    for _ in range(9):
        allowance.refill()
    assert allowance.left == 5


async def test_streams_that_were_not_announced_are_dropped_before_anything_is_kept_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """libsrtp keeps something of each stream it has decrypted once."""
    decrypted: list[int] = []

    def unprotect(*_: object) -> int:
        decrypted.append(1)
        return 1

    monkeypatch.setattr(uplink, "unprotect", unprotect)
    link = an_uplink("127.0.0.1")
    try:
        link.voice.ssrc = 7
        link._sources = {7: link.voice}
        link._by_type = {111: link.voice}
        for ssrc in range(1000):
            data = rtp(ssrc, 1, bytes(20), kind=111)
            RX[: len(data)] = data
            link.received(len(data))
        assert len(decrypted) == 1
    finally:
        link.close()


async def test_what_is_not_for_this_link_is_neither_read_nor_answered() -> None:
    link = an_uplink("127.0.0.1")
    try:
        ice, [protocol] = link.ice, link.ice._protocols
        username = (6).to_bytes(2, "big") + b"\0\x09"
        check = STUN + username + f"{ice.local_username}:abcd".encode()
        answer = b"\x01\x01" + bytes(6) + b"transaction."
        assert ice.is_meant(check, protocol)
        assert not ice.is_meant(STUN, protocol)
        assert not ice.is_meant(check.replace(ice.local_username.encode(), b"????"), protocol)
        assert not ice.is_meant(answer, protocol)
        protocol.transactions[b"transaction."] = None  # type: ignore[assignment]
        assert ice.is_meant(answer, protocol)
        protocol.transactions.clear()
        assert not [n for n in NONSENSE if n and ice.is_meant(n, protocol)]
    finally:
        link.close()


async def test_only_so_many_addresses_are_checked_in_return() -> None:
    link = an_uplink("127.0.0.1")
    try:
        ice: Any = link.ice
        message: Any = type("Check", (), {"attributes": {"PRIORITY": 1}})()
        ice._early_checks_done = True
        ice.check_start_task = lambda pair: None
        for port in range(2000, 2200):
            ice.check_incoming(message, ("192.0.2.1", port), ice._protocols[0])
        assert len(ice.trusted) == len(ice.remote_candidates) == 32
    finally:
        link.close()
