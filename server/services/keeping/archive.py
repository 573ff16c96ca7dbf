"""A backup as a folder, or as one tar file: the same names in both.

Nothing is compressed: what is large in it is sealed, and can't be made smaller.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from server.security import folders
from server.services.keeping.manifest import NotDone, copied


class Writer(Protocol):
    def add(self, name: str, file: Path) -> tuple[str, int]:
        """A copy of the file. Returns its hash and size. Raises FileNotFoundError."""

    def add_bytes(self, name: str, content: bytes) -> str:
        """Returns its hash."""


@contextmanager
def written(to: Path) -> Iterator[Writer]:
    """A new backup: a tar file where the name ends so, else a folder. Under another name until it
    is whole, and gone if it does not become whole. Raises NotDone where something is already.
    """
    if to.exists():
        raise NotDone(f"There is something at {to} already.")
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = to.with_name(f".{to.name}.{secrets.token_hex(4)}")
    try:
        if to.suffix == ".tar":
            with _private(draft) as out, tarfile.open(fileobj=out, mode="w") as tar:
                yield _Tar(tar)
        else:
            draft.mkdir(mode=0o700)
            yield _Folder(draft)
        # One call for a million files; whoever reads "done" may pull the plug.
        os.sync()
        draft.rename(to)
        folders.sync(to.parent)
    finally:
        if draft.is_dir():
            shutil.rmtree(draft)
        else:
            draft.unlink(missing_ok=True)


def _private(file: Path) -> BinaryIO:
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, name: str, file: Path) -> tuple[str, int]:
        with file.open("rb") as source, self._new(name) as to:
            return copied(source, to)

    def add_bytes(self, name: str, content: bytes) -> str:
        with self._new(name) as to:
            to.write(content)
        return hashlib.sha256(content).hexdigest()

    def _new(self, name: str) -> BinaryIO:
        place = self._folder / name
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _private(place)


class _Tar:
    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def add(self, name: str, file: Path) -> tuple[str, int]:
        with file.open("rb") as source:
            entry = self._entry(name, os.fstat(source.fileno()).st_size)
            hashing = _Hashing(source)
            self._tar.addfile(entry, hashing)
            return hashing.hashed.hexdigest(), entry.size

    def add_bytes(self, name: str, content: bytes) -> str:
        self._tar.addfile(self._entry(name, len(content)), io.BytesIO(content))
        return hashlib.sha256(content).hexdigest()

    def _entry(self, name: str, size: int) -> tarfile.TarInfo:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        return entry


class _Hashing(io.RawIOBase):
    """What is read from it is hashed as it passes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.hashed = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.hashed.update(piece)
        return piece


def names(backup: Path) -> Iterator[tuple[str, BinaryIO]]:
    """Every file in a backup, open for reading. Raises NotDone where it is damaged or none."""
    if backup.is_dir():
        for place in sorted(backup.rglob("*")):
            if place.is_symlink():
                raise NotDone("This backup is damaged: a link is in it.")
            if not place.is_dir():
                with place.open("rb") as file:
                    yield place.relative_to(backup).as_posix(), file
        return
    try:
        with tarfile.open(backup) as tar:
            for entry in tar:
                content = tar.extractfile(entry)
                if content is None:
                    raise NotDone("This backup is damaged: something else than files is in it.")
                with content:
                    yield entry.name, content  # type: ignore[misc]
    except FileNotFoundError:
        raise NotDone(f"There is no backup at {backup}.") from None
    except (tarfile.TarError, EOFError):
        raise NotDone("This is no backup, or it is cut off.") from None


def some(backup: Path, wanted: set[str]) -> dict[str, bytes]:
    """The content of these, as far as they are there."""
    return {name: file.read() for name, file in names(backup) if name in wanted}
