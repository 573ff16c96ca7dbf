"""A long meeting in no time, and how far out of step its films are."""

from __future__ import annotations

import struct
from pathlib import Path

from recordings.film import Film
from recordings.index import Index
from recordings.recording import Recording
from recordings.track import Track
from tests.recordings.simulation import (
    KEY,
    SECOND,
    START,
    Sender,
    add,
    fake_frame,
    recording,
    rtp,
    sender_report,
    vp8_packets,
)

A_SECOND = 2
"""Voices and pictures of everybody."""

Errors = dict[tuple[str, int], list[float]]
"""Of every person's voice and picture: milliseconds between where it is and where it belongs."""


class Meeting:
    """Three people with bad clocks and networks, and two pauses."""

    PAUSES = ((600, 725), (1200, 1203))
    PEOPLE = (
        Sender(1, ahead=-3e5, drift=80, delay=12_000, jitter=8_000, loss=0.02, stamp0=0xFFFF0000),
        Sender(2, ahead=12.5, drift=-60, delay=30_000, jitter=15_000, loss=0.1, stamp0=77),
        Sender(3, ahead=0.0, drift=5, delay=42_000, jitter=10_000, loss=0.05, stamp0=2**31),
    )

    def __init__(self, folder: Path, minutes: int) -> None:
        self._seconds = minutes * 60
        self.made = recording(folder)
        self.seq = [0] * 6
        for n, person in enumerate("abc"):
            clock = f"link-{person}"
            self.made.track(Track(2 * n, person, "audio", "opus", 48000, clock), START)
            self.made.track(Track(2 * n + 1, person, "video", "vp8", 90000, clock), START)

    def run(self) -> Recording:
        for second in range(self._seconds):
            at = START + second * SECOND
            if any(second == begins for begins, _ in self.PAUSES):
                self.made.keep(self.made.pause(at, "somebody came"))
            if any(second == ends for _, ends in self.PAUSES):
                self.made.resume(at)
            if not self.made.paused:
                for n, sender in enumerate(self.PEOPLE):
                    self._second(n, sender, at, second)
                self.made.keep(self.made.take(at + SECOND))
            else:  # Who goes on speaking goes on counting.
                self.seq = [seq + A_SECOND for seq in self.seq]
        self.made.keep(self.made.end(START + self._seconds * SECOND, "done"))
        return self.made

    def _second(self, n: int, sender: Sender, begins: int, second: int) -> None:
        sent = []
        for at in range(begins, begins + SECOND, SECOND // A_SECOND):
            when = struct.pack(">Q", at)
            voice = rtp(self._next(2 * n), sender.stamp(at, 48000), b"\xf8" + when)
            frame = fake_frame(900, key=at == begins and second % 10 == 0) + when
            stamp = sender.stamp(at, 90000)
            (picture,) = vp8_packets(frame, self._next(2 * n + 1), stamp)
            sent += [(2 * n, at, voice), (2 * n + 1, at, picture)]
        for track, rate in ((2 * n, 48000), (2 * n + 1, 90000)):
            report = sender_report(sender.ntp(begins), sender.stamp(begins, rate))
            if (second % 2 or track % 2) and (arrived := sender.arrives(begins)):
                self.made.report(track, arrived, report)
        for track, at, packet in sent:
            if arrived := sender.arrives(at):
                add(self.made, track, packet, arrived)

    def _next(self, track: int) -> int:
        self.seq[track] += 1
        return self.seq[track]


def out_of_step(folder: Path, index: Index) -> Errors:
    """Every packet of a meeting says when it was captured. Raises AssertionError where a film goes
    back in time."""
    errors: Errors = {}
    for person in index.people():
        film = Film(folder, KEY, index, person)
        last: dict[int, int] = {}
        for n in range(film.clusters):
            for block in film.blocks(n):
                assert block.at >= last.get(block.track, 0)
                last[block.track] = block.at
                if len(block.content) > 8:
                    (at,) = struct.unpack(">Q", block.content[-8:])
                    error = block.at - index.place(at) / 1000
                    errors.setdefault((person, block.track), []).append(error)
        assert film.left_out == 0
    return errors


def spread(errors: Errors) -> float:
    """Between the earliest and the latest of what belongs together, milliseconds."""
    return max(max(of) for of in errors.values()) - min(min(of) for of in errors.values())
