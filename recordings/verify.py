"""The verifier: works on a file and needs nothing else, no database and no network.

`bundle` checks a zip of evidence, `folder` the segments as they lie on the server, with the key or
without. Both name every place that is not what was written; an empty list: all of it holds.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from recordings import audit_part, manifest, rows, signing
from recordings.manifest import Manifest
from recordings.problem import Problem
from recordings.record import Damaged
from recordings.segment import (
    HASH,
    HEAD_FILE,
    NONCE,
    SUFFIX,
    TAG,
    Header,
    SegmentFile,
    digest,
    file_name,
    read_header,
    unseal,
)

_CHUNK = 1 << 20
SEGMENT = "segment"


def bundle(path: Path, key: str | None = None) -> list[Problem]:
    """`key`: the organisation's public key, as known from elsewhere. Raises OSError and, where the
    file is no zip at all, Damaged."""
    try:
        with zipfile.ZipFile(path) as zipped:
            # Ours is not compressed; so nothing in one can be larger than the file itself.
            if any(info.compress_type != zipfile.ZIP_STORED for info in zipped.infolist()):
                raise Damaged("this is no evidence bundle")
            return list(dict.fromkeys(_Check(zipped, key).run()))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        raise Damaged("this is no evidence bundle") from None


def folder(path: Path, key: bytes | None = None) -> list[Problem]:
    """Raises OSError where there is no such folder."""
    problems: list[Problem] = []
    numbers = sorted(int(f.stem) for f in path.glob(f"*{SUFFIX}") if f.stem.isdigit())
    known: list[Header] = []
    for n in numbers:  # Those that are not there are named by the chain.
        try:
            file = SegmentFile(path / file_name(n))
            known.append(file.header)
            problems += _opened(file, n, key)
        except Damaged:
            problems.append(Problem(SEGMENT, "unreadable", n))
    head = path / HEAD_FILE
    problems += _chain(known, head.read_bytes() if head.exists() else None)
    return list(dict.fromkeys(problems))


def _opened(file: SegmentFile, n: int, key: bytes | None) -> Iterator[Problem]:
    if file.header.n != n:
        yield Problem(SEGMENT, "reordered", n)
    if file.path.stat().st_size != file.size:
        yield Problem(SEGMENT, "changed", n)
    for part in file.header.parts:
        where = f"track {part.track}, {SEGMENT}"
        try:
            box = file.part(part.track)
        except Damaged:
            yield Problem(where, "missing", n)
            continue
        if digest(box) != part.sealed:
            yield Problem(where, "changed", n)
        elif key is not None:
            try:
                if digest(unseal(file.header, key, part.track, box)) != part.content:
                    yield Problem(where, "changed", n)
            except Damaged:
                yield Problem(where, "unreadable", n)


def _chain(headers: list[Header], head: bytes | None) -> Iterator[Problem]:
    """Every header has its number and names the one before."""
    if head is None:
        yield Problem(HEAD_FILE, "missing")
    expected, previous = 0, digest(head) if head is not None else None
    for header in headers:
        if header.n < expected:
            yield Problem(SEGMENT, "reordered", header.n)
        elif header.n > expected:
            gone = range(expected, min(header.n, expected + 1000))
            yield from (Problem(SEGMENT, "missing", n) for n in gone)
        elif previous is not None and header.previous != previous:
            yield (
                Problem(SEGMENT, "changed", header.n - 1)
                if header.n
                else Problem(HEAD_FILE, "changed")
            )
        if header.recording != headers[0].recording:
            yield Problem(SEGMENT, "added", header.n)
        expected, previous = header.n + 1, header.hash
    for header in headers[:-1]:
        if header.last:
            yield Problem(SEGMENT, "added", header.n + 1)
    if not headers or not headers[-1].last:
        yield Problem(SEGMENT, "missing", expected)


class _Check:
    def __init__(self, zipped: zipfile.ZipFile, key: str | None) -> None:
        self._zip, self._key = zipped, key
        self._names = zipped.namelist()

    def run(self) -> Iterator[Problem]:
        content = self._read(manifest.NAME)
        if content is None:
            yield Problem(manifest.NAME, "missing")
            return
        signer = self._signer(content)
        if signer is None:
            yield Problem(manifest.NAME, "unsigned")
        try:
            said = manifest.read(content)
        except Damaged:
            yield Problem(manifest.NAME, "unreadable")
            return
        yield from self._token(content)
        yield from self._files(said)
        yield from self._recording(said)
        yield from self._rows(said)
        yield from self._audit(self._key or signer)

    def _signer(self, content: bytes) -> str | None:
        """The key that signed it; None where none did, or another than the one expected."""
        try:
            said = json.loads(self._read(manifest.SIGNATURE) or b"")
            key, signature = str(said["key"]), str(said["signature"])
            good = said["alg"] == signing.ALG and signing.holds(key, content, signature)
        except (ValueError, KeyError, TypeError):
            return None
        return key if good and self._key in (None, key) else None

    def _token(self, content: bytes) -> Iterator[Problem]:
        """Whether a time-stamp is about this manifest. Whose it is, `openssl ts -verify` says."""
        token = self._read(manifest.TOKEN) if manifest.TOKEN in self._names else None
        if token is not None and hashlib.sha256(content).digest() not in token:
            yield Problem(manifest.TOKEN, "changed")

    def _files(self, said: Manifest) -> Iterator[Problem]:
        for name, (size, hashed) in said.files.items():
            if name not in self._names:
                yield Problem(name, "missing")
            elif self._size_and_hash(name) != (size, hashed):
                yield Problem(name, "changed")
        ours = {manifest.NAME, manifest.SIGNATURE, manifest.TOKEN, *said.files}
        for name in self._names:
            if name not in ours or self._names.count(name) > 1:
                yield Problem(name, "added")

    def _recording(self, said: Manifest) -> Iterator[Problem]:
        headers: list[Header] = []
        lines = (self._read(manifest.HEADERS) or b"").split(b"\n")[:-1]
        for number, line in enumerate(lines):
            try:
                headers.append(read_header(line + b"\n"))
            except Damaged:
                yield Problem(SEGMENT, "unreadable", number)
        yield from _chain(headers, self._read(manifest.HEAD))
        if not headers or headers[-1].hash != said.head or len(headers) != said.segments:
            yield Problem(manifest.HEADERS, "changed")
        for track in said.tracks:
            yield from self._parts(track, headers)

    def _parts(self, track: int, headers: list[Header]) -> Iterator[Problem]:
        """What was in the segments is what is here, one after the other."""
        where = f"track {track}, {SEGMENT}"
        try:
            with self._zip.open(manifest.parts_name(track)) as file:
                for header in headers:
                    for part in header.parts:
                        if part.track == track:
                            content = file.read(part.size - NONCE - TAG)
                            if digest(content) != part.content:
                                yield Problem(where, "changed" if content else "missing", header.n)
                if file.read(1):
                    yield Problem(manifest.parts_name(track), "added")
        except KeyError:
            yield Problem(manifest.parts_name(track), "missing")
        except (zipfile.BadZipFile, zlib.error, EOFError):
            yield Problem(manifest.parts_name(track), "changed")

    def _rows(self, said: Manifest) -> Iterator[Problem]:
        for name in manifest.ROWS:
            yield from rows.check(name, self._read(name) or b"")
        for name in said.files:
            if name.startswith("texts/"):
                content = self._read(name)
                if content is not None and manifest.text_name(digest(content)) != name:
                    yield Problem(name, "changed")
        for number, line in enumerate((self._read(manifest.CONSENTS) or b"").splitlines()):
            try:
                text = manifest.text_name(str(json.loads(line)["row"]["text"]))
            except (ValueError, KeyError, TypeError):
                continue  # `rows.check` or the file's hash names it.
            if text not in said.files:
                yield Problem(f"text of {manifest.CONSENTS}", "missing", number)

    def _audit(self, key: str | None) -> Iterator[Problem]:
        audit = self._read(manifest.AUDIT) or b""
        yield from audit_part.check(manifest.AUDIT, audit)
        points = self._read(manifest.CHECKPOINTS) or b""
        yield from audit_part.check_seals(manifest.CHECKPOINTS, points, audit, key or "")

    # -- reading

    def _read(self, name: str) -> bytes | None:
        """None: it is not there. Damaged, it is as much of it as can be read."""
        if name not in self._names:
            return None
        return b"".join(self._chunks(name))

    def _chunks(self, name: str) -> Iterator[bytes]:
        try:
            with self._zip.open(name) as file:
                while chunk := _read_some(file):
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            return

    def _size_and_hash(self, name: str) -> tuple[int, str]:
        size, hashed = 0, hashlib.new(HASH)
        for chunk in self._chunks(name):
            size += len(chunk)
            hashed.update(chunk)
        return size, f"{HASH}:{hashed.hexdigest()}"


def _read_some(file: IO[bytes]) -> bytes:
    return file.read(_CHUNK)
