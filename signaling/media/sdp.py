"""Session descriptions: read the little we need from a browser's, write our own two.

Ours never vary, so they are written as text; a browser's is read by a parser that knows a dozen
attributes and refuses what a browser would not send.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

OPUS, RED, VP8, H264 = 111, 63, 96, 97
"""Payload types of a down link (an up link uses the browser's)."""

AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
TRANSPORT_WIDE = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

_MOST_LINES = 3000
_MOST_MEDIA = 24
_OPUS_FMTP = "minptime=10;useinbandfec=1"
# In-band FEC repairs single lost packets; DTX sends almost nothing while somebody listens, which
# is most of the people most of the time.

_PICTURES = {
    "vp8": ("VP8/90000", "x-google-start-bitrate=800"),
    "h264": (
        "H264/90000",
        "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f;"
        "x-google-start-bitrate=800",
    ),
}
# Chromium begins at 300 kbit/s otherwise, and with that at a quarter of the picture.

_UFRAG = re.compile(r"[A-Za-z0-9+/]{4,32}")
_PASSWORD = re.compile(r"[A-Za-z0-9+/]{22,128}")
# Browsers have 4 to 8 and 22 to 32. RFC 8839 allows 256, but the first is in every check that we
# send to an address of their choice.
_FINGERPRINT = re.compile(r"(sha-(?:256|384|512)) ([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})+)", re.I)


class BadDescription(ValueError):
    """Not a description that a browser sends on this link."""


@dataclass(slots=True)
class Codec:
    """One payload type of a media line; `name` is lower case without the kind."""

    name: str = ""
    clock: int = 0
    feedback: set[str] = field(default_factory=set)
    parameters: str = ""


@dataclass(slots=True)
class Media:
    """One media line."""

    kind: str
    port: int
    mid: str = ""
    direction: str = "sendrecv"
    mux: bool = False
    codecs: dict[int, Codec] = field(default_factory=dict)
    extensions: dict[str, int] = field(default_factory=dict)
    ssrcs: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Description:
    """A browser's offer or answer; transport attributes are those of its first line."""

    media: list[Media] = field(default_factory=list)
    ufrag: str = ""
    password: str = ""
    fingerprints: list[tuple[str, str]] = field(default_factory=list)
    setup: str = ""
    candidates: list[str] = field(default_factory=list)


def read(text: str) -> Description:
    """Parse a description. Raises BadDescription."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != "v=0" or len(lines) > _MOST_LINES:
        raise BadDescription("not a session description")
    found = Description()
    try:
        for line in lines:
            _read_line(found, line.rstrip())
    except (ValueError, IndexError) as error:
        raise BadDescription("malformed line") from error
    if not (_UFRAG.fullmatch(found.ufrag) and _PASSWORD.fullmatch(found.password)):
        raise BadDescription("ICE credentials missing")
    if not found.fingerprints:
        raise BadDescription("fingerprint missing")
    mids = [m.mid for m in found.media]
    if "" in mids or len(set(mids)) != len(mids):
        raise BadDescription("media lines are not identified")
    if not all(m.mux for m in found.media):
        raise BadDescription("RTCP is not on the same port")
    return found


def _read_line(found: Description, line: str) -> None:
    if line.startswith("m="):
        kind, port, profile, *formats = line[2:].split(" ")
        if len(found.media) >= _MOST_MEDIA or profile != "UDP/TLS/RTP/SAVPF":
            raise BadDescription("unexpected media line")
        media = Media(kind, int(port))
        media.codecs = {int(f): Codec() for f in formats}
        found.media.append(media)
        return
    if not line.startswith("a="):
        return
    key, _, value = line[2:].partition(":")
    if key in _TRANSPORT:
        # Session level or first line: the lines after it are bundled with it.
        if len(found.media) <= 1:
            _TRANSPORT[key](found, value)
    elif found.media and key in _MEDIA:
        _MEDIA[key](found.media[-1], value)
    elif found.media and key in ("sendonly", "recvonly", "sendrecv", "inactive"):
        found.media[-1].direction = key


def _fingerprint(found: Description, value: str) -> None:
    if match := _FINGERPRINT.fullmatch(value):
        found.fingerprints.append((match[1].lower(), match[2].upper()))


def _rtpmap(media: Media, value: str) -> None:
    number, _, encoding = value.partition(" ")
    name, clock, *_ = encoding.split("/")
    if codec := media.codecs.get(int(number)):
        codec.name, codec.clock = name.lower(), int(clock)


def _feedback(media: Media, value: str) -> None:
    number, _, what = value.partition(" ")
    if number == "*":
        for codec in media.codecs.values():
            codec.feedback.add(what)
    elif found := media.codecs.get(int(number)):
        found.feedback.add(what)


def _parameters(media: Media, value: str) -> None:
    number, _, what = value.partition(" ")
    if codec := media.codecs.get(int(number)):
        codec.parameters = what.lower()


def _extension(media: Media, value: str) -> None:
    number, uri, *_ = value.split(" ")
    media.extensions[uri] = int(number.partition("/")[0])


def _ssrc(media: Media, value: str) -> None:
    number = int(value.partition(" ")[0])
    if number not in media.ssrcs:
        media.ssrcs.append(number)


_TRANSPORT: Mapping[str, Callable[[Description, str], None]] = {
    "ice-ufrag": lambda found, value: setattr(found, "ufrag", value),
    "ice-pwd": lambda found, value: setattr(found, "password", value),
    "fingerprint": _fingerprint,
    "setup": lambda found, value: setattr(found, "setup", value),
    "candidate": lambda found, value: found.candidates.append(value),
}
_MEDIA: Mapping[str, Callable[[Media, str], None]] = {
    "mid": lambda media, value: setattr(media, "mid", value),
    "rtcp-mux": lambda media, value: setattr(media, "mux", True),
    "rtpmap": _rtpmap,
    "rtcp-fb": _feedback,
    "fmtp": _parameters,
    "extmap": _extension,
    "ssrc": _ssrc,
}


@dataclass(frozen=True, slots=True)
class Transport:
    """Our end of a link."""

    ufrag: str
    password: str
    fingerprints: Sequence[tuple[str, str]]
    setup: Literal["actpass", "passive"]
    candidates: Sequence[str]


def write(transport: Transport, media: Iterable[tuple[str, str, list[str]]]) -> str:
    """A description of ours; `media` are (mid, "audio 63 111", attribute lines)."""
    sections = list(media)
    common = [f"a=ice-ufrag:{transport.ufrag}", f"a=ice-pwd:{transport.password}"]
    common += [f"a=fingerprint:{kind} {value}" for kind, value in transport.fingerprints]
    common += [f"a=setup:{transport.setup}", "a=rtcp-mux", "a=rtcp-rsize"]
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0"]
    lines.append("a=group:BUNDLE " + " ".join(mid for mid, _, _ in sections))
    lines.append("a=msid-semantic: WMS *")
    candidates = [f"a=candidate:{c}" for c in transport.candidates] + ["a=end-of-candidates"]
    for mid, format_, attributes in sections:
        kind, payload_types = format_.split(" ", 1)
        lines.append(f"m={kind} 9 UDP/TLS/RTP/SAVPF {payload_types}")
        lines += ["c=IN IP4 0.0.0.0", f"a=mid:{mid}", *attributes, *common, *candidates]
        candidates = []
    return "\r\n".join(lines) + "\r\n"


def voice_format(payload_type: int, *, dtx: bool = True) -> list[str]:
    """How a voice is sent, in either direction; without `dtx` always 50 packets a second."""
    return [
        f"a=rtpmap:{payload_type} opus/48000/2",
        f"a=fmtp:{payload_type} {_OPUS_FMTP}{';usedtx=1' if dtx else ''}",
    ]


def redundant_format(payload_type: int, voice_type: int) -> list[str]:
    """That a voice may be sent with the frame before it in each packet."""
    return [
        f"a=rtpmap:{payload_type} red/48000/2",
        f"a=fmtp:{payload_type} {voice_type}/{voice_type}",
    ]


def picture_types(media: Media) -> dict[str, int]:
    """Payload types by what we can carry, the better one first: VP8, which all browsers have, and
    of H264 what all browsers that have any can read."""
    found: dict[str, int] = {}
    for number, codec in media.codecs.items():
        name, parameters = codec.name, codec.parameters
        if name == "h264" and not (
            "packetization-mode=1" in parameters and "profile-level-id=42e0" in parameters
        ):
            continue
        if name in _PICTURES and codec.clock == 90000:
            found.setdefault(name, number)
    return {name: found[name] for name in _PICTURES if name in found}


def picture_format(payload_type: int, name: str = "vp8") -> list[str]:
    """How a picture is sent, in either direction."""
    encoding, parameters = _PICTURES[name]
    return [
        f"a=rtpmap:{payload_type} {encoding}",
        f"a=fmtp:{payload_type} {parameters}",
        f"a=rtcp-fb:{payload_type} nack",
        f"a=rtcp-fb:{payload_type} nack pli",
        f"a=rtcp-fb:{payload_type} ccm fir",
    ]
