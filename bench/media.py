"""What every person in the bench sends: two seconds of real Opus and VP8, encoded once.

The payloads are real because the stock aiortc server decodes them; everyone else only carries
them. The rate is a camera's at 640x360: 50 audio and 85 video packets a second, 600 kbit/s.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction

import av

SECONDS = 2
AUDIO_RATE = 50
FRAME_RATE = 25
VIDEO_RATE = 85
VIDEO_BITS = 600_000
WIDTH, HEIGHT = 640, 360
AUDIO_CLOCK, VIDEO_CLOCK = 48_000, 90_000
MAX_CHUNK = 1_150
DESCRIPTOR = 4
"""Bytes of the VP8 descriptor used here: X, I, and a picture id of 15 bits."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture, cut into payloads that begin with a descriptor whose picture id is zero."""

    payloads: tuple[bytes, ...]
    keyframe: bool


@dataclass(frozen=True, slots=True)
class Reel:
    """Two seconds of sound and picture, to be sent again and again; it begins with a keyframe."""

    audio: tuple[bytes, ...]
    video: tuple[Frame, ...]

    def known(self) -> frozenset[bytes]:
        """Every payload without what a forwarder may rewrite, to tell what arrives intact."""
        pictures = (p[DESCRIPTOR:] for frame in self.video for p in frame.payloads)
        return frozenset(self.audio) | frozenset(pictures)


def make_reel() -> Reel:
    """Encode the reel; the same one each time, in a fifth of a second."""
    return Reel(audio=_opus(), video=_cut(_vp8()))


def _opus() -> tuple[bytes, ...]:
    codec = av.CodecContext.create("libopus", "w")
    assert isinstance(codec, av.AudioCodecContext)
    codec.bit_rate, codec.sample_rate = 32_000, AUDIO_CLOCK
    codec.format, codec.layout = av.AudioFormat("s16"), av.AudioLayout("mono")
    codec.options = {"application": "voip", "vbr": "off"}
    noise = random.Random(1)
    samples = AUDIO_CLOCK // AUDIO_RATE
    payloads: list[bytes] = []
    # A few more than needed: the codec holds the first ones back.
    for index in range(SECONDS * AUDIO_RATE + 5):
        frame = av.AudioFrame(format="s16", layout="mono", samples=samples)
        frame.planes[0].update(noise.randbytes(samples * 2))
        frame.sample_rate, frame.pts = AUDIO_CLOCK, index * samples
        frame.time_base = Fraction(1, AUDIO_CLOCK)
        payloads += [bytes(packet) for packet in codec.encode(frame)]
    return tuple(payloads[: SECONDS * AUDIO_RATE])


def _vp8() -> list[bytes]:
    codec = av.CodecContext.create("libvpx", "w")
    assert isinstance(codec, av.VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    codec.bit_rate, codec.gop_size = VIDEO_BITS, 3_000
    codec.time_base = Fraction(1, FRAME_RATE)
    codec.thread_count = 1  # Its threads wait by spinning, which a busy machine pays for.
    codec.options = {
        "deadline": "realtime",
        "cpu-used": "-6",
        "lag-in-frames": "0",
        "minrate": str(VIDEO_BITS),
        "maxrate": str(VIDEO_BITS),
        "bufsize": str(VIDEO_BITS // 2),
    }
    noise = random.Random(2)
    # A textured picture that slides: enough to encode that the rate is really used.
    texture = bytes(noise.randrange(96, 160) for _ in range(WIDTH * 2))
    frames: list[bytes] = []
    for index in range(SECONDS * FRAME_RATE):
        frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
        rows = (texture[(row + index * 3) % WIDTH :][:WIDTH] for row in range(HEIGHT))
        frame.planes[0].update(b"".join(rows))
        for plane in frame.planes[1:]:
            plane.update(bytes([128]) * plane.buffer_size)
        frame.pts, frame.time_base = index, Fraction(1, FRAME_RATE)
        frames.append(b"".join(bytes(packet) for packet in codec.encode(frame)))
    return frames


def _cut(frames: list[bytes]) -> tuple[Frame, ...]:
    """Cut the pictures so that the reel has VIDEO_RATE packets a second, the largest ones most."""
    pieces = [-(-len(data) // MAX_CHUNK) for data in frames]
    while sum(pieces) < SECONDS * VIDEO_RATE:
        largest = max(range(len(frames)), key=lambda i: len(frames[i]) / pieces[i])
        pieces[largest] += 1
    return tuple(_frame(data, count) for data, count in zip(frames, pieces, strict=True))


def _frame(data: bytes, count: int) -> Frame:
    size = -(-len(data) // count)
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    payloads = (
        bytes([0x90 if i == 0 else 0x80, 0x80, 0x80, 0]) + chunk for i, chunk in enumerate(chunks)
    )
    # VP8, RFC 7741 section 4.3: the lowest bit of the first byte is 0 in a keyframe.
    return Frame(payloads=tuple(payloads), keyframe=not data[0] & 1)
