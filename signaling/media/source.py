"""What a browser sends: one voice, one picture, each forwarded to any number of lanes.

`take` and `forward` are the hot path. They run once a packet and, inside, once a listener; that is
why they are written out and why a lane's numbers are plain offsets.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from signaling.media import h264, red, rtcp, vp8
from signaling.media.gaps import Gaps
from signaling.media.packet import (
    HEADER,
    LARGEST_PAYLOAD,
    LENGTH,
    PICTURE_HEADER,
    SEND_TIME,
    SEND_TIME_TICKS,
    TX,
    TX_MEMORY,
    protect,
)
from signaling.media.sdp import OPUS, RED

if TYPE_CHECKING:
    from signaling.media.slot import Lane
    from signaling.media.taping import TapedTrack

ASK_AGAIN_S = 0.06
"""While somebody waits for a first picture."""
ASK_SELDOM_S = 0.3
"""When somebody lost one: browsers make no two keyframes within that time anyway."""

_WINDOW_S = 30.0
_OLDEST_S = 2.0
_RING = 256
"""Packets of a picture that are kept to be sent again, a power of two: two seconds of a large one,
and what is asked for later comes too late."""
_PAYLOAD = PICTURE_HEADER.size
_SMOOTH = 0.5


def signed(difference: int) -> int:
    """The difference of two 32-bit timestamps."""
    return ((difference + 0x80000000) & 0xFFFFFFFF) - 0x80000000


class UpClock:
    """Where a browser's clock stands in ours: shared by its voice and picture.

    The smallest arrival-minus-NTP is the report that waited least on its way. Older minima are
    forgotten after one or two windows, because clocks drift.
    """

    def __init__(self) -> None:
        self.offset: float | None = None
        self._recent = self._before = float("inf")
        self._since = 0.0

    def report(self, ntp: float, arrived: float) -> None:
        if arrived - self._since > _WINDOW_S:
            self._before, self._recent, self._since = self._recent, float("inf"), arrived
        self._recent = min(self._recent, arrived - ntp)
        self.offset = min(self._recent, self._before)


class Source(ABC):
    """A stream from the browser of `seat`."""

    rate: int
    ssrc: int | None
    told = 0x80
    """What `take` is to know of a packet's second byte: the marker; of voices with redundancy the
    payload type, too."""

    def __init__(self, seat: str, clock: UpClock) -> None:
        self.seat = seat
        self.clock = clock
        self.ssrc = None
        self.taped: TapedTrack | None = None
        """While it is recorded."""
        self.lanes: list[Lane] = []
        """Where every packet goes."""
        self.waiting: list[Lane] = []
        """Where the stream will go from the next packet on that one can begin with."""
        self.top = -1
        """The highest sequence number, unwrapped; packets below it are late ones."""
        self.top_stamp = 0
        self.top_at = 0.0
        self.first = 0
        self.received = 0
        self.octets = 0
        """Of payloads that were sent on to anybody."""
        self.bits = 0.0
        """A second, as it came lately."""
        self.loss = 0.0
        """The share of its packets that did not come in the last second."""
        self.jitter = 0.0
        self._transit = 0.0
        self._report: rtcp.SenderReport | None = None
        self._report_at = 0.0
        self._told = (0, 0)
        self._came = 0
        self._measured = (0, 0)

    def take(self, mark: int, seq: int, stamp: int, payload: vp8.Bytes, now: float) -> None:
        """Count an authentic packet and send it on."""
        if self.top < 0:
            self.top = self.first = seq + 0x10000
        delta = (seq - self.top) & 0xFFFF
        newest = delta < 0x8000
        if newest:
            if delta > 1 and self.lanes:
                self.missed(self.top + 1, self.top + delta, now)
            ext = self.top = self.top + delta
            self.top_stamp = stamp
            self.top_at = now
        else:
            ext = self.top + delta - 0x10000
        self.received += 1
        self._came += len(payload)
        transit = now * self.rate - stamp
        step = abs(transit - self._transit)
        self._transit = transit
        if step < self.rate:
            self.jitter += (step - self.jitter) / 16
        if len(payload) > LARGEST_PAYLOAD or not (self.lanes or self.waiting):
            return
        self.forward(mark, ext, stamp, payload, newest, now)
        self.octets += len(payload)

    @abstractmethod
    def forward(
        self, mark: int, ext: int, stamp: int, payload: vp8.Bytes, newest: bool, now: float
    ) -> None:
        """Send it on to every lane; a lane that waits begins with what it can begin with."""

    def missed(self, first: int, end: int, now: float) -> None:  # noqa: B027
        """From `first` until before `end` nothing came. A voice repairs that from what it sends
        anyway."""

    def resend(self, lane: Lane, ext: int) -> bool:
        """Send a packet once more, if it is still kept. A voice keeps none."""
        return False

    def measure(self) -> None:
        """How much came and how much did not; to be called once a second."""
        expected = self.top - self.first + 1 if self.top >= 0 else 0
        expected_before, received_before = self._measured
        self._measured = expected, self.received
        asked, came = expected - expected_before, self.received - received_before
        self.loss = max(0.0, 1 - came / asked) if asked > 0 else 0.0
        self.bits += (8 * self._came - self.bits) * _SMOOTH
        self._came = 0

    def _begin(self, ext: int, stamp: int) -> None:
        """This packet is one to begin with: for all who wait, it is the first."""
        beginning, self.waiting = self.waiting, []
        for lane in beginning:
            lane.begin(self, ext, stamp)
        self.lanes += beginning

    def capture(self, stamp: int) -> float:
        """When that was said or seen, in our monotonic seconds, as well as we know."""
        arrived = self.top_at + signed(stamp - self.top_stamp) / self.rate
        report, offset = self._report, self.clock.offset
        if report is None or offset is None:
            return arrived
        at = report.ntp + signed(stamp - report.timestamp) / self.rate + offset
        # A report may say anything; nothing was captured after it arrived, or long before.
        return at if arrived - _OLDEST_S <= at <= arrived else arrived

    def stamp_at(self, at: float) -> int:
        """The timestamp that belongs to that moment."""
        return self.top_stamp + int((at - self.capture(self.top_stamp)) * self.rate)

    def heard_report(self, report: rtcp.SenderReport, now: float) -> None:
        """The browser told its clock."""
        self._report, self._report_at = report, now
        self.clock.report(report.ntp, now)

    def block(self, now: float) -> rtcp.Block | None:
        """Our receiver report about it, since the last one; None before the first packet."""
        if self.ssrc is None or self.top < 0:
            return None
        expected = self.top - self.first + 1
        expected_before, received_before = self._told
        self._told = (expected, self.received)
        asked = expected - expected_before
        missing = asked - (self.received - received_before)
        fraction = min(255, missing * 256 // asked) if asked > 0 and missing > 0 else 0
        middle = delay = 0
        if self._report is not None:
            middle = self._report.middle
            delay = int((now - self._report_at) * 65536) & 0xFFFFFFFF
        lost = max(0, min(0x7FFFFF, expected - self.received))
        highest = (self.top - 0x10000) & 0xFFFFFFFF
        return rtcp.Block(self.ssrc, fraction, lost, highest, int(self.jitter), middle, delay)


class Voice(Source):
    """Opus at 48 kHz, redundant or not. Any packet is one to begin with."""

    rate = 48000
    red_type = -1

    def may_repeat(self, red_type: int) -> None:
        """Packets of that type carry the frames before them once more."""
        self.red_type, self.told = red_type, 0xFF

    def forward(
        self, mark: int, ext: int, stamp: int, payload: vp8.Bytes, newest: bool, now: float
    ) -> None:
        kind, mark, parts = mark & 0x7F, mark & 0x80, None
        if kind == self.red_type:
            parts = red.read(payload, OPUS)
            if parts is None:
                return
        lanes = self.lanes
        if newest:
            if self.waiting:
                self._begin(ext, stamp)
                mark = 0x80
        else:
            lanes = [lane for lane in lanes if ext >= lane.first]
        if parts is not None:
            # What was said before a lane began is not for it, and some can't read more than Opus.
            since = stamp - parts.oldest
            whole = [n for n in lanes if n.redundant and not since - n.began & 0x80000000]
            self._send(whole, mark, ext, stamp, payload, RED)
            lanes = [lane for lane in lanes if lane not in whole]
            payload = payload[parts.primary_at :]
        self._send(lanes, mark, ext, stamp, payload)

    def _send(
        self,
        lanes: Sequence[Lane],
        mark: int,
        ext: int,
        stamp: int,
        payload: vp8.Bytes,
        kind: int = 0,
    ) -> None:
        """`kind`: another payload type than the lane's own."""
        pack, payload_end, seat = HEADER.pack_into, 12 + len(payload), self.seat
        for lane in lanes:
            pack(
                TX, 0, 0x80, (kind or lane.payload_type) | mark, (ext + lane.seq_offset) & 0xFFFF,
                (stamp + lane.stamp_offset) & 0xFFFFFFFF, lane.ssrc,
            )  # fmt: skip
            TX[12:payload_end] = payload
            LENGTH[0] = payload_end
            if protect(lane.context, TX_MEMORY, LENGTH) == 0:
                try:
                    lane.send(TX[: LENGTH[0]])
                except OSError as why:
                    if not lane.refused(why, TX[: LENGTH[0]]):
                        continue  # The browser is gone: the packet is lost.
                lane.sent[seat] += 1


