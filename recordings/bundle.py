"""The evidence bundle: a zip that anybody can check, without us and without our database.

What was recorded is in it opened, track by track; the chained headers say that it is what was
sealed. Tracks may be left out: what is in it can be checked all the same.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from recordings import audit_part, manifest, rows
from recordings.manifest import Manifest
from recordings.segment import (
    EVENTS,
    HASH,
    HEAD_FILE,
    Header,
    SegmentFile,
    canonical,
    digest,
    file_name,
    unseal,
)
from recordings.signing import Signer

PAGES = Path(__file__).parent / "pages"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""When it was made is in the manifest; so the same evidence makes the same file."""


@dataclass(frozen=True, slots=True)
class Consent:
    """Who agreed to which text, and whether it was taken back. `body` are the very words."""

    person: str
    purpose: str
    version: int
    language: str
    body: str
    at: str
    withdrawn_at: str | None = None

    def row(self) -> dict[str, Any]:
        return {
            "person": self.person, "purpose": self.purpose, "version": self.version,
            "language": self.language, "text": digest(self.body.encode()), "at": self.at,
            "withdrawn_at": self.withdrawn_at,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """What the server knows beside the recording. Rows are plain JSON: ids, words and times."""

    about: Mapping[str, Any]
    consents: Sequence[Consent] = ()
    attendance: Sequence[Mapping[str, Any]] = ()
    spaces: Sequence[Mapping[str, Any]] = ()
    """Who was in which space from when to when; nothing of what was said there."""
    audit: Sequence[Mapping[str, Any]] = ()
    checkpoints: Sequence[Mapping[str, Any]] = ()
    films: Mapping[str, Iterable[bytes]] = field(default_factory=dict)
    """WebM files to look at, by name; made of the tracks."""


def write(
    to: Path,
    folder: Path,
    key: bytes,
    case: Case,
    signer: Signer,
    made_at: datetime,
    tracks: Iterable[int] | None = None,
) -> Manifest:
    """`tracks`: None for all. Raises Damaged and OSError; then there is no file."""
    try:
        with zipfile.ZipFile(to, "x") as zipped:
            made = _Bundle(zipped)
            headers = [file.header for file in _segments(folder)]
            wanted = _wanted(headers, tracks)
            made.put(manifest.HEAD, (folder / HEAD_FILE).read_bytes())
            made.put(manifest.HEADERS, b"".join(header.line() for header in headers))
            for track in wanted:
                made.stream(manifest.parts_name(track), _contents(folder, key, track))
            _put_case(made, case)
            said = Manifest(
                headers[-1].recording, headers[-1].hash, len(headers), tuple(wanted),
                made_at.isoformat(timespec="seconds"), case.about, made.files,
            )  # fmt: skip
            content = said.bytes()
            made.put(manifest.NAME, content)
            made.put(manifest.SIGNATURE, canonical(signer.envelope(content)))
    except BaseException:
        to.unlink(missing_ok=True)
        raise
    return said


def stamp(bundle: Path, token: bytes) -> None:
    """Add a time-stamp (RFC 3161) of the manifest, as a time-stamping authority gave it."""
    with zipfile.ZipFile(bundle, "a") as zipped:
        _Bundle(zipped).put(manifest.TOKEN, token)


class _Bundle:
    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self._zip = zipped
        self.files: dict[str, tuple[int, str]] = {}

    def put(self, name: str, content: bytes) -> None:
        self.stream(name, [content])

    def stream(self, name: str, chunks: Iterable[bytes]) -> None:
        size, hashed = 0, hashlib.new(HASH)
        with self._zip.open(zipfile.ZipInfo(name, _EPOCH), "w", force_zip64=True) as file:
            for chunk in chunks:
                size += len(chunk)
                hashed.update(chunk)
                file.write(chunk)
        self.files[name] = size, f"{HASH}:{hashed.hexdigest()}"


def _put_case(made: _Bundle, case: Case) -> None:
    made.put(manifest.CONSENTS, rows.write(consent.row() for consent in case.consents))
    for body in {consent.body: None for consent in case.consents}:
        made.put(manifest.text_name(digest(body.encode())), body.encode())
    made.put(manifest.ATTENDANCE, rows.write(case.attendance))
    made.put(manifest.SPACES, rows.write(case.spaces))
    made.put(manifest.AUDIT, audit_part.write(case.audit))
    points = [{f: point[f] for f in audit_part.CHECKPOINT} for point in case.checkpoints]
    made.put(manifest.CHECKPOINTS, b"".join(canonical(point) + b"\n" for point in points))
    for name, chunks in case.films.items():
        made.stream(f"films/{name}.webm", chunks)
    made.put(manifest.PAGE, (PAGES / "bundle.html").read_bytes())


def _segments(folder: Path) -> Iterator[SegmentFile]:
    n = 0
    while (path := folder / file_name(n)).exists():
        yield SegmentFile(path)
        n += 1


def _wanted(headers: Sequence[Header], tracks: Iterable[int] | None) -> list[int]:
    there = {part.track for header in headers for part in header.parts}
    return sorted(there if tracks is None else there & {EVENTS, *tracks})


def _contents(folder: Path, key: bytes, track: int) -> Iterator[bytes]:
    for file in _segments(folder):
        if any(part.track == track for part in file.header.parts):
            yield unseal(file.header, key, track, file.part(track))
