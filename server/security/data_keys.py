"""A data key for each case, in a key store of its own outside the database and its backups.

It is a small SQLite file beside the other keys, with one current copy of every key and no
history: what is deleted is overwritten, so that destroying a key is final. Keys are wrapped
(RFC 3394) under the tenant's key, which is another file. Which were destroyed is remembered, by
the id of their thing: none is made for it again, and none comes back from an older copy.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap

KEY_BYTES = 32
REMEMBERED = 4096
"""Keys kept unwrapped in memory, the least used going first."""

FILE = "data.sqlite3"
_TABLES = (
    "CREATE TABLE IF NOT EXISTS data_key (id TEXT PRIMARY KEY, tenant TEXT, wrapped BLOB)",
    "CREATE TABLE IF NOT EXISTS destroyed (id TEXT PRIMARY KEY)",
)
_ADD = (
    "INSERT OR IGNORE INTO data_key SELECT ?1, ?2, ?3"
    " WHERE NOT EXISTS (SELECT 1 FROM destroyed WHERE id = ?1)"
)


class DataKeys:
    """Calls are short (a file beside us) and safe from any thread. `wrapping` gives the key of a
    tenant, by its id.
    """

    def __init__(self, folder: Path, wrapping: Callable[[str], bytes]) -> None:
        self._file = folder / FILE
        self._wrapping = wrapping
        self._lock = threading.Lock()
        self._known: OrderedDict[str, bytes] = OrderedDict()
        self._opened: sqlite3.Connection | None = None

    def make(self, thing: str, tenant: str) -> None:
        """A key for this thing, durable when this returns. A thing that has one keeps it; one
        whose key was destroyed gets none."""
        self.make_many([thing], tenant)

    def make_many(self, things: Iterable[str], tenant: str) -> None:
        wrapping = self._wrapping(tenant)
        rows = [(t, tenant, aes_key_wrap(wrapping, secrets.token_bytes(KEY_BYTES))) for t in things]
        with self._lock, self._store() as store:
            store.executemany(_ADD, rows)

    def get(self, thing: str) -> bytes | None:
        """None: there never was a key, or it was destroyed."""
        with self._lock:
            if thing in self._known:
                self._known.move_to_end(thing)
                return self._known[thing]
            found = self._store().execute(
                "SELECT tenant, wrapped FROM data_key WHERE id = ?", (thing,)
            )
            row = found.fetchone()
            if row is None:
                return None
            key = self._known[thing] = aes_key_unwrap(self._wrapping(row[0]), row[1])
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
            return key

    def destroy(self, thing: str) -> None:
        """What was sealed with it can't be read any more, by anybody, ever."""
        with self._lock:
            self._known.pop(thing, None)
            _forget(self._store(), [thing])

    def known(self) -> set[str]:
        """All things that have a key."""
        with self._lock:
            return {row[0] for row in self._store().execute("SELECT id FROM data_key")}

    def destroyed(self) -> set[str]:
        """All things whose key was destroyed."""
        with self._lock:
            return {row[0] for row in self._store().execute("SELECT id FROM destroyed")}

    def close(self) -> None:
        with self._lock:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    def _store(self) -> sqlite3.Connection:
        if self._opened is None:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._opened = _open(self._file)
        return self._opened


def forget(file: Path, things: Iterable[str]) -> None:
    """Destroy these in a store that nobody has open: one that comes from an older copy."""
    with closing(_open(file)) as store:
        _forget(store, things)


def _forget(store: sqlite3.Connection, things: Iterable[str]) -> None:
    rows = [(thing,) for thing in things]
    with store:
        store.executemany("DELETE FROM data_key WHERE id = ?", rows)
        store.executemany("INSERT OR IGNORE INTO destroyed VALUES (?)", rows)


def _open(file: Path) -> sqlite3.Connection:
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    store = sqlite3.connect(file, timeout=10, check_same_thread=False)
    # Deleted keys are overwritten; no write-ahead log, which would keep them for a while.
    store.execute("PRAGMA secure_delete = ON")
    store.execute("PRAGMA journal_mode = TRUNCATE")
    store.execute("PRAGMA synchronous = FULL")
    with store:
        for table in _TABLES:
            store.execute(table)
    return store
