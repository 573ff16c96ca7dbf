"""Real sound and pictures: a tone and a colour for each person."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np

from recordings.recording import Recording
from tests.recordings.simulation import (
    SECOND,
    START,
    add,
    picture,
    rtp,
    sender_report,
    voice,
    vp8_packets,
)

FPS = 10


def tone(hertz: float, seconds: int) -> list[bytes]:
    """Opus packets of 20 ms."""
    codec = av.CodecContext.create("libopus", "w")
    codec.sample_rate, codec.layout, codec.format = 48000, "mono", "s16"
    codec.time_base = Fraction(1, 48000)
    time = np.arange(48000 * seconds) / 48000
    wave = (np.sin(2 * np.pi * hertz * time) * 12000).astype(np.int16).reshape(1, -1)
    packets: list[bytes] = []
    for start in range(0, wave.shape[1], 960):
        frame = av.AudioFrame.from_ndarray(wave[:, start : start + 960], "s16", "mono")
        frame.sample_rate, frame.pts = 48000, start
        packets += [bytes(p) for p in codec.encode(frame)]
    return packets


def colour(rgb: tuple[int, int, int], seconds: int) -> list[bytes]:
    """VP8 pictures, ten a second, one of each second whole in itself."""
    codec = av.CodecContext.create("libvpx", "w")
    codec.width, codec.height, codec.pix_fmt = 160, 96, "yuv420p"
    codec.time_base = Fraction(1, FPS)
    codec.options = {"deadline": "realtime", "g": str(FPS), "lag-in-frames": "0"}
    pictures: list[bytes] = []
    for n in range(seconds * FPS):
        image = np.full((96, 160, 3), rgb, np.uint8)
        image[:, n % 160] = 255
        frame = av.VideoFrame.from_ndarray(image, "rgb24").reformat(format="yuv420p")
        frame.pts, frame.time_base = n, Fraction(1, FPS)
        pictures += [bytes(p) for p in codec.encode(frame)]
    return pictures


def speak(
    made: Recording, person: str, first: int, hertz: float, rgb: tuple[int, int, int], seconds: int
) -> Iterator[int]:
    """Give a person's voice (track `first`) and picture (the next) to a recording, second by
    second; yields after each."""
    made.track(voice(first, person), START)
    made.track(picture(first + 1, person), START)
    sounds, pictures = tone(hertz, seconds), colour(rgb, seconds)
    seq = 0
    for second in range(seconds):
        at = START + second * SECOND
        made.report(first, at, sender_report(3.9e9 + second, second * 48000))
        made.report(first + 1, at, sender_report(3.9e9 + second, second * 90000))
        for n in range(second * 50, second * 50 + 50):
            add(made, first, rtp(n, n * 960, sounds[n]), START + n * 20_000)
        for n in range(second * FPS, second * FPS + FPS):
            for packet in vp8_packets(pictures[n], seq, n * 9000):
                add(made, first + 1, packet, START + n * SECOND // FPS)
                seq += 1
        yield second