class Picture(Source):
    """VP8 or H264 at 90 kHz. One begins with a keyframe, and asks for it."""

    rate = 90000
    codec = "vp8"

    def __init__(
        self,
        seat: str,
        clock: UpClock,
        ask: Callable[[int], None],
        ask_again: Callable[[int, list[int]], None],
    ) -> None:
        super().__init__(seat, clock)
        self._ask = ask
        self._ask_again = ask_again
        self._asked_at = -1.0
        self.top_picture = 0
        self.top_tl0 = 0
        self._gaps = Gaps()
        self._ring: list[tuple[int, int, int, int, bytes, vp8.Descriptor] | None] = [None] * _RING
        """What was sent on lately. Whose it was is not said here: a lane asks only for what came
        after its own first packet, so nobody gets what was sent before he saw this person."""

    def _describe(self, payload: bytes) -> tuple[bytes, vp8.Descriptor]:
        if self.codec != "vp8":
            return payload, h264.describe(payload)
        described = vp8.describe(payload)
        if described is None:
            return payload, vp8.NOTHING  # Padding; it keeps its number and means nothing.
        if described.picture_at and not described.wide:
            nearest = signed_7(described.picture - self.top_picture) + self.top_picture
            return vp8.widen(payload, described, nearest & 0x7FFF)
        return payload, described

    def want(self, now: float, *, patience: float = ASK_AGAIN_S) -> None:
        """Ask the browser for a keyframe, unless that was done just now."""
        if self.ssrc is not None and now - self._asked_at >= patience:
            self._asked_at = now
            self._ask(self.ssrc)

    def let_go(self) -> None:
        """Its link is closed: ask for nothing more, and be in no circle with it."""
        self._ask = self._ask_again = _nobody

    def missed(self, first: int, end: int, now: float) -> None:
        numbers = self._gaps.opened(first, end, now)
        if self.ssrc is not None and numbers:
            self._ask_again(self.ssrc, numbers)

    def every_tenth(self, now: float) -> None:
        """Ask once more for what has not come."""
        if self._gaps and self.ssrc is not None and (numbers := self._gaps.again(now)):
            self._ask_again(self.ssrc, numbers)

    def forward(
        self, mark: int, ext: int, stamp: int, payload: vp8.Bytes, newest: bool, now: float
    ) -> None:
        whole, described = self._describe(bytes(payload))
        lanes = self.lanes
        if newest:
            if described.picture_at:
                self.top_picture = described.picture
            if described.tl0_at:
                self.top_tl0 = described.tl0
            if self.waiting:
                if described.keyframe:
                    self._begin(ext, stamp)
                else:
                    self.want(now)
        else:
            self._gaps.closed(ext)
            lanes = [lane for lane in lanes if ext >= lane.first]
        sent_at = SEND_TIME | int(now * SEND_TIME_TICKS) & 0xFFFFFF
        self._ring[ext % _RING] = ext, mark, stamp, sent_at, whole, described
        self._send(lanes, mark, ext, stamp, sent_at, whole, described)

    def resend(self, lane: Lane, ext: int) -> bool:
        kept = self._ring[ext % _RING]
        if kept is None or kept[0] != ext:
            return False
        _, mark, stamp, sent_at, payload, described = kept
        # Octet for octet as before, or it would break the key: the time of sending, too.
        self._send((lane,), mark, ext, stamp, sent_at, payload, described)
        return True

    def _send(
        self,
        lanes: Sequence[Lane],
        mark: int,
        ext: int,
        stamp: int,
        sent_at: int,
        payload: bytes,
        described: vp8.Descriptor,
    ) -> None:
        _, picture, picture_at, _, tl0, tl0_at = described
        pack, payload_end, seat = PICTURE_HEADER.pack_into, _PAYLOAD + len(payload), self.seat
        picture_at += _PAYLOAD
        tl0_at += _PAYLOAD
        for lane in lanes:
            pack(
                TX, 0, 0x90, lane.payload_type | mark, (ext + lane.seq_offset) & 0xFFFF,
                (stamp + lane.stamp_offset) & 0xFFFFFFFF, lane.ssrc, 0xBEDE0001, sent_at,
            )  # fmt: skip
            TX[_PAYLOAD:payload_end] = payload
            if picture_at != _PAYLOAD:
                number = picture + lane.picture_offset
                TX[picture_at] = 0x80 | number >> 8 & 0x7F
                TX[picture_at + 1] = number & 0xFF
            if tl0_at != _PAYLOAD:
                TX[tl0_at] = (tl0 + lane.tl0_offset) & 0xFF
            LENGTH[0] = payload_end
            if protect(lane.context, TX_MEMORY, LENGTH) == 0:
                try:
                    lane.send(TX[: LENGTH[0]])
                except OSError as why:
                    if not lane.refused(why, TX[: LENGTH[0]]):
                        continue
                lane.sent[seat] += 1


def _nobody(*_: object) -> None:
    """Who is asked for something by a link that is closed."""


def signed_7(difference: int) -> int:
    """The difference of two 7-bit picture ids."""
    return ((difference + 64) & 0x7F) - 64
