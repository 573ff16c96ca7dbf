"""Whether a microphone is spoken into, from the levels its browser writes beside each packet.

A level (RFC 6464) is a frame's loudness in dB below the loudest there is, so nothing needs to be
decoded. The extension's other bit, "voice activity", is not asked: what sets it differs between
browsers, and Chromium sets it always.
"""

from __future__ import annotations

from collections.abc import Sequence

HANGOVER_S = 0.5
"""How long somebody still speaks after the last loud moment: breaths and gaps between words."""
DEAD_S = 20.0
"""How long a microphone may be on without a sign of life."""

_QUIETEST = -80.0
"""In dBov, as all here. Below it silence is silence, and may not take long to come out of."""
_SPEECH = -50.0
_LIVE = -60.0
"""A live microphone hears more than this within seconds: a breath, a chair, a page."""
_OVER_NOISE = 10.0
_LOUDEST_NOISE = -45.0
"""What is louder is not taken for noise, however long it lasts."""
_RISE, _FALL = 0.6, 0.3
"""Of the way to the new level, each tenth of a second: two loud ones begin a speech, a click
does not."""
_NOISE_RISE, _NOISE_FALL = 0.2, 0.5
"""Noise is what is there between words too: it rises by dB, and falls by parts of the way."""
_STEADY = 0.1


class Level:
    """One microphone from when it was switched on; `hear` is called every tenth of a second."""

    def __init__(self, now: float) -> None:
        self.speaking = False
        self.dead = False
        """See `plane.MicrophoneSilent`."""
        self.loudness = _QUIETEST
        """Over the last second or so, to tell who is loudest."""
        self._since = now
        self._level = self._noise = _QUIETEST
        self._loud_at: float | None = None
        self._lives = False

    def hear(self, levels: Sequence[int] | None, packet_at: float, now: float) -> None:
        """`levels` are the bytes that came in the last tenth, None from a browser that tells none;
        `packet_at` is when the last packet of sound arrived."""
        quiet = min((byte & 0x7F for byte in levels or ()), default=127)
        heard = max(_QUIETEST, -float(quiet))
        self._level += (heard - self._level) * (_RISE if heard > self._level else _FALL)
        if heard > self._noise:
            self._noise = min(_LOUDEST_NOISE, self._noise + _NOISE_RISE)
        else:
            self._noise += (heard - self._noise) * _NOISE_FALL
        self.loudness += (self._level - self.loudness) * _STEADY
        if self._level > max(_SPEECH, self._noise + _OVER_NOISE):
            self._loud_at = now
        self.speaking = self._loud_at is not None and now - self._loud_at < HANGOVER_S
        self._lives = self._lives or heard > _LIVE or levels is None
        quiet_since = self._since if not self._lives else max(self._since, packet_at)
        self.dead = now - quiet_since > DEAD_S
