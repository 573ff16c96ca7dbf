"""The link on which a browser sends: a voice, a picture in two layers, a screen; and what it is
told of them."""

from __future__ import annotations

from time import monotonic

from signaling.media import rtcp, sdp
from signaling.media.allowance import Allowance
from signaling.media.link import Ground, Link, OutOfTurn, Owner
from signaling.media.packet import HEADER, LENGTH, RX, RX_MEMORY, unprotect
from signaling.media.sdp import BadDescription, Media
from signaling.media.source import Picture, Source, UpClock, Voice

_REMB_BITS = 1_500_000
"""What a browser without transport-wide feedback may send."""
_PACKETS_AT_ONCE, _PACKETS_A_TENTH = 600, 120
"""More than a voice, a camera in two layers and a screen with its whole pictures; what is beyond
is a flood, and all that listen would get it."""
_LONGEST_GAP = 500
"""Transport-wide numbers missing in a row, beyond which they are a jump and not a loss."""
_SHAPES = tuple(["audio"] + ["video"] * pictures for pictures in (1, 2, 3))
"""The first picture line is the camera's, the second the screen's, the third the camera's again,
small; pages from before there were these have none."""

_NO_ID = -1
"""The number of a header extension that is not in use; no element has it."""

Section = tuple[str, str, list[str]]
"""A line's identification, its kind and payload type, its attributes."""


