"""Files, sealed in chunks, in a folder beside the database.

A blob is a sequence of chunks of 1 MiB, each sealed under the case's data key together with the
blob's id, its own place and whether it is the last: none can be changed, left out, put elsewhere
or cut off at the end. A blob is written whole or not at all; then comes the row that names it. A
file without a row is what was interrupted in between, and is swept away.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from server.security import folders, sealing
from server.security.ids import new_secret_id

CHUNK = 1024 * 1024
_SEALED = CHUNK + sealing.NONCE_BYTES + 16
"""A full chunk as it lies in the file: the nonce before it, the tag after it."""
_DRAFT = ".draft"


@dataclass(frozen=True, slots=True)
class Stored:
    """`size` in bytes and `sha256` in hex, both of the content as it was given."""

    id: str
    size: int
    sha256: str


class Blobs:
    """All work on files is done in threads. Folder and subfolders are made when needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, key: bytes, chunks: AsyncIterator[bytes]) -> Stored:
        """Keep what comes, durable when this returns. If `chunks` fails, nothing is kept."""
        writer = await asyncio.to_thread(_Writer, self._folder, key)
        try:
            async for chunk in chunks:
                await asyncio.to_thread(writer.add, chunk)
            return await asyncio.to_thread(writer.finish)
        except BaseException:
            writer.discard()
            raise

    async def put_bytes(self, key: bytes, content: bytes) -> Stored:
        return await self.put(key, _once(content))

    def get(self, key: bytes, blob: str) -> AsyncIterator[bytes]:
        """The content, chunk by chunk. Raises FileNotFoundError and sealing.Unreadable."""
        return self.range(key, blob, 0, None)

    async def range(
        self, key: bytes, blob: str, first: int, last: int | None
    ) -> AsyncIterator[bytes]:
        """The bytes from `first` to `last` (both counted; None: to the end)."""
        size = await asyncio.to_thread(self._size, key, blob)
        end = size if last is None else min(last + 1, size)
        for n in range(first // CHUNK, -(-end // CHUNK)):
            chunk = await asyncio.to_thread(self._chunk, key, blob, n)
            yield chunk[max(first - n * CHUNK, 0) : end - n * CHUNK]

    def _size(self, key: bytes, blob: str) -> int:
        with closing(_Chunks(self._file(blob), key, blob)) as reader:
            return reader.size

    def _chunk(self, key: bytes, blob: str, n: int) -> bytes:
        # Opened for each chunk: whoever stops reading in between leaves nothing open.
        with closing(_Chunks(self._file(blob), key, blob)) as reader:
            return reader.read(n)

    def open(self, key: bytes, blob: str) -> BinaryIO:
        """The content as a file to read and seek in. For use in a thread."""
        return io.BufferedReader(_Reader(_Chunks(self._file(blob), key, blob)), CHUNK)

    async def delete(self, blob: str) -> None:
        """Also when it is not there any more."""
        await asyncio.to_thread(self._file(blob).unlink, missing_ok=True)

    async def older(self, seconds: float) -> list[str]:
        """Blobs that nobody has written to for so long, drafts that were given up among them."""
        return await asyncio.to_thread(lambda: list(self._older(time.time() - seconds)))

    def _older(self, before: float) -> Iterator[str]:
        for file in self._folder.glob("??/*"):
            try:
                if file.stat().st_mtime < before:
                    yield file.name
            except FileNotFoundError:
                continue

    def _file(self, blob: str) -> Path:
        return place(self._folder, blob)


def place(folder: Path, blob: str) -> Path:
    """Where a blob lies in the folder of files."""
    # Ids are random, so two characters spread them evenly over 256 folders.
    return folder / blob[:2] / blob


def _about(blob: str, n: int, last: bool) -> bytes:
    return f"heyi blob\n{blob}\n{n}\n{'last' if last else 'more'}".encode()


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


class _Writer:
    """One blob being written: a draft beside its place, moved there when it is whole."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._id, self._key, self._n, self._size = new_secret_id(), key, 0, 0
        self._hash = hashlib.sha256()
        self._waiting = bytearray()
        self._place = place(folder, self._id)
        self._draft = self._place.with_name(f"{self._id}{_DRAFT}{secrets.token_hex(4)}")
        self._place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._descriptor = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(self._descriptor, "wb")

    def add(self, chunk: bytes) -> None:
        self._hash.update(chunk)
        self._size += len(chunk)
        self._waiting += chunk
        # One byte more than a chunk must be there: only then it isn't the last one.
        while len(self._waiting) > CHUNK:
            self._write(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]

    def finish(self) -> Stored:
        self._write(bytes(self._waiting), last=True)
        self._file.flush()
        os.fsync(self._descriptor)
        self._file.close()
        self._draft.rename(self._place)
        folders.sync(self._place.parent)
        return Stored(self._id, self._size, self._hash.hexdigest())

    def discard(self) -> None:
        with suppress(OSError):  # what is not written yet may find no room on the disk
            self._file.close()
        self._draft.unlink(missing_ok=True)

    def _write(self, chunk: bytes, *, last: bool) -> None:
        about = _about(self._id, self._n, last)
        self._file.write(sealing.seal_bytes(self._key, about, chunk))
        self._n += 1


class _Chunks:
    """One blob being read, chunk by chunk in any order."""

    def __init__(self, file: Path, key: bytes, blob: str) -> None:
        self._file, self._key, self._blob = file.open("rb"), key, blob
        sealed = os.fstat(self._file.fileno()).st_size
        self._chunks = max(1, -(-sealed // _SEALED))
        self.size = sealed - self._chunks * (_SEALED - CHUNK)

    def read(self, n: int) -> bytes:
        self._file.seek(n * _SEALED)
        sealed = self._file.read(_SEALED)
        about = _about(self._blob, n, n == self._chunks - 1)
        return sealing.unseal_bytes(self._key, about, sealed)

    def close(self) -> None:
        self._file.close()


class _Reader(io.RawIOBase):
    def __init__(self, chunks: _Chunks) -> None:
        self._chunks, self._at = chunks, 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._chunks.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        n, start = divmod(self._at, CHUNK)
        if self._at >= self._chunks.size:
            return 0
        if self._held[0] != n:
            self._held = (n, self._chunks.read(n))
        found = self._held[1][start : start + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def close(self) -> None:
        self._chunks.close()
        super().close()
