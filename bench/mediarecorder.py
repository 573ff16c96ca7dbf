"""PyAV's way as aiortc's `MediaRecorder` goes it: what is received is decoded, and encoded anew.

`python -m bench.mediarecorder FOLDER PEOPLE`; told `{"seconds": …}` it records everybody to a file
of their own for so long, at the pace of a call.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from fractions import Fraction
from pathlib import Path

import av
from aiortc.contrib.media import MediaRecorder
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

from bench.media import AUDIO_RATE, DESCRIPTOR, FRAME_RATE, Reel, make_reel


class Received(MediaStreamTrack):
    """A track of somebody who sends the reel again and again."""

    def __init__(self, kind: str, reel: Reel) -> None:
        self.kind = kind
        super().__init__()
        voice = kind == "audio"
        self._packets = (
            list(reel.audio)
            if voice
            else [b"".join(p[DESCRIPTOR:] for p in frame.payloads) for frame in reel.video]
        )
        codec = av.CodecContext.create("libopus" if voice else "vp8", "r")
        assert isinstance(codec, av.AudioCodecContext | av.VideoCodecContext)
        self._codec = codec
        self._rate, self._clock = (AUDIO_RATE, 48000) if voice else (FRAME_RATE, 90000)
        self._n = 0
        self._began = time.monotonic()

    async def recv(self) -> av.AudioFrame | av.VideoFrame:
        while self.readyState == "live":
            n, self._n = self._n, self._n + 1
            await asyncio.sleep(max(0.0, self._began + n / self._rate - time.monotonic()))
            for frame in self._codec.decode(av.Packet(self._packets[n % len(self._packets)])):
                frame.pts, frame.time_base = n * self._clock // self._rate, Fraction(1, self._clock)
                return frame
        raise MediaStreamError


async def record(folder: Path, people: int, reel: Reel, seconds: float) -> dict[str, float]:
    recorders = []
    for number in range(people):
        recorder = MediaRecorder(str(folder / f"{number}.webm"))
        recorder.addTrack(Received("audio", reel))
        recorder.addTrack(Received("video", reel))
        recorders.append(recorder)
    cpu = time.process_time()
    await asyncio.gather(*(recorder.start() for recorder in recorders))
    await asyncio.sleep(seconds)
    await asyncio.gather(*(recorder.stop() for recorder in recorders))
    return {"cpu": time.process_time() - cpu}


def main(folder: str, people: int) -> None:
    reel = make_reel()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        done = asyncio.run(record(Path(folder), people, reel, json.loads(line)["seconds"]))
        print(json.dumps(done), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
