"""The few lines of SDP the bench's clients speak: Opus and VP8 up, whatever is offered down."""

from __future__ import annotations

from dataclasses import dataclass

from aiortc import RTCIceCandidate
from aiortc.rtcdtlstransport import RTCDtlsParameters
from aiortc.rtcicetransport import RTCIceParameters
from aiortc.sdp import MediaDescription, SessionDescription, candidate_to_sdp

OPUS, VP8 = 111, 96

# What Chromium offers and sends on each packet, by the ids it gives them.
EXTENSIONS = {
    "urn:ietf:params:rtp-hdrext:ssrc-audio-level": 1,
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01": 3,
    "urn:ietf:params:rtp-hdrext:sdes:mid": 4,
}
AUDIO_LEVEL, TRANSPORT_CC, MID = EXTENSIONS

_LINES = {
    "audio": f"""a=rtpmap:{OPUS} opus/48000/2
a=rtcp-fb:{OPUS} transport-cc
a=fmtp:{OPUS} minptime=10;useinbandfec=1""",
    "video": f"""a=rtpmap:{VP8} VP8/90000
a=rtcp-fb:{VP8} goog-remb
a=rtcp-fb:{VP8} transport-cc
a=rtcp-fb:{VP8} ccm fir
a=rtcp-fb:{VP8} nack
a=rtcp-fb:{VP8} nack pli""",
}
_KINDS = ("audio", "video")
_PAYLOAD_TYPES = {"audio": OPUS, "video": VP8}


@dataclass(frozen=True, slots=True)
class Here:
    """Our end of a transport, as text for a description."""

    ice: RTCIceParameters
    dtls: RTCDtlsParameters
    candidates: list[RTCIceCandidate]

    def lines(self, setup: str) -> list[str]:
        print_of = next(f for f in self.dtls.fingerprints if f.algorithm == "sha-256")
        return [
            f"a=ice-ufrag:{self.ice.usernameFragment}",
            f"a=ice-pwd:{self.ice.password}",
            f"a=fingerprint:sha-256 {print_of.value}",
            f"a=setup:{setup}",
            *(f"a=candidate:{candidate_to_sdp(c)}" for c in self.candidates),
            "a=end-of-candidates",
        ]


@dataclass(frozen=True, slots=True)
class There:
    """The far end of a transport, as its description says."""

    ice: RTCIceParameters
    dtls: RTCDtlsParameters
    candidates: list[RTCIceCandidate]
    accepted: dict[str, dict[str, int]]
    """Per kind, the id of each header extension it takes."""


def offer(here: Here, ssrcs: dict[str, int], name: str) -> str:
    """Offer to send one audio and one video; `ssrcs` are by kind."""
    lines = _session("0 1")
    for mid, kind in enumerate(_KINDS):
        lines += [
            f"m={kind} 9 UDP/TLS/RTP/SAVPF {_PAYLOAD_TYPES[kind]}",
            "c=IN IP4 0.0.0.0",
            "a=rtcp:9 IN IP4 0.0.0.0",
            *here.lines("actpass"),
            f"a=mid:{mid}",
            *_extmaps(kind),
            "a=sendonly",
            f"a=msid:{name} {name}-{kind}",
            "a=rtcp-mux",
            "a=rtcp-rsize",
            *_LINES[kind].split("\n"),
            f"a=ssrc:{ssrcs[kind]} cname:{name}",
            f"a=ssrc:{ssrcs[kind]} msid:{name} {name}-{kind}",
        ]
    return "\r\n".join(lines) + "\r\n"


def answer(here: Here, offered: str) -> str:
    """Take everything that is offered, with its first codec and no header extension."""
    media = SessionDescription.parse(offered).media
    lines = _session(" ".join(m.rtp.muxId for m in media))
    for part in media:
        lines += _taken(part, here)
    return "\r\n".join(lines) + "\r\n"


def read(text: str) -> There:
    """What a description says of its sender's transport."""
    parsed = SessionDescription.parse(text)
    first = parsed.media[0]
    accepted = {
        part.kind: {ext.uri: ext.id for ext in part.rtp.headerExtensions} for part in parsed.media
    }
    assert first.ice is not None
    assert first.dtls is not None
    return There(ice=first.ice, dtls=first.dtls, candidates=first.ice_candidates, accepted=accepted)


def _session(mids: str) -> list[str]:
    return [
        "v=0",
        "o=- 1 2 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        f"a=group:BUNDLE {mids}",
        "a=msid-semantic: WMS *",
    ]


def _extmaps(kind: str) -> list[str]:
    wanted = EXTENSIONS if kind == "audio" else {u: i for u, i in EXTENSIONS.items() if i > 1}
    return [f"a=extmap:{number} {uri}" for uri, number in wanted.items()]


def _taken(part: MediaDescription, here: Here) -> list[str]:
    codec = part.rtp.codecs[0]
    name, payload = codec.mimeType.split("/")[1], codec.payloadType
    channels = f"/{codec.channels}" if codec.channels == 2 else ""
    return [
        f"m={part.kind} 9 UDP/TLS/RTP/SAVPF {payload}",
        "c=IN IP4 0.0.0.0",
        *here.lines("active"),
        f"a=mid:{part.rtp.muxId}",
        "a=recvonly",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        f"a=rtpmap:{payload} {name}/{codec.clockRate}{channels}",
        *(f"a=rtcp-fb:{payload} {f.type} {f.parameter or ''}".rstrip() for f in codec.rtcpFeedback),
    ]
