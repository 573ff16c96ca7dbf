"""H264 as it is packed (RFC 6184): only where a picture begins that needs no other."""

from __future__ import annotations

from signaling.media.vp8 import NOTHING, Bytes, Descriptor

_SPS, _STAP_A = 7, 24
_KEYFRAME = NOTHING._replace(keyframe=True)


def describe(payload: Bytes) -> Descriptor:
    """Browsers send the parameters of the sequence before each whole picture, in a packet of their
    own or as the first of several in one; there is where one can begin."""
    if not payload:
        return NOTHING
    kind = payload[0] & 31
    if kind == _STAP_A and len(payload) > 3:
        kind = payload[3] & 31
    return _KEYFRAME if kind == _SPS else NOTHING
