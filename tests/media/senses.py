"""What a test's browser sends and what it takes in: tones and shades, to be told apart."""

from __future__ import annotations

import asyncio
import fractions
from collections import deque
from typing import Any

import numpy as np
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, VideoFrame

RATE = 48000
_FRAME = 960
FIRST_SHADE, SHADE_STEP = 30, 25
_WINDOW_FRAMES = 10
"""A tone is looked for in the last 200 ms."""


class Tone(MediaStreamTrack):
    """A sine of that frequency, paced by the clock; nothing at all while it rests."""

    kind = "audio"

    def __init__(self, hertz: float, loudness: float) -> None:
        super().__init__()
        self._hertz = hertz
        self.loudness = loudness
        """Of full scale."""
        self.sounds = asyncio.Event()
        self.sounds.set()
        self._sent = 0
        self.frames = 0
        self._begun: float | None = None

    async def recv(self) -> AudioFrame:
        loop = asyncio.get_running_loop()
        if not self.sounds.is_set():
            await self.sounds.wait()
            if self._begun is not None:
                self._sent = int((loop.time() - self._begun) * RATE / _FRAME) * _FRAME
        now = loop.time()
        if self._begun is None:
            self._begun = now
        await asyncio.sleep(self._begun + self._sent / RATE - now)
        at = (self._sent + np.arange(_FRAME)) / RATE
        wave = 32767 * self.loudness * np.sin(2 * np.pi * self._hertz * at)
        samples = wave.astype(np.int16)
        frame = AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts = RATE, self._sent
        frame.time_base = fractions.Fraction(1, RATE)
        self._sent += _FRAME
        self.frames += 1
        return frame


class Shade(MediaStreamTrack):
    """A grey picture, ten times a second: a small smooth one, or a rough one of some 200 kbit/s."""

    kind = "video"

    def __init__(self, shade: int, *, rough: bool = False) -> None:
        super().__init__()
        self._shade = shade
        self._noise = np.random.default_rng(1) if rough else None
        self.frames = 0
        self._begun: float | None = None

    async def recv(self) -> VideoFrame:
        now = asyncio.get_running_loop().time()
        if self._begun is None:
            self._begun = now
        await asyncio.sleep(self._begun + self.frames / 10 - now)
        if self._noise is None:
            picture = np.full((48, 64, 3), self._shade, np.uint8)
        else:
            grain = self._noise.integers(self._shade - 20, self._shade + 21, (96, 128, 1), np.uint8)
            picture = grain.repeat(3, axis=2)
        frame = VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = self.frames * 9000, fractions.Fraction(1, 90000)
        self.frames += 1
        return frame


class Ear:
    """What came out of one slot."""

    def __init__(self) -> None:
        self.sound: deque[tuple[float, np.ndarray[Any, Any]]] = deque(maxlen=_WINDOW_FRAMES)
        self.sound_frames = 0
        self.shade: float | None = None
        self.picture_frames = 0
        self.shades: dict[int, float] = {}
        """When each shade was seen last."""

    def level(self, hertz: float) -> float:
        """How loud that frequency is in the last 200 ms, in dB below full scale."""
        since = asyncio.get_running_loop().time() - 1.5 * _WINDOW_FRAMES * _FRAME / RATE
        recent = [samples for at, samples in self.sound if at > since]
        if not recent:
            return -120.0
        samples = np.concatenate(recent) / 32768.0
        at = np.arange(len(samples)) / RATE
        window = np.hanning(len(samples))
        part = np.abs(np.sum(samples * window * np.exp(-2j * np.pi * hertz * at)))
        return float(20 * np.log10(2 * part / window.sum() + 1e-6))

    async def listen(self, track: MediaStreamTrack) -> None:
        try:
            while True:
                frame = await track.recv()
                if isinstance(frame, AudioFrame):
                    samples = frame.to_ndarray().reshape(-1, len(frame.layout.channels))
                    self.sound.append((asyncio.get_running_loop().time(), samples[:, 0]))
                    self.sound_frames += 1
                elif isinstance(frame, VideoFrame):
                    self.shade = float(frame.to_ndarray(format="gray").mean())
                    self.shades[_nearest(self.shade)] = asyncio.get_running_loop().time()
                    self.picture_frames += 1
        except MediaStreamError:
            return


def _nearest(shade: float) -> int:
    """The shade that somebody was given."""
    return FIRST_SHADE + SHADE_STEP * round((shade - FIRST_SHADE) / SHADE_STEP)
