"""One person's voice and picture as a WebM file that is made as it is read.

Its size and every place in it follow from the sizes of the sealed parts alone, so a browser may ask
for any range of bytes at once: only the segments that lie in it are opened. Every person's file has
the same time, and a voice that says nothing is filled with silence, so that several of them played
from one place are in step.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from recordings import opus, record, vp8, webm
from recordings.clocks import Line
from recordings.index import Index
from recordings.record import Packet
from recordings.segment import SegmentFile, file_name
from recordings.track import Track
from recordings.webm import AUDIO, VIDEO, Block, Shape

GROUP = 4
"""Segments to a cluster."""
LATE_VOICE, LATE_PICTURE = 2 * 1024, 16 * 1024
"""Room for what belongs to a cluster and came so late that it lies in the segment after it."""
_REMEMBERED = 8
_DEFAULT_SIZE = (640, 360)
_SILENT_BLOCK = len(opus.SILENCE) + webm.BLOCK_ROOM


class Film:
    """`kind` is `video` (the camera) or `screen`. A person of whom there is neither voice nor
    picture has an empty film."""

    def __init__(self, folder: Path, key: bytes, index: Index, person: str, kind: str = "video"):
        self._folder, self._key, self._index = folder, key, index
        self._voices = index.of(person, "audio") if kind == "video" else []
        self._pictures = index.of(person, kind)
        self._lines: dict[int, Line] = {}
        self._made: OrderedDict[int, bytes] = OrderedDict()
        self.left_out = 0
        """Pictures and sounds of the clusters read so far that came later than there is room
        for."""
        self._groups = range(0, len(index.spans), GROUP)
        rooms = [self._room(first) for first in self._groups]
        self._head = webm.head(
            Shape(
                bool(self._voices),
                self._dimensions() if self._pictures else None,
                index.duration // 1000,
                tuple(
                    (index.start(first) // 1000, room, self._begins(first))
                    for first, room in zip(self._groups, rooms, strict=True)
                ),
            )
        )
        self._rooms = rooms
        self._places = list(accumulate(rooms, initial=len(self._head)))

    @property
    def size(self) -> int:
        return self._places[-1]

    @property
    def clusters(self) -> int:
        return len(self._rooms)

    def read(self, first: int, end: int) -> Iterator[bytes]:
        """The bytes from `first` until before `end`, in pieces. Raises Damaged and OSError."""
        end = min(end, self.size)
        if first < len(self._head):
            yield self._head[first:end]
        n = max(bisect_right(self._places, first) - 1, 0)
        while n < len(self._rooms) and self._places[n] < end:
            at = self._places[n]
            yield self.cluster(n)[max(first - at, 0) : end - at]
            n += 1

    def cluster(self, n: int) -> bytes:
        if n in self._made:
            self._made.move_to_end(n)
            return self._made[n]
        first = self._groups[n]
        blocks = self.blocks(n)
        made, out = webm.cluster(self._index.start(first) // 1000, blocks, self._rooms[n])
        self.left_out += out
        self._made[n] = made
        if len(self._made) > _REMEMBERED:
            self._made.popitem(last=False)
        return made

    def blocks(self, n: int) -> list[Block]:
        """What is said and seen in a cluster, in order."""
        first = self._groups[n]
        window = _Window(self._folder, self._key, first, self._end(first), len(self._index.spans))
        found = self._sounds(window) if self._voices else []
        for track in self._pictures:
            found += self._frames(window, track)
        return sorted(found, key=lambda block: block.at)

    # -- sound

    def _sounds(self, window: _Window) -> list[Block]:
        before, within = [], []
        for track in self._voices:
            for packet, home in window.packets(track.number):
                lasting = opus.lasts(packet.payload)
                sound = (self._at(track, packet, home), lasting, bytes(packet.payload))
                if home < window.first:
                    before.append(sound)
                elif home < window.end:
                    within.append(sound)
        within.sort()
        begins, ends = self._index.start(window.first), self._index.start(window.end)
        at = max((at + lasting for at, lasting, _ in before), default=begins)
        blocks = []
        # What the last segment ends with is filled up by the cluster after it.
        quiet = not window.has_any(self._voices, window.end - 1)
        for moment, lasting, content in [*within, *([(ends, 0, b"")] if quiet else [])]:
            while moment - at >= opus.SILENCE_LASTS:
                blocks.append(Block(AUDIO, at // 1000, True, opus.SILENCE))
                at += opus.SILENCE_LASTS
            if content:
                blocks.append(Block(AUDIO, moment // 1000, True, content))
            at = max(at, moment + lasting)
        return blocks

    # -- pictures

    def _frames(self, window: _Window, track: Track) -> Iterator[Block]:
        """Those that came whole and begin in this cluster; none before the first that needs no
        other, with which nobody could begin."""
        packets, keys = window.packets(track.number), self._index.keys.get(track.number) or []
        begin, begun = 0, bool(keys) and keys[0] < window.first
        for n, (packet, _) in enumerate(packets):
            more = n + 1 < len(packets) and packets[n + 1][0].stamp == packet.stamp
            if more:
                continue
            of_one = packets[begin : n + 1]
            begin = n + 1
            first, home = of_one[0]
            if not window.first <= home < window.end or not _in_a_row(of_one):
                continue
            frame = vp8.picture([packet for packet, _ in of_one])
            begun = begun or (frame is not None and not frame[0] & 1)
            if frame and begun:
                at = self._at(track, first, home) // 1000
                yield Block(VIDEO, at, not frame[0] & 1, frame)

    def _at(self, track: Track, packet: Packet, home: int) -> int:
        """Where it is in the time of playing."""
        line = self._lines.get(track.number)
        if line is None:
            line = self._lines[track.number] = self._line(track)
        home = min(max(home, 0), len(self._index.spans) - 1)
        return self._index.position(line.capture(packet.stamp, packet.at), home)

    def _line(self, track: Track) -> Line:
        anchors = self._index.anchors.get(track.number)
        if anchors:
            return Line(track.rate, anchors)
        # It never told its clock: whatever waited least in its first segment.
        for n, sizes in enumerate(self._index.sizes):
            if track.number in sizes:
                found = _Window(self._folder, self._key, n, n + 1, n + 1).packets(track.number)
                if found:
                    ahead = Line(track.rate, [(found[0][0].stamp, 0)])
                    least = min(p.at - ahead.capture(p.stamp, 0) for p, _ in found)
                    return Line(track.rate, [(found[0][0].stamp, least)])
        return Line(track.rate, [(0, self._index.clock)])

    # -- sizes

    def _end(self, first: int) -> int:
        return min(first + GROUP, len(self._index.spans))

    def _room(self, first: int) -> int:
        room = webm.CLUSTER_ROOM
        tracks = {t.number for t in (*self._voices, *self._pictures)}
        for sizes in self._index.sizes[first : self._end(first)]:
            room += sum(size for track, size in sizes.items() if track in tracks)
        if self._voices:
            lasting = self._index.start(self._end(first)) - self._index.start(first)
            quiet = lasting // opus.SILENCE_LASTS + 1_500_000 // opus.SILENCE_LASTS
            room += LATE_VOICE + quiet * _SILENT_BLOCK
        return room + (LATE_PICTURE if self._pictures else 0)

    def _begins(self, first: int) -> bool:
        """Whether one may begin to play there: there is a whole picture, or none is expected."""
        if not self._pictures or first == 0:
            return True
        keys = (key for t in self._pictures for key in self._index.keys.get(t.number, ()))
        return any(first <= key < self._end(first) for key in keys)

    def _dimensions(self) -> tuple[int, int]:
        for track in self._pictures:
            for n in self._index.keys.get(track.number, ())[:3]:
                window = _Window(self._folder, self._key, n, n + 1, len(self._index.spans))
                for packet, _ in window.packets(track.number):
                    size = vp8.descriptor(packet.payload)
                    if size and vp8.begins_key(packet.payload):
                        return vp8.dimensions(bytes(packet.payload[size:])) or _DEFAULT_SIZE
        return _DEFAULT_SIZE


class _Window:
    """The segments of a cluster, with the one before (to know what is its) and the one after (for
    what came late)."""

    def __init__(self, folder: Path, key: bytes, first: int, end: int, count: int) -> None:
        self.first, self.end, self._key = first, end, key
        numbers = range(max(first - 1, 0), min(end + 1, count))
        self._files = {n: SegmentFile(folder / file_name(n)) for n in numbers}

    def has_any(self, tracks: Sequence[Track], n: int) -> bool:
        found = {part.track for part in self._files[n].header.parts}
        return any(track.number in found for track in tracks)

    def packets(self, track: int) -> list[tuple[Packet, int]]:
        """In the order of sending, each once, with the segment it belongs to: the first one that
        has it or one sent after it."""
        came: dict[int, tuple[Packet, int]] = {}
        top: int | None = None
        for n, file in self._files.items():
            for found in record.read(file.open(self._key, track)):
                packet = record.packet_of(found) if found.kind == record.RTP else None
                if packet is None:
                    continue
                top = packet.seq + 0x10000 if top is None else top
                ext = top + ((packet.seq - top + 0x8000) & 0xFFFF) - 0x8000
                top = max(top, ext)
                came.setdefault(ext, (packet, n))
        ordered, home = [], len(self._files) + self.end
        for ext in sorted(came, reverse=True):
            packet, n = came[ext]
            home = min(home, n)
            ordered.append((ext, packet, home))
        ordered.reverse()
        return [(packet._replace(seq=ext), home) for ext, packet, home in ordered]


def _in_a_row(packets: Sequence[tuple[Packet, int]]) -> bool:
    return packets[-1][0].seq - packets[0][0].seq == len(packets) - 1
