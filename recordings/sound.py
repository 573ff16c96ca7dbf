"""Everybody's voice as one: decoded, kept in step, mixed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame

RATE = 48000
_FORMAT = "aformat=sample_fmts=fltp:sample_rates=48000:channel_layouts=stereo"
_IN_STEP = "async=1000:first_pts=0"
"""A voice whose clock runs a little fast or slow is stretched by as much."""


class Voices:
    def __init__(self, people: Sequence[str]) -> None:
        self._decoders: dict[str, AudioCodecContext] = {}
        self._graph = av.filter.Graph()
        self._inputs: dict[str, av.filter.context.FilterContext] = {}
        mix = self._graph.add("amix", f"inputs={len(people)}:normalize=0:dropout_transition=0")
        for n, who in enumerate(people):
            decoder = av.CodecContext.create("libopus", "r")
            assert isinstance(decoder, AudioCodecContext)
            decoder.sample_rate, decoder.layout = RATE, "stereo"
            self._decoders[who] = decoder
            self._inputs[who] = self._graph.add_abuffer(
                sample_rate=RATE, format="s16", layout="stereo", time_base=Fraction(1, RATE)
            )
            even = self._graph.add("aresample", _IN_STEP)
            self._inputs[who].link_to(even)
            even.link_to(mix, 0, n)
        shape = self._graph.add("aformat", _FORMAT.partition("=")[2])
        self._sink = self._graph.add("abuffersink")
        mix.link_to(shape)
        shape.link_to(self._sink)
        self._graph.configure()

    def add(self, who: str, at_ms: int, packet: bytes) -> None:
        """What cannot be decoded is silent."""
        try:
            frames = self._decoders[who].decode(av.Packet(packet))
        except av.error.InvalidDataError:
            return
        for frame in frames:
            frame.pts, frame.time_base = at_ms * RATE // 1000, Fraction(1, RATE)
            self._inputs[who].push(frame)

    def end(self) -> None:
        for into in self._inputs.values():
            into.push(None)

    def mixed(self) -> Iterator[AudioFrame]:
        """As much as everybody has been heard of."""
        while True:
            try:
                frame = self._sink.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            assert isinstance(frame, AudioFrame)
            yield frame
