"""What a backup says of itself, by which it is checked before anything of it is believed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import BinaryIO

FORMAT = 2
ALG = "sha256"

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
"""Of the manifest's bytes, by the audit's key, in base64."""
HASHES = "hashes.txt"
"""A line for each file, as `sha256sum --check` reads them."""
DESTROYED = "destroyed.txt"
"""Ids of the things whose key was destroyed, a line each."""
DATABASE = {"sqlite": "heyi.sqlite3", "postgresql": "heyi.dump"}
FILES = "files"

PIECE = 1 << 20


class NotDone(Exception):
    """Why a backup, a restore or an upgrade was not made, for the operator."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`level`: the migration its database is at; `rows`: how many each of its tables has;
    `files`: of the folders; `hashes`: of the file HASHES, which holds everything else together;
    `lacking`: recordings of which segments were missing already when it was made.
    """

    format: int
    alg: str
    made_at: str
    engine: str
    level: str
    rows: dict[str, int]
    files: int
    size: int
    hashes: str
    lacking: list[str] = field(default_factory=list)

    def text(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode() + b"\n"

    @property
    def with_recordings(self) -> bool:
        """Older ones had none, whatever the database named."""
        return self.format > 1

    @property
    def made(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


def read(text: bytes) -> Manifest:
    """Raises NotDone."""
    try:
        found = json.loads(text)
        if found["format"] > FORMAT:
            raise NotDone("This backup was made by a newer version of the program.")
        manifest = Manifest(**found)
        _ = manifest.made
    except (ValueError, KeyError, TypeError):
        raise NotDone("This is no backup, or it is damaged: its manifest can't be read.") from None
    if manifest.engine not in DATABASE or manifest.alg != ALG:
        raise NotDone("This is no backup of this program.")
    return manifest


def hash_lines(hashes: Mapping[str, str]) -> bytes:
    return "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes)).encode()


def read_hashes(text: bytes) -> dict[str, str]:
    """Raises NotDone."""
    hashes = {}
    for line in text.decode("utf-8", "replace").splitlines():
        value, gap, name = line.partition("  ")
        if not gap or len(value) != 64 or name.startswith("/") or ".." in name.split("/"):
            raise NotDone(f"This backup is damaged: {HASHES} can't be read.")
        hashes[name] = value
    return hashes


def copied(source: BinaryIO, to: BinaryIO | None) -> tuple[str, int]:
    """The hash and size of what was read to the end, and copied where it was to be."""
    hashed, size = hashlib.sha256(), 0
    while piece := source.read(PIECE):
        hashed.update(piece)
        size += len(piece)
        if to is not None:
            to.write(piece)
    return hashed.hexdigest(), size
