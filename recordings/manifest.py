"""What a bundle says of itself; the signature is over its bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recordings.record import Damaged
from recordings.segment import FORMAT, HASH, canonical
from recordings.signing import ALG

NAME, SIGNATURE, TOKEN = "manifest.json", "manifest.sig.json", "manifest.tsr"
HEAD, HEADERS = "recording/head.json", "recording/headers.jsonl"
CONSENTS, ATTENDANCE, SPACES = "consents.jsonl", "attendance.jsonl", "spaces.jsonl"
AUDIT, CHECKPOINTS = "audit.jsonl", "checkpoints.jsonl"
PAGE = "index.html"
ROWS = (CONSENTS, ATTENDANCE, SPACES)


def parts_name(track: int) -> str:
    return f"tracks/{track}.parts"


def text_name(text: str) -> str:
    """A text that was agreed to, by its hash."""
    return f"texts/{text.replace(':', '-')}.txt"


@dataclass(frozen=True, slots=True)
class Manifest:
    recording: str
    head: str
    """The hash of the last header: with it all of them are fixed."""
    segments: int
    tracks: tuple[int, ...]
    """Those whose contents are in the bundle."""
    made_at: str
    about: Mapping[str, Any]
    """In words: the organisation, the case, the purpose, who is who."""
    files: Mapping[str, tuple[int, str]]
    """Size and hash of every other file but the signature and the time-stamp."""

    def bytes(self) -> bytes:
        return canonical(
            {
                "format": FORMAT,
                "alg": {"hash": HASH, "signature": ALG},
                "recording": self.recording,
                "head": self.head,
                "segments": self.segments,
                "tracks": list(self.tracks),
                "made_at": self.made_at,
                "about": self.about,
                "files": {name: list(found) for name, found in self.files.items()},
            }
        )


def read(content: bytes) -> Manifest:
    """Raises Damaged."""
    try:
        found = json.loads(content)
        if found["format"] != FORMAT:
            raise Damaged("another format")
        return Manifest(
            str(found["recording"]),
            str(found["head"]),
            int(found["segments"]),
            tuple(int(track) for track in found["tracks"]),
            str(found["made_at"]),
            dict(found["about"]),
            {
                str(name): (int(size), str(hashed))
                for name, (size, hashed) in found["files"].items()
            },
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Damaged("the manifest can't be read") from None
