"""The link on which a browser receives: eight slots and a screen, negotiated once."""

from __future__ import annotations

from time import monotonic

from signaling.media import ladder, rtcp, sdp
from signaling.media.budget import Budget
from signaling.media.link import Ground, Link, OutOfTurn, Owner
from signaling.media.outlet import Outlet
from signaling.media.packet import SEND_TIME_ID, context
from signaling.media.plane import SLOTS, How
from signaling.media.reception import Reception
from signaling.media.sdp import H264, OPUS, RED, VP8, BadDescription
from signaling.media.slot import Lane, Slot
from signaling.media.source import ASK_SELDOM_S, Picture
from signaling.media.tile import Tile

_MOST_RESENT = 120
"""Packets that are sent again within a tenth of a second: more are not lost but gone."""
_WRAPPING = 60
"""Octets that headers, keys and the network add to each payload."""


class Downlink(Link):
    """Sends what is attached to its slots."""

    controlling = True

    def __init__(self, ident: str, ground: Ground, owner: Owner) -> None:
        super().__init__(ident, ground, owner)
        self.slots = [Slot(i, OPUS, VP8) for i in range(SLOTS)]
        self.screen = Lane(VP8, 90000, "screen")
        self.lanes: dict[int, Lane] = {self.screen.ssrc: self.screen}
        for slot in self.slots:
            self.lanes[slot.voice.ssrc] = slot.voice
            self.lanes[slot.picture.ssrc] = slot.picture
        self.tiles = [Tile(slot.picture) for slot in self.slots]
        self.shown = Tile(self.screen)
        self.order: list[Tile] = []
        """Those of `tiles` that are filled, and `shown`: the most important first."""
        self.how: How = "full"
        """What its receiver gets of what it wants to see."""
        self.outlet: Outlet | None = None
        """Once it is connected."""
        self.budget = Budget()
        self.reception = Reception()
        self.resent = 0
        """Packets that were asked for again."""
        self.bits = 0
        """Of pictures, in the last second."""
        self._sent = self._resent_lately = 0
        self._described = False

    def offer(self) -> None:
        """Tell the owner our offer."""
        sections: list[tuple[str, str, list[str]]] = []
        for number, slot in enumerate(self.slots):
            sections.append(_section(2 * number, f"audio {OPUS} {RED}", slot.voice))
            sections.append(_section(2 * number + 1, f"video {VP8} {H264}", slot.picture))
        sections.append(_section(2 * SLOTS, f"video {VP8} {H264}", self.screen))
        self.owner.on_signal(self, "offer", sdp.write(self.transport("actpass"), sections))

    def describe(self, text: str) -> None:
        """The browser's answer."""
        if self._described:
            raise OutOfTurn
        answer = sdp.read(text)
        expected = [(str(n), "video" if n % 2 else "audio") for n in range(2 * SLOTS)]
        expected.append((str(2 * SLOTS), "video"))
        if [(m.mid, m.kind) for m in answer.media] != expected:
            raise BadDescription("not an answer to the offer")
        if not all(m.port and m.direction == "recvonly" for m in answer.media):
            raise BadDescription("a down link receives")
        if answer.setup not in ("active", "passive"):
            raise BadDescription("an answer chooses its role")
        self._described = True
        lines = answer.media
        for slot, voice, picture in zip(self.slots, lines[::2], lines[1::2], strict=False):
            slot.voice.redundant = any(codec.name == "red" for codec in voice.codecs.values())
            slot.picture.types = sdp.picture_types(picture)
        self.screen.types = sdp.picture_types(lines[-1])
        self.connect(answer)

    def ready(self) -> None:
        pair = self.ice.nominated
        assert pair is not None
        # We chose the pair and it stays; a connected socket spares the kernel a look-up a packet.
        sock = pair.protocol.transport.get_extra_info("socket")
        sock.connect(pair.remote_addr)
        sending = context(self.dtls._tx_srtp)
        for lane in self.lanes.values():
            lane.context = sending
        pictures = [slot.picture for slot in self.slots]
        self.outlet = Outlet(sock, [slot.voice for slot in self.slots], [self.screen, *pictures])

    def close(self) -> None:
        if self.outlet is not None:
            self.outlet.close()
        super().close()

    def rtcp(self, data: bytes) -> None:
        heard, now = rtcp.read(data), monotonic()
        for ssrc, number in heard.missing:
            if self._resent_lately < _MOST_RESENT and (lane := self.lanes.get(ssrc)):
                self._resent_lately += lane.resend(number)
        for ssrc in heard.pictures:
            lane = self.lanes.get(ssrc)
            if lane is not None and lane.running and isinstance(lane.source, Picture):
                lane.source.want(now, patience=ASK_SELDOM_S)
        self.reception.hear(heard, self._lost_before, now)

    def _lost_before(self, ssrc: int) -> float | None:
        lane = self.lanes.get(ssrc)
        if lane is None:
            return None
        return 0.0 if lane.source is None else lane.source.loss

    def choose(self, now: float) -> None:
        """Put every picture on the rung it should be on."""
        order = [tile for tile in self.order if tile.filled]
        asked = [tile.asks(now) for tile in order]
        rungs = ladder.climb(self.budget.bits, asked)
        for tile, rung in zip(order, rungs, strict=True):
            tile.take(rung, now)
        self.how = ladder.told(asked, rungs)
        if self.how == "full" and any(tile.unread(now) for tile in order):
            self.how = "unread"

    def empty(self) -> None:
        """Nobody is in any of its lines."""
        for slot, tile in zip(self.slots, self.tiles, strict=True):
            slot.voice.detach()
            tile.empty()
        self.shown.empty()

    def every_tenth(self, now: float) -> None:
        """Stills that are due."""
        super().every_tenth(now)
        self.resent += self._resent_lately
        self._resent_lately = 0
        for tile in self.order:
            tile.every_tenth(now)

    def every_second(self, now: float) -> None:
        """What it tells decides what it gets. Each running stream's clock; an empty report when
        there is none, as a sign of life."""
        pictures = (self.screen, *(slot.picture for slot in self.slots))
        sent = 8 * sum(lane.octets + _WRAPPING * lane.packets for lane in pictures)
        loss, estimate = self.reception.take()
        self.bits, self._sent = sent - self._sent, sent
        self.budget.hear(loss, estimate, self.bits, now)
        self.choose(now)
        reports = b"".join(lane.report(now) for lane in self.lanes.values())
        self.send_rtcp(reports or rtcp.receiver_report())


def _section(mid: int, format_: str, lane: Lane) -> tuple[str, str, list[str]]:
    voice, name = format_.startswith("audio"), lane.cname
    lines = ["a=sendonly", f"a=msid:{name} {name}-{'voice' if voice else 'picture'}"]
    if voice:
        lines += [*sdp.voice_format(OPUS), *sdp.redundant_format(RED, OPUS)]
    else:  # With the time of sending, a browser finds out what its network carries.
        for number, codec in ((VP8, "vp8"), (H264, "h264")):
            lines += [*sdp.picture_format(number, codec), f"a=rtcp-fb:{number} goog-remb"]
        lines.append(f"a=extmap:{SEND_TIME_ID} {sdp.SEND_TIME}")
    lines.append(f"a=ssrc:{lane.ssrc} cname:{lane.cname}")
    return str(mid), format_, lines