class Uplink(Link):
    """Receives from that seat's browser and hands on to its sources."""

    controlling = False
    direction = "recvonly"
    dtx = redundant = True

    def __init__(self, ident: str, seat: str, ground: Ground, owner: Owner) -> None:
        super().__init__(ident, ground, owner)
        clock = UpClock()
        self.voice = Voice(seat, clock)
        self.picture, self.screen, self.small = (
            Picture(seat, clock, self._ask_picture, self._ask_again) for _ in range(3)
        )
        self.pictures = (self.picture, self.screen, self.small)
        self._packets = Allowance(_PACKETS_AT_ONCE, _PACKETS_A_TENTH)
        self.levels = bytearray()
        """The audio level of each packet of sound in this tenth of a second."""
        self.packets_in = 0
        self.asked = 0
        """Packets that did not come and were asked for."""
        self._sources: dict[int, Source] = {}
        self._by_type: dict[int, Source] = {}
        self._wide_id = self._level_id = _NO_ID
        self._arrivals: list[tuple[int, float]] = []
        self._wide_top = -1
        self._feedback_count = 0
        self._described = self._two = False

    def close(self) -> None:
        super().close()
        for picture in self.pictures:
            picture.let_go()

    # -- negotiation

    def describe(self, text: str) -> None:
        """The browser's offer; the answer goes to the owner."""
        if self._described:
            raise OutOfTurn
        offer = sdp.read(text)
        if offer.setup not in ("actpass", "active"):
            raise BadDescription("we are the DTLS server")
        sections = self.sections(offer.media)
        self._described = True
        answer = sdp.write(self.transport("passive"), sections)
        self.connect(offer)
        self.owner.on_signal(self, "answer", answer)

    def sections(self, lines: list[Media]) -> list[Section]:
        """Our side of the lines that were offered. Raises BadDescription."""
        if sorted(m.kind for m in lines) not in _SHAPES:
            raise BadDescription("not one voice, one picture and one screen")
        pictures = iter(self.pictures)
        self._two = len(lines) == len(_SHAPES[-1])
        return [self.accept(m, self.voice if m.kind == "audio" else next(pictures)) for m in lines]

    def accept(self, media: Media, source: Source) -> Section:
        """Take that source's packets from this line. Raises BadDescription."""
        if media.direction not in ("sendonly", "sendrecv"):
            raise BadDescription("an up link sends")
        voice = media.kind == "audio"
        types = _voice_types(media) if voice else sdp.picture_types(media)
        if not types:
            raise BadDescription("neither Opus, VP8 nor H264")
        name, payload_type = next(iter(types.items()))
        formats = str(payload_type)
        if voice:
            lines = sdp.voice_format(payload_type, dtx=self.dtx)
            redundant = types.get("red")
            if redundant is not None and self.redundant and payload_type == sdp.OPUS:
                # Named first, it is what the browser sends.
                formats = f"{redundant} {payload_type}"
                lines += sdp.redundant_format(redundant, payload_type)
                self.voice.may_repeat(redundant)
            self._level_id = _id_of(media, sdp.AUDIO_LEVEL)
            if self.tells_levels:
                lines.append(f"a=extmap:{self._level_id} {sdp.AUDIO_LEVEL}")
        else:
            assert isinstance(source, Picture)
            source.codec = name
            lines = sdp.picture_format(payload_type, name)
        feedback = media.codecs[payload_type].feedback
        extension = _id_of(media, sdp.TRANSPORT_WIDE)
        if "transport-cc" in feedback and extension != _NO_ID:
            self._wide_id = extension
            lines.append(f"a=rtcp-fb:{payload_type} transport-cc")
            lines.append(f"a=extmap:{extension} {sdp.TRANSPORT_WIDE}")
        elif not voice:
            lines.append(f"a=rtcp-fb:{payload_type} goog-remb")
        for number in map(int, formats.split(" ")):
            self._by_type.setdefault(number, source)
        if media.ssrcs:  # The first one is the stream; a second would be its retransmissions.
            source.ssrc = media.ssrcs[0]
            self._sources[source.ssrc] = source
        return media.mid, f"{media.kind} {formats}", [f"a={self.direction}", *lines]

    @property
    def tells_levels(self) -> bool:
        """Whether the browser writes the level beside each packet of sound."""
        return self._level_id != _NO_ID

    # -- packets

    def received(self, size: int) -> None:
        if 191 < RX[1] < 224:
            self.received_rtcp(size)
            return
        flags, kind, seq, stamp, ssrc = HEADER.unpack_from(RX)
        source = self._sources.get(ssrc)
        if source is None and not self._may_latch(kind & 0x7F):
            return  # Before libsrtp, which would keep something of each stream for ever.
        LENGTH[0] = size
        if unprotect(self._rx, RX_MEMORY, LENGTH) or not self._packets.take():
            return
        size = LENGTH[0]
        now = monotonic()
        self.heard_at = now
        at = 12 + 4 * (flags & 15)
        if flags & 0x10:
            self._read_extensions(at, size, now)
            at += 4 + 4 * (RX[at + 2] << 8 | RX[at + 3])
        if flags & 0x20:
            size -= RX[size - 1]
        if at > size:
            return
        if source is None:
            source = self._latch(ssrc, kind & 0x7F)
        self.packets_in += 1
        if source.taped is not None:
            source.taped.packet(kind, seq, stamp, RX[at:size], now)
        source.take(kind & source.told, seq, stamp, RX[at:size], now)

    def _may_latch(self, payload_type: int) -> bool:
        """A stream that was not announced belongs to the line of its payload type, if that has
        none yet."""
        source = self._by_type.get(payload_type)
        return source is not None and source.ssrc is None

    def _latch(self, ssrc: int, payload_type: int) -> Source:
        source = self._by_type[payload_type]
        source.ssrc = ssrc
        self._sources[ssrc] = source
        return source

    def _read_extensions(self, at: int, size: int, now: float) -> None:
        """Find the transport-wide number and the level in a header extension of one-byte
        elements; each once."""
        if RX[at] != 0xBE or RX[at + 1] != 0xDE:
            return
        end = at + 4 + 4 * (RX[at + 2] << 8 | RX[at + 3])
        at += 4
        if end > size:
            return
        wide, level = self._wide_id, self._level_id
        while at + 1 < end:
            head = RX[at]
            if head >> 4 == wide:
                wide = _NO_ID
                if at + 2 < end:
                    self._arrivals.append((RX[at + 1] << 8 | RX[at + 2], now))
            elif head >> 4 == level:
                level = _NO_ID
                self.levels.append(RX[at + 1])
            at += 1 if not head else 2 + (head & 15)

    def rtcp(self, data: bytes) -> None:
        for report in rtcp.read(data).reports:
            if source := self._sources.get(report.ssrc):
                source.heard_report(report, self.heard_at)
                if source.taped is not None:
                    source.taped.report(report, self.heard_at)

    # -- feedback

    def every_tenth(self, now: float) -> None:
        """What lets the browser's congestion control find its bitrate, and what is still missing;
        ten times a second."""
        super().every_tenth(now)
        self._packets.refill()
        self.levels.clear()
        if not self.connected:
            return
        for picture in self.pictures:
            picture.every_tenth(now)
        if self._wide_id != _NO_ID:
            self._tell_arrivals()
        elif pictures := [p.ssrc for p in self.pictures if p.ssrc and p.received]:
            self.send_rtcp(rtcp.bitrate(pictures, _REMB_BITS))

    def every_second(self, now: float) -> None:
        """What arrived and what did not; sent in silence too, as a sign of life."""
        for source in (self.voice, *self.pictures):
            source.measure()
        blocks = [source.block(now) for source in (self.voice, *self.pictures)]
        self.send_rtcp(rtcp.receiver_report([block for block in blocks if block is not None]))

    def _tell_arrivals(self) -> None:
        arrivals, self._arrivals = self._arrivals, []
        told: dict[int, float] = {}
        top = self._wide_top
        for number, at in arrivals:
            if top < 0:
                top = number + 0xFFFF
            ahead = (number - top + 0x8000 & 0xFFFF) - 0x8000
            told[top + ahead] = at
            top = max(top, top + ahead)
        before, self._wide_top = self._wide_top, top
        fresh = sorted(n for n in told if n > before)
        if not fresh:
            return
        # What is missing since the last feedback belongs to this one, unless it is a jump.
        start = before + 1 if 0 < fresh[0] - before <= _LONGEST_GAP and before >= 0 else fresh[0]
        fresh = [n for n in fresh if n - start < 2 * _LONGEST_GAP]
        self._feedback_count += 1
        ssrc = self.picture.ssrc or self.voice.ssrc or 0
        self.send_rtcp(
            rtcp.transport_feedback(
                ssrc, self._feedback_count, start, [(n, told[n]) for n in fresh]
            )
        )

    @property
    def layers(self) -> tuple[Picture, ...]:
        """Of the camera: the large one, and the small one where the page sends it."""
        return (self.picture, self.small) if self._two else (self.picture,)

    def _ask_picture(self, ssrc: int) -> None:
        self.send_rtcp(rtcp.picture_request(ssrc))

    def _ask_again(self, ssrc: int, numbers: list[int]) -> None:
        self.asked += len(numbers)
        self.send_rtcp(rtcp.missing(ssrc, numbers))


def _voice_types(media: Media) -> dict[str, int]:
    """Payload types of Opus, and of its redundant form if there is one."""
    rates = {c.name: n for n, c in reversed(media.codecs.items()) if c.clock == 48000}
    if "opus" not in rates:
        return {}
    return {name: rates[name] for name in ("opus", "red") if name in rates}


def _id_of(media: Media, uri: str) -> int:
    """The number of a header extension in this line's packets; of the short form only."""
    number = media.extensions.get(uri, _NO_ID)
    return number if 0 < number < 15 else _NO_ID
