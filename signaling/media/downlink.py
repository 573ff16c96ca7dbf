"""The link on which a browser receives: eight slots and a screen, negotiated once."""

from __future__ import annotations

from time import monotonic

from signaling.media import rtcp, sdp
from signaling.media.link import Ground, Link, OutOfTurn, Owner
from signaling.media.packet import context
from signaling.media.plane import SLOTS
from signaling.media.sdp import OPUS, VP8, BadDescription
from signaling.media.slot import Lane, Slot
from signaling.media.source import ASK_SELDOM_S, Picture


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
        self.carries: dict[int, Picture] = {}
        """What a picture line carries, by its SSRC: that is asked for keyframes."""
        self._described = False

    def offer(self) -> None:
        """Tell the owner our offer."""
        sections: list[tuple[str, str, list[str]]] = []
        for number, slot in enumerate(self.slots):
            sections.append(_section(2 * number, f"audio {OPUS}", slot.voice))
            sections.append(_section(2 * number + 1, f"video {VP8}", slot.picture))
        sections.append(_section(2 * SLOTS, f"video {VP8}", self.screen))
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
            lane.send = sock.send

    def rtcp(self, data: bytes) -> None:
        for ssrc in rtcp.read(data).pictures:
            if picture := self.carries.get(ssrc):
                picture.want(monotonic(), patience=ASK_SELDOM_S)

    def every_second(self, now: float) -> None:
        """Each running stream's clock; an empty report when there is none, as a sign of life."""
        reports = b"".join(lane.report(now) for lane in self.lanes.values())
        self.send_rtcp(reports or rtcp.receiver_report())


def _section(mid: int, format_: str, lane: Lane) -> tuple[str, str, list[str]]:
    voice, name = format_.startswith("audio"), lane.cname
    lines = ["a=sendonly", f"a=msid:{name} {name}-{'voice' if voice else 'picture'}"]
    lines += sdp.voice_format(OPUS) if voice else sdp.picture_format(VP8)
    lines.append(f"a=ssrc:{lane.ssrc} cname:{lane.cname}")
    return str(mid), format_, lines
