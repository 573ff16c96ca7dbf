"""What strangers and hostile browsers send: it fails, and nobody else notices."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import socket
from typing import Any

import pytest
from aiortc.rtcdtlstransport import RTCCertificate

from signaling.media.echo import Echoes
from signaling.media.ice import Network
from signaling.media.link import Ground, Link
from signaling.media.packet import RX
from signaling.media.plane import BadSignal, LinkId, LinkState, Signal
from signaling.media.uplink import Uplink
from tests.media.peer import Peer, Room, hears, with_another_certificate, without_addresses
from tests.media.test_echo import prober

CLIENT_HELLO = bytes.fromhex("16feff0000000000000000002c010000200000000000000020fefd") + bytes(30)
ALERT = bytes.fromhex("15fefd00000000000000010002022f")
CLOSE_NOTIFY = bytes.fromhex("15fefd00000000000000020002010000")
RTP = bytes.fromhex("806f0001000000010000000a") + bytes(60)
RTCP = bytes.fromhex("80c9000100000001") + bytes(20)
STUN = bytes.fromhex("000100002112a442") + bytes(12)
NONSENSE = [b"", b"\0", b"\x16", b"\x80", CLIENT_HELLO, ALERT, CLOSE_NOTIFY, RTP, RTCP, STUN]

OFFER_LINES = (
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
    "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n"
    "a=fingerprint:sha-256 " + ":".join(["AB"] * 32) + "\r\na=setup:actpass\r\n"
)
VOICE = (
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=sendonly\r\na=rtcp-mux\r\n"
    "a=rtpmap:111 opus/48000/2\r\n"
)
PICTURE = (
    "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=sendonly\r\na=rtcp-mux\r\n"
    "a=rtpmap:96 VP8/90000\r\n"
)
GOOD = OFFER_LINES + VOICE + PICTURE


def bad_offers() -> dict[str, str]:
    lines = "".join(VOICE.replace("mid:0", f"mid:{n}") for n in range(100))
    return {
        "empty": "",
        "garbage": "\x00\xff not sdp " * 20,
        "json": '{"type": "offer"}',
        "huge": GOOD + "a=x\r\n" * 30000,
        "no media": OFFER_LINES,
        "only a voice": OFFER_LINES + VOICE,
        "two voices": OFFER_LINES + VOICE + VOICE.replace("mid:0", "mid:1"),
        "same mid twice": OFFER_LINES + VOICE + PICTURE.replace("mid:1", "mid:0"),
        "a hundred lines": OFFER_LINES + lines,
        "receiving": GOOD.replace("sendonly", "recvonly"),
        "no codec": GOOD.replace("opus", "speex"),
        "no VP8": GOOD.replace("VP8", "H265"),
        "an H264 that some can't read": GOOD.replace("VP8", "H264"),
        "no mux": GOOD.replace("a=rtcp-mux\r\n", ""),
        "no fingerprint": GOOD.replace("fingerprint", "footprint"),
        "weak fingerprint": GOOD.replace("sha-256", "md5"),
        "no password": GOOD.replace("ice-pwd", "ice-xyz"),
        "short password": GOOD.replace("abcdefghijklmnopqrstuvwx", "abc"),
        "long password": GOOD.replace("abcdefghijklmnopqrstuvwx", "a" * 129),
        "short name": GOOD.replace("ufrag:abcd", "ufrag:abc"),
        "long name": GOOD.replace("ufrag:abcd", "ufrag:" + "a" * 33),
        "passive": GOOD.replace("actpass", "passive"),
        "port is not a number": GOOD.replace("m=audio 9", "m=audio nine"),
        "type is not a number": GOOD.replace("SAVPF 111", "SAVPF x"),
        "plain RTP": GOOD.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP"),
        "data channel": GOOD + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\n",
    }


async def test_a_bad_offer_is_refused_and_a_good_one_still_taken(room: Room) -> None:
    """The link stays as it was: nothing of the bad description is kept."""
    for name, offer in bad_offers().items():
        links = await room.links("a")
        with pytest.raises(BadSignal) as caught:
            await room.plane.signal(links.seat, Signal(links.up, "offer", offer))
        assert caught.value.code == "bad_sdp", name
        await room.plane.signal(links.seat, Signal(links.up, "offer", GOOD))


async def test_an_offer_cut_anywhere_is_refused_or_taken_but_never_fatal(room: Room) -> None:
    pick = random.Random(7)
    pids = room.plane.worker_pids
    for _ in range(150):
        links = await room.links("a")
        text = list(GOOD)
        for _ in range(pick.randrange(1, 6)):
            at = pick.randrange(len(text))
            text[at : at + pick.randrange(30)] = [chr(pick.randrange(1, 300))]
        with contextlib.suppress(BadSignal):
            await room.plane.signal(links.seat, Signal(links.up, "offer", "".join(text)))
    assert room.plane.worker_pids == pids


async def test_signals_for_links_of_others_or_out_of_turn(room: Room) -> None:
    mine, other = await room.links("a"), await room.links("b")

    async def code(seat: Any, link: LinkId, kind: Any, sdp: str = GOOD) -> str:
        with pytest.raises(BadSignal) as caught:
            await room.plane.signal(seat, Signal(link, kind, sdp))
        return caught.value.code

    assert await code(mine.seat, other.up, "offer") == "not_your_link"
    assert await code(mine.seat, LinkId("nothing"), "offer") == "not_your_link"
    assert await code(room.seat("stranger"), mine.up, "offer") == "not_your_link"
    assert await code(mine.seat, mine.down, "offer") == "out_of_turn"
    assert await code(mine.seat, mine.up, "answer") == "out_of_turn"
    assert await code(mine.seat, mine.down, "answer") == "bad_sdp"
    await room.plane.signal(mine.seat, Signal(mine.up, "offer", GOOD))
    assert await code(mine.seat, mine.up, "offer") == "out_of_turn"
    fresh = await room.links("a")
    assert await code(mine.seat, mine.up, "offer") == "not_your_link"
    await room.plane.signal(fresh.seat, Signal(fresh.up, "offer", GOOD))


async def test_an_answer_twice_is_out_of_turn(room: Room) -> None:
    [a] = await room.join("a")
    assert a.links is not None
    assert a.down is not None
    answer = a.down.localDescription.sdp
    with pytest.raises(BadSignal) as caught:
        await room.plane.signal(a.seat, Signal(a.links.down, "answer", answer))
    assert caught.value.code == "out_of_turn"


async def test_candidates(room: Room) -> None:
    links = await room.links("a")
    good = "candidate:1 1 udp 2122260223 127.0.0.1 50000 typ host generation 0"
    hidden = "candidate:1 1 udp 1 0f0e-4d.local 50000 typ host"
    over_tcp = "candidate:1 1 tcp 1 10.0.0.1 9 typ host tcptype active"
    for text in (good, "a=" + good, hidden, over_tcp, "", good.replace("127.0.0.1", "nowhere")):
        await room.plane.signal(links.seat, Signal(links.up, "candidate", text))
    for text in ("candidate:", "x", good.replace("2122260223", "many"), good.replace("50000", "p")):
        if text == "candidate:":
            await room.plane.signal(links.seat, Signal(links.up, "candidate", text))
            continue
        with pytest.raises(BadSignal) as caught:
            await room.plane.signal(links.seat, Signal(links.up, "candidate", text))
        assert caught.value.code == "bad_sdp"


ADDRESSES = {
    "127.0.0.1": "loops",
    "127.8.8.8": "loops",
    "::1": "loops",
    "::ffff:127.0.0.1": "loops",
    "0.0.0.0": "never",
    "::": "never",
    "::ffff:0.0.0.0": "never",
    "224.0.0.251": "never",
    "ff02::fb": "never",
    "169.254.169.254": "never",
    "fe80::1": "never",
    "fe80::1%eth0": "never",
    "localhost": "never",
    "0f0e-4d.local": "never",
    "192.168.1.20": "always",
    "203.0.113.7": "always",
    "2001:db8::7": "always",
}


@pytest.mark.parametrize("loops", [False, True])
async def test_only_addresses_where_a_browser_can_be_are_contacted(loops: bool) -> None:
    uplink = an_uplink("127.0.0.1" if loops else "0.0.0.0")
    try:
        for host in ADDRESSES:
            await uplink.candidate(f"candidate:1 1 udp 1 {host} 50000 typ host")
        taken = {found.host for found in uplink.ice.remote_candidates}
        wanted = {"always", "loops"} if loops else {"always"}
        assert taken == {host for host, when in ADDRESSES.items() if when in wanted}
    finally:
        uplink.close()


async def test_only_so_many_are_contacted_and_no_port_of_a_service() -> None:
    uplink = an_uplink("0.0.0.0")
    try:
        for port in (*(-1, 0, 53, 123, 1023, 65536, 10**9), *range(40000, 40100)):
            await uplink.candidate(f"candidate:1 1 udp 1 203.0.113.7 {port} typ host")
        taken = [found.port for found in uplink.ice.remote_candidates]
        assert taken == list(range(40000, 40012))
    finally:
        uplink.close()


class Nobody:
    """Whom nothing is told that matters here."""

    def on_signal(self, link: Link, kind: str, text: str) -> None: ...

    def on_state(self, link: Link, state: str) -> None: ...


def an_uplink(address: str) -> Uplink:
    ground = Ground(Network([address]), RTCCertificate.generateCertificate())
    return Uplink("up", "a", ground, Nobody())


async def test_a_browser_that_names_only_hidden_addresses_connects(room: Room) -> None:
    """Chromium hides its addresses behind names: they are learned from its checks."""
    room.alter = without_addresses
    a, b = await room.join("a", "b")
    await a.enter("joint")
    await b.enter("joint")
    await room.until(lambda: hears(a, b) and hears(b, a))


async def test_who_has_another_certificate_than_announced_is_not_connected(room: Room) -> None:
    [a] = await room.join("a")
    room.alter = with_another_certificate
    joining = asyncio.create_task(room.join("b"))
    b = room.seat("b")

    def lost() -> bool:
        states = [e for e in room.log if isinstance(e, LinkState) and e.seat == b]
        return len(states) == 2 and all(e.state == "lost" for e in states)

    await room.until(lost)
    joining.cancel()
    assert a.ready


async def test_strangers_datagrams_do_nothing(room: Room) -> None:
    """Before, during and after the handshake, to every port."""
    a, b = await room.join("a", "b")
    await a.enter("joint")
    await b.enter("joint")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        flood = asyncio.create_task(shoot(stranger, room))
        [c] = await room.join("c")
        await c.enter("joint")
        peers = (a, b, c)
        await room.until(lambda: all(hears(x, y) for x in peers for y in peers if x is not y))
        await room.until(lambda: flood.done())
        await flood
    assert not [e for e in room.log if isinstance(e, LinkState) and e.state == "lost"]
    heard = c.received
    await room.until(lambda: c.received > heard + 50)


async def shoot(stranger: socket.socket, room: Room) -> None:
    pick = random.Random(1)
    for _ in range(30):
        for peer in list(room.peers.values()):
            for port in peer.server_ports():
                for data in [*NONSENSE, os.urandom(pick.randrange(1, 1500))]:
                    stranger.sendto(data, ("127.0.0.1", port))
        await asyncio.sleep(0.01)


async def test_nonsense_from_the_browsers_own_address_does_nothing(room: Room) -> None:
    """As from somebody who can forge it: an empty datagram once closed a whole session."""
    a, b = await room.join("a", "b")
    await a.enter("joint")
    await b.enter("joint")
    await room.until(lambda: hears(a, b) and hears(b, a))
    for _ in range(20):
        for data in NONSENSE:
            forge(a, data)
    heard = b.received
    await room.until(lambda: b.received > heard + 50 and hears(b, a) and hears(a, b))
    assert not [e for e in room.log if isinstance(e, LinkState) and e.state == "lost"]


def forge(peer: Peer, data: bytes) -> None:
    for connection in (peer.up, peer.down):
        assert connection is not None
        ice = connection.getTransceivers()[0].receiver.transport.transport._connection
        pair = ice._nominated[1]
        pair.protocol.transport.sendto(data, pair.remote_addr)


BOTH_WAYS = OFFER_LINES + VOICE.replace("sendonly", "sendrecv")


def bad_echoes() -> dict[str, str]:
    return {
        "empty": "",
        "garbage": "\x00\xff not sdp " * 20,
        "huge": BOTH_WAYS + "a=x\r\n" * 30000,
        "no line": OFFER_LINES,
        "an up link's": GOOD,
        "two voices": BOTH_WAYS + VOICE.replace("mid:0", "mid:1"),
        "a picture": OFFER_LINES + PICTURE.replace("sendonly", "sendrecv"),
        "sending only": OFFER_LINES + VOICE,
        "receiving only": BOTH_WAYS.replace("sendrecv", "recvonly"),
        "no codec": BOTH_WAYS.replace("opus", "speex"),
        "no fingerprint": BOTH_WAYS.replace("fingerprint", "footprint"),
        "no password": BOTH_WAYS.replace("ice-pwd", "ice-xyz"),
        "passive": BOTH_WAYS.replace("actpass", "passive"),
        "no mux": BOTH_WAYS.replace("a=rtcp-mux\r\n", ""),
    }


async def test_a_bad_offer_of_an_echo_is_refused_and_holds_nothing(room: Room) -> None:
    pids = room.plane.worker_pids
    seat = room.seat("a")
    for name, offer in bad_echoes().items():
        with pytest.raises(BadSignal) as caught:
            await room.plane.echo(seat, offer)
        assert caught.value.code == "bad_sdp", name
    pick = random.Random(8)
    for _ in range(150):
        text = list(BOTH_WAYS)
        for _ in range(pick.randrange(1, 6)):
            at = pick.randrange(len(text))
            text[at : at + pick.randrange(30)] = [chr(pick.randrange(1, 300))]
        with contextlib.suppress(BadSignal):
            await room.plane.echo(seat, "".join(text))
    await room.plane.echo(seat, BOTH_WAYS)
    assert room.plane.worker_pids == pids
    async with asyncio.timeout(10):
        while (await room.plane.stats())[0].links > 1:
            await asyncio.sleep(0.05)


async def test_two_echoes_of_a_seat_at_once_are_one(room: Room) -> None:
    async with prober() as one, prober() as two:
        await asyncio.gather(one.begin(room, "a"), two.begin(room, "a"))
        await room.until(lambda: two.hears)
        assert not one.hears


async def test_nothing_comes_back_to_who_did_not_show_the_password(room: Room) -> None:
    """An echo would be a way to shoot at others, if it answered whoever writes to it."""
    async with prober() as mine:
        await mine.begin(room, "a")
        await room.until(lambda: mine.hears)
        [port] = {
            int(line.split(" ")[5])
            for line in mine.answer.splitlines()
            if line.startswith("a=candidate:")
        }
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.setblocking(False)
            for _ in range(30):
                for data in (RTP, RTCP, CLIENT_HELLO, ALERT):
                    stranger.sendto(data, ("127.0.0.1", port))
            heard = mine.ear.sound_frames
            await room.until(lambda: mine.ear.sound_frames > heard + 50 and mine.hears)
            with pytest.raises(BlockingIOError):
                stranger.recv(2048)


async def test_any_header_extension_can_be_read_and_a_packet_has_one_level() -> None:
    """As an authentic browser may write them: cut off, repeated, longer than the packet."""
    uplink = Uplink(
        "up", "a", Ground(Network(["127.0.0.1"]), RTCCertificate.generateCertificate()), Echoes()
    )
    uplink._wide_id, uplink._level_id = 3, 1
    pick = random.Random(9)
    for _ in range(3000):
        words = pick.randrange(5)
        body = bytes(pick.choice((0x10, 0x31, 0x1F, 0xFF, 0, 0x20)) for _ in range(4 * words))
        length = words + pick.choice((0, 0, 0, 1, 400, -1))
        extension = b"\xbe\xde" + (length & 0xFFFF).to_bytes(2, "big") + body
        RX[12 : 12 + len(extension)] = extension
        uplink.levels.clear()
        uplink._arrivals.clear()
        uplink._read_extensions(12, 12 + len(extension), 1.0)
        assert len(uplink.levels) <= 1
        assert len(uplink._arrivals) <= 1
    RX[12:24] = bytes.fromhex("bede0002 31000710 a8000000")
    uplink._read_extensions(12, 24, 2.0)
    assert uplink.levels[-1:] == b"\xa8"
    assert uplink._arrivals[-1:] == [(7, 2.0)]
    uplink.close()
