"""People whose packets are handed to a tap at the pace of a call, in a process of its own.

`python -m bench.taping SOCKET RECORDING PEOPLE`; told `{"seconds": …, "tap": true}` it sends for so
long and says what that cost it. Without the tap it does all but that: what the pace itself costs.
"""

from __future__ import annotations

import json
import struct
import sys
import time
from pathlib import Path

from bench.media import AUDIO_RATE, FRAME_RATE, Reel, make_reel
from recordings.tap import Tap, connect, now
from recordings.track import Track

TICK = 1 / AUDIO_RATE


class Person:
    def __init__(self, number: int, reel: Reel) -> None:
        self.voice, self.picture = 2 * number + 1, 2 * number + 2
        self._reel, self._seq, self._frame, self._sound = reel, 0, 0, 0

    def tracks(self) -> list[Track]:
        who = f"seat-{self.voice}"
        return [
            Track(self.voice, who, "audio", "opus", 48000, who),
            Track(self.picture, who, "video", "vp8", 90000, who),
        ]

    def due(self) -> list[tuple[int, bytes]]:
        """What comes in one fiftieth of a second."""
        audio, video = self._reel.audio, self._reel.video
        n, self._sound = self._sound, self._sound + 1
        packets = [(self.voice, _rtp(111, n, n * 960, 1, False) + audio[n % len(audio)])]
        while self._frame * AUDIO_RATE <= n * FRAME_RATE:
            frame = video[self._frame % len(video)]
            stamp = self._frame * 90000 // FRAME_RATE
            for i, payload in enumerate(frame.payloads):
                last = i == len(frame.payloads) - 1
                packets.append((self.picture, _rtp(96, self._seq, stamp, 2, last) + payload))
                self._seq += 1
            self._frame += 1
        return packets


def _rtp(kind: int, seq: int, stamp: int, ssrc: int, marker: bool) -> bytes:
    second = kind | (0x80 if marker else 0)
    return struct.pack(">BBHII", 0x80, second, seq & 0xFFFF, stamp & 0xFFFFFFFF, ssrc)


def run(people: list[Person], tap: Tap | None, seconds: float) -> dict[str, float]:
    """At the pace of a call; a tick that is late is made up for."""
    cpu, sent, dropped = time.process_time(), 0, tap.dropped if tap else 0
    began = time.monotonic()
    for tick in range(int(seconds * AUDIO_RATE)):
        at = now()
        for person in people:
            for track, packet in person.due():
                sent += len(packet)
                if tap is not None:
                    tap.packet(track, packet, at)
        time.sleep(max(0.0, began + (tick + 1) * TICK - time.monotonic()))
    if tap is not None:
        tap.flush()
    lost = tap.dropped - dropped if tap else 0
    return {"cpu": time.process_time() - cpu, "bytes": sent, "dropped": lost}


def main(socket: str, recording: int, count: int) -> None:
    people = [Person(number, reel) for number, reel in enumerate([make_reel()] * count)]
    tap = Tap(connect(Path(socket)), recording)
    for person in people:
        for track in person.tracks():
            tap.track(track)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        done = run(people, tap if asked["tap"] else None, asked["seconds"])
        print(json.dumps(done), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
