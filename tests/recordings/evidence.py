"""A small recording with everything that a bundle holds."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from recordings import bundle
from recordings.bundle import Case, Consent
from recordings.signing import Signer
from server.store import audit, checkpoints
from tests.recordings.simulation import (
    KEY,
    SECOND,
    START,
    add,
    fake_frame,
    picture,
    recording,
    rtp,
    voice,
    vp8_packets,
)

NOW = datetime(2026, 12, 2, 8, 0, tzinfo=UTC)
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = base64.b64encode(PRIVATE.public_key().public_bytes_raw()).decode()
SEGMENTS = 4


def sign(message: bytes) -> str:
    return base64.b64encode(PRIVATE.sign(message)).decode()


SIGNER = Signer(PUBLIC, sign)


def recorded(folder: Path) -> Path:
    """Ann's voice and picture, and Bob's voice, in four segments."""
    made = recording(folder)
    made.track(voice(1, "ann"), START)
    made.track(picture(2, "ann"), START)
    made.track(voice(3, "bob"), START)
    for second in range(SEGMENTS - 1):
        at = START + second * SECOND
        for n in range(5):
            add(made, 1, rtp(second * 5 + n, n * 960, b"\xf8ann"), at + n)
            add(made, 3, rtp(second * 5 + n, n * 960, b"\xf8bob"), at + n)
        for packet in vp8_packets(fake_frame(key=True), second * 3, second * 90000):
            add(made, 2, packet, at)
        made.keep(made.take(at + SECOND))
    made.keep(made.end(START + SEGMENTS * SECOND, "done"))
    return made.folder


def audit_entries() -> list[dict[str, Any]]:
    """As the server's chain has them."""
    found, previous = [], audit.START
    for n, verb in enumerate(("recording_asked", "consented", "recording_ended"), start=5):
        row = {"at": NOW, "verb": verb, "actor": "seat:1", "thing": "rec-1", "alg": audit.ALG}
        row["body"] = audit.canonical({"purpose": "reading", "序": n})
        hashed = audit.entry_hash("case:1", previous, row)
        at = NOW.isoformat(timespec="microseconds")
        found.append(
            {**row, "at": at, "chain": "case:1", "n": n, "previous": previous, "hash": hashed}
        )
        previous = hashed
    return found


def checkpoint(entries: list[dict[str, Any]]) -> dict[str, Any]:
    seals = [("case:1", entries[-1]["n"], entries[-1]["hash"])]
    signature = sign(checkpoints._message(1, NOW, audit.START, seals))
    at = NOW.isoformat(timespec="microseconds")
    found = {"n": 1, "at": at, "alg": checkpoints.ALG, "previous": audit.START}
    return {**found, "signature": signature, "seals": [list(seal) for seal in seals]}


def case() -> Case:
    entries = audit_entries()
    at, space = NOW.isoformat(), "space-1"
    return Case(
        about={"organisation": "某某调解委员会", "people": {"ann": "张三", "bob": "李四"}},
        consents=[
            Consent("ann", "reading", 1, "zh", "我同意录下宣读协议。", at),
            Consent("bob", "reading", 1, "zh", "我同意录下宣读协议。", at, at),
        ],
        attendance=[{"seat": seat, "space": space, "entered_at": at} for seat in ("ann", "bob")],
        spaces=[
            {"space": space, "seat": seat, "what": "entered"} for seat in ("ann", "bob", "host")
        ],
        audit=entries,
        checkpoints=[checkpoint(entries)],
        films={"ann": [b"made of ", b"tracks"]},
    )


def bundled(folder: Path, **more: Any) -> Path:
    to = folder / "evidence.zip"
    bundle.write(to, recorded(folder), KEY, case(), SIGNER, NOW, **more)
    return to
