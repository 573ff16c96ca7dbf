"""A slot of a down link: one person's voice and picture, whoever that is just now.

To the browser a lane is one stream that never ends. Switching its source must therefore go on
where the last one stopped: the next sequence number, a timestamp as much later as time has passed,
the next picture id. All of that is settled once, at `begin`, as offsets to the source's numbers.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from signaling.media import rtcp
from signaling.media.packet import HEADER, LENGTH, TX, TX_MEMORY, protect
from signaling.media.source import Picture, Source, signed

_SILENCE = b"\xf8\xff\xfe"
"""An Opus frame of 20 ms in which nothing is said."""
_SILENCES = 3
"""Enough for Chromium's concealment to have nothing to repeat; each one more delays who comes next,
because the next voice cannot begin before the silence is over."""
_SILENCE_TICKS = 960


def _nowhere(datagram: memoryview) -> None:
    raise OSError("the link is not connected")


def _lost(why: OSError, datagram: memoryview) -> bool:
    return False


class Lane:
    """One stream of a down link.

    It *runs* while packets of its source go out. Another one is *awaited* until it sends what one
    can begin with: nothing runs meanwhile, unless it is the same person's other layer.
    """

    __slots__ = (
        "_due", "_last", "_least", "_next_picture", "_next_seq", "_next_tl0", "_octets", "_packets",
        "_rate", "_since", "_skipped", "_stamp", "awaited", "began", "cname", "context", "first",
        "payload_type", "picture_offset", "redundant", "refused", "running", "send", "sent",
        "seq_offset", "source", "ssrc", "stamp_offset", "tl0_offset", "types",
    )  # fmt: skip

    def __init__(self, payload_type: int, rate: int, cname: str) -> None:
        self.payload_type = payload_type
        self.types = {"vp8": payload_type}
        """Of pictures: the payload types that its receiver reads."""
        self.redundant = False
        """Its receiver reads redundant voices."""
        self.cname = cname
        self.ssrc = 2 + secrets.randbelow(0xFFFFFFFF - 2)
        self.context: Any = None
        self.send: Callable[[memoryview], object] = _nowhere
        self.refused: Callable[[OSError, memoryview], bool] = _lost
        """What becomes of a packet that could not be sent; whether it is sent later."""
        self.source: Source | None = None
        """Whose packets were sent last, while they may be asked for again."""
        self.awaited: Source | None = None
        self.running = False
        self.first = 0
        """The first packet of this source that was sent; older ones would reuse numbers."""
        self.began = 0
        """And its timestamp, the source's own."""
        self._last = 0
        """The last one, once it does not run any more."""
        self.sent: defaultdict[str, int] = defaultdict(int)
        """Packets, by the seat they came from; counted by the source in the same step as the
        sending, so that it tells what was done and not what was meant."""
        self.seq_offset = self.stamp_offset = self.picture_offset = self.tl0_offset = 0
        self._packets = self._octets = self._skipped = 0
        self._rate = rate
        self._least = rate // 100
        self._next_seq = secrets.randbelow(0x8000)
        self._stamp = secrets.randbelow(0x80000000)
        self._since: float | None = None
        self._due = -self._least
        self._next_picture = secrets.randbelow(0x4000)
        self._next_tl0 = secrets.randbelow(0x100)

    def attach(self, source: Source, now: float) -> None:
        """Carry that source from its next packet on that one can begin with; or nothing, if its
        receiver can't read it."""
        if (self.source is not None and self.source.seat != source.seat) or not self.reads(source):
            self.detach()
        if source is (self.awaited or (self.source if self.running else None)):
            return
        self._wait_no_more()
        if (self.running and source is self.source) or not self.reads(source):
            return
        self.awaited = source
        source.waiting.append(self)
        if isinstance(source, Picture):
            source.want(now)

    def reads(self, source: Source) -> bool:
        """Whether its receiver can."""
        return not isinstance(source, Picture) or source.codec in self.types

    def begin(self, source: Source, ext: int, stamp: int) -> None:
        """Called by the source with its first packet for us; settles the offsets."""
        self._halt()
        self.source, self.awaited, self.running = source, None, True
        at = source.capture(stamp)
        if self._since is None:
            self._since = at
        # On one line through all sources, so that being early once is not kept for ever; but never
        # backwards, nor the same number twice.
        due = int((at - self._since) * self._rate)
        self._due = max(due, self._due + self._least)
        self.first, self.began = ext, stamp
        self.seq_offset = self._next_seq - ext
        self.stamp_offset = self._stamp + self._due - stamp
        if isinstance(source, Picture):
            self.payload_type = self.types[source.codec]
            self.picture_offset = self._next_picture - source.top_picture
            self.tl0_offset = self._next_tl0 - source.top_tl0
        self._skipped = source.octets

    def pause(self) -> None:
        """Send nothing more; what was sent may still be asked for again."""
        self._wait_no_more()
        self._halt()

    def detach(self) -> None:
        """Carry nothing. When this returns, nothing of the source is sent any more."""
        self._wait_no_more()
        source, ran = self.source, self.running
        self._halt()
        self.source = None
        if ran and not isinstance(source, Picture):
            self._fall_silent()

    def resend(self, number: int) -> bool:
        """Send a packet again that was lost on its way, if it is one of this source's: it began
        with `first`, and whoever was here before is not to be seen again. Whether it was sent."""
        source = self.source
        if source is None:
            return False
        top = source.top if self.running else self._last
        ext = top - (top + self.seq_offset - number & 0xFFFF)
        return ext >= self.first and source.resend(self, ext)

    @property
    def octets(self) -> int:
        """Of payloads, since the start."""
        running = self.source.octets - self._skipped if self.source and self.running else 0
        return self._octets + running

    @property
    def packets(self) -> int:
        """Since the start, sent again or not."""
        return self._packets + sum(self.sent.values())

    def report(self, now: float) -> bytes:
        """What tells the browser how this stream's timestamps lie in time; empty while unused."""
        source = self.source
        if source is None or not self.running:
            return b""
        stamp = source.stamp_at(now) + self.stamp_offset
        report = rtcp.sender_report(self.ssrc, now, stamp, self.packets, self.octets)
        return report + rtcp.name(self.ssrc, self.cname)

    def _wait_no_more(self) -> None:
        if self.awaited is not None:
            self.awaited.waiting.remove(self)
            self.awaited = None

    def _halt(self) -> None:
        """Take it out of where packets go, and remember where its numbers stopped."""
        source = self.source
        if source is None or not self.running:
            return
        source.lanes.remove(self)
        self._octets = self.octets
        self.running = False
        self._last = source.top
        self._next_seq = source.top + self.seq_offset + 1
        sent = source.top_stamp + self.stamp_offset - self._stamp
        self._due += signed(sent - self._due)
        if isinstance(source, Picture):
            self._next_picture = source.top_picture + self.picture_offset + 1
            self._next_tl0 = source.top_tl0 + self.tl0_offset + 1

    def take_sent(self) -> dict[str, int]:
        """What `sent` counted since the last call."""
        taken = dict(self.sent)
        self._packets += sum(taken.values())
        self.sent.clear()
        return taken

    def _fall_silent(self) -> None:
        # Without these the browser's concealment speaks on with the voice of who has left.
        for _ in range(_SILENCES):
            self._due += _SILENCE_TICKS
            HEADER.pack_into(
                TX, 0, 0x80, self.payload_type, self._next_seq & 0xFFFF,
                (self._stamp + self._due) & 0xFFFFFFFF, self.ssrc,
            )  # fmt: skip
            self._next_seq += 1
            end = 12 + len(_SILENCE)
            TX[12:end] = _SILENCE
            LENGTH[0] = end
            if protect(self.context, TX_MEMORY, LENGTH) == 0:
                try:
                    self.send(TX[: LENGTH[0]])
                except OSError:
                    return


class Slot:
    """A voice and a picture lane that go together."""

    def __init__(self, number: int, voice_type: int, picture_type: int) -> None:
        cname = f"slot-{number}"
        self.voice = Lane(voice_type, 48000, cname)
        self.picture = Lane(picture_type, 90000, cname)
