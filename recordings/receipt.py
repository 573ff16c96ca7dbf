"""A party's own receipt: who could hear them and when, signed, in a file of theirs.

What is signed is a text (canonical JSON), kept as a text: so a page without any library can check
it (pages/receipt.html does, offline). A recording is named by the hash that fixes all its segments.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from recordings import signing
from recordings.record import Damaged
from recordings.segment import FORMAT, HASH, canonical
from recordings.signing import Signer

KIND = "heyi receipt"


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody and this person were in one space."""

    who: str
    """The name that was shown, and what they were there as."""
    role: str
    space: str
    """What kind of space: `joint`, `side`, `caucus`."""
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Recorded:
    recording: str
    purpose: str
    since: str
    until: str
    head: str
    """The hash of the recording's last header."""


@dataclass(frozen=True, slots=True)
class Receipt:
    person: str
    meeting: str
    made_at: str
    heard: Sequence[Heard]
    recorded: Sequence[Recorded]


def write(receipt: Receipt, signer: Signer) -> bytes:
    said = {"kind": KIND, "format": FORMAT, "alg": {"hash": HASH, "signature": signing.ALG}}
    text = canonical({**asdict(receipt), **said})
    return canonical({"signed": text.decode(), **signer.envelope(text)}) + b"\n"


def check(content: bytes, key: str | None = None) -> dict[str, Any]:
    """What it says. Raises Damaged: changed, signed by nobody, or by another than `key`."""
    try:
        found = json.loads(content)
        text, by = str(found["signed"]).encode(), str(found["key"])
        good = found["alg"] == signing.ALG and signing.holds(by, text, str(found["signature"]))
        said: dict[str, Any] = json.loads(text)
        good = good and said["kind"] == KIND
    except (ValueError, KeyError, TypeError):
        raise Damaged("this is no receipt") from None
    if not good:
        raise Damaged("it is not what was signed")
    if key not in (None, by):
        raise Damaged("it was signed by somebody else")
    return said
