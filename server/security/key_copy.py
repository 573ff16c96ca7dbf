"""A copy of the key store for another place: sealed under a passphrase, meant to be short-lived.

Backups of data hold no keys. Without this copy they are unreadable, and with it they are readable
by whoever knows the passphrase. It is the *current* store: a key that was destroyed is in no copy
made afterwards, and in earlier ones for as long as somebody keeps those. So there is one copy, each
takes the place of the one before, and it says until when it is to be used.

One line of JSON says how it was sealed; AES-256-GCM under a key made by scrypt seals the rest and
the line with it.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import secrets
import sqlite3
import tarfile
from collections.abc import Iterable
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from server.security import folders, sealing
from server.security.data_keys import FILE as DATA_KEYS
from server.security.data_keys import forget
from server.security.keys import KeyStore

FORMAT = 1
GOOD_FOR = timedelta(days=7)
SHORTEST_PASSPHRASE = 12
_SCRYPT = {"n": 2**17, "r": 8, "p": 1}
"""128 MB and about half a second for each guess."""
_MEMORY = 256 * 1024 * 1024
_MOST_N = 2**20


class BadCopy(Exception):
    """It can't be used; says why in one sentence."""


@dataclass(frozen=True, slots=True)
class KeyCopy:
    """Opened: the files of a key store, by name."""

    made_at: datetime
    use_until: datetime
    files: dict[str, bytes]


def check(keys: KeyStore, to: Path, passphrase: str) -> None:
    """What `write` would refuse: to be asked before a long backup. Raises BadCopy."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise BadCopy(f"The passphrase needs at least {SHORTEST_PASSPHRASE} characters.")
    if to.absolute().is_relative_to(keys.folder.absolute()):
        raise BadCopy("The copy has to lie somewhere else than the keys themselves.")


def write(
    keys: KeyStore, to: Path, passphrase: str, now: datetime, good_for: timedelta = GOOD_FOR
) -> None:
    """Whole or not at all, in the place of an earlier copy, whose bytes are overwritten.

    Raises BadCopy for a passphrase that is too short and for a place inside the store.
    """
    check(keys, to, passphrase)
    keys.make_all()
    salt = secrets.token_bytes(16)
    how = {
        "format": FORMAT,
        "alg": sealing.ALG,
        "kdf": "scrypt",
        "salt": base64.b64encode(salt).decode(),
        **_SCRYPT,
        "made_at": now.isoformat(),
        "use_until": (now + good_for).isoformat(),
    }
    line = json.dumps(how, sort_keys=True).encode() + b"\n"
    key = _stretched(passphrase, salt, _SCRYPT)
    _put(to, line + sealing.seal_bytes(key, line, _packed(keys.folder)))


def read(file: Path, passphrase: str) -> KeyCopy:
    """Raises BadCopy: not one of ours, of a newer program, damaged, or another passphrase."""
    line, newline, sealed = file.read_bytes().partition(b"\n")
    try:
        how: dict[str, Any] = json.loads(line)
        known = newline and how["alg"] == sealing.ALG and how["kdf"] == "scrypt"
        if how["format"] > FORMAT:
            raise BadCopy("This copy of keys was made by a newer version of the program.")
        cost = {name: int(how[name]) for name in _SCRYPT}
        salt, made_at = base64.b64decode(how["salt"]), datetime.fromisoformat(how["made_at"])
        use_until = datetime.fromisoformat(how["use_until"])
    except (ValueError, KeyError, TypeError):
        known = False
    if not known or cost["n"] > _MOST_N or cost["r"] > 8 or cost["p"] > 1:
        raise BadCopy("This file is no copy of keys.")
    try:
        packed = sealing.unseal_bytes(_stretched(passphrase, salt, cost), line + newline, sealed)
    except sealing.Unreadable:
        raise BadCopy("The passphrase is another one, or the copy is damaged.") from None
    return KeyCopy(made_at, use_until, _unpacked(packed))


def put_back(copy: KeyCopy, folder: Path, destroyed: Iterable[str]) -> None:
    """Make a key store of it, but for the data keys that were destroyed after it was made."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, content in copy.files.items():
        _put(folder / name, content)
    if DATA_KEYS in copy.files:
        forget(folder / DATA_KEYS, destroyed)


def _stretched(passphrase: str, salt: bytes, cost: dict[str, int]) -> bytes:
    return hashlib.scrypt(passphrase.encode(), salt=salt, maxmem=_MEMORY, dklen=32, **cost)


def _packed(store: Path) -> bytes:
    """A tar of all keys, made in memory: in the open they are written nowhere."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for file in sorted(store.glob("*.key")):
            _add(tar, file.name, file.read_bytes())
        if (store / DATA_KEYS).exists():
            _add(tar, DATA_KEYS, _data_keys(store / DATA_KEYS))
    return packed.getvalue()


def _data_keys(file: Path) -> bytes:
    """As they are at one moment, while a server makes and destroys others."""
    with (
        closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as now,
        closing(sqlite3.connect(":memory:")) as copy,
    ):
        now.backup(copy)
        return copy.serialize()


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    tar.addfile(entry, io.BytesIO(content))


def _unpacked(packed: bytes) -> dict[str, bytes]:
    files = {}
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        for entry in tar:
            content = tar.extractfile(entry)
            if content is None or Path(entry.name).name != entry.name:
                raise BadCopy("This file is no copy of keys.")
            files[entry.name] = content.read()
    return files


def _put(file: Path, content: bytes) -> None:
    """For the account of the server alone, and durable when this returns."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        with _opened_if_there(file) as before:
            draft.replace(file)
            # The one before may hold keys that were destroyed since; only now is it of no use.
            if before is not None:
                _overwrite(before)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    folders.sync(file.parent)


def _opened_if_there(file: Path) -> AbstractContextManager[BinaryIO | None]:
    return file.open("r+b") if file.exists() else nullcontext()


def _overwrite(file: BinaryIO) -> None:
    """As far as the disk allows it."""
    left = file.seek(0, os.SEEK_END)
    file.seek(0)
    while left > 0:
        left -= file.write(bytes(min(left, 1 << 20)))
    file.flush()
    os.fsync(file.fileno())
