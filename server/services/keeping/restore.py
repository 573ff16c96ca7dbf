"""A backup put back into an empty folder, and everything in it looked at before it counts.

Nothing is in its place until the whole of it holds: damaged, changed or newer backups leave an
empty folder as it was.
"""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from server.security import folders, key_copy
from server.security.key_copy import KeyCopy
from server.security.keys import KeyStore, recording_key
from server.services.keeping import archive, engines, manifest, recordings
from server.services.keeping.backup import name_of, silent
from server.services.keeping.engines import Progress, engine_of
from server.services.keeping.manifest import (
    DATABASE,
    DESTROYED,
    FILES,
    HASHES,
    MANIFEST,
    SIGNATURE,
    Manifest,
    NotDone,
)
from server.settings import Settings
from server.store import audit, checkpoints, contents, migrate
from server.store.store import Store

KEYS = "keys"
_DRAFT = ".restoring"
_TOLD_EVERY = 200


@dataclass(frozen=True, slots=True)
class Restored:
    """`level`: where the database was, and `now` where it is. `destroyed` cases' keys were
    destroyed on purpose; `without_key` cases have none for another reason: they are newer than the
    copy of the keys, or there was no copy. `recordings`: how many are back, and of how many of
    these there is no key for either reason.
    """

    made: Manifest
    now: str
    cases: int
    destroyed: int
    without_key: int
    recordings: int
    unreadable: int


async def restore(
    config: Settings,
    backup: Path,
    keys: KeyCopy | None,
    clock: datetime,
    *,
    old_keys: bool = False,
    progress: Progress = silent,
) -> Restored:
    """`keys` None: without what is sealed, for nobody can read it. Raises NotDone.

    `old_keys`: take a copy of keys that is past its time.
    """
    if keys is not None and clock > keys.use_until and not old_keys:
        raise NotDone(
            "This copy of the keys is past its time: keys that were destroyed since may be in it. "
            "If there is no newer one, --old-keys takes it."
        )
    made = await asyncio.to_thread(read, backup, config.database)
    with _draft(config.data_dir) as draft:
        hashes = await asyncio.to_thread(_copy, backup, draft, made, progress)
        if keys is not None:
            gone = (draft / DESTROYED).read_text("utf-8").split()
            key_copy.put_back(keys, draft / KEYS, gone)
            _check_signature(draft, made)
        copy = draft / DATABASE[made.engine]
        database = f"sqlite:///{copy}" if made.engine == "sqlite" else config.database
        async with engines.filled(database, copy, progress):
            done = await _checked(database, made, draft, set(hashes), progress)
            await asyncio.to_thread(_settle, draft, config.data_dir)
    return done


def read(backup: Path, database: str) -> Manifest:
    """The manifest, if this program and database can take the backup. Raises NotDone."""
    found = archive.some(backup, {MANIFEST})
    if MANIFEST not in found:
        raise NotDone("This is no backup, or it is cut off: it has no manifest.")
    made = manifest.read(found[MANIFEST])
    if made.level and made.level not in migrate.levels():
        raise NotDone(
            f"This backup is at level {made.level}, which this version of the program does not "
            f"know. Use the version that made it, or a newer one."
        )
    if made.engine != engine_of(database):
        raise NotDone(
            f"This backup is of {made.engine}, and database_url names {engine_of(database)}."
        )
    return made


@contextmanager
def _draft(data_dir: Path) -> Iterator[Path]:
    """A folder inside the one that is to be filled. Raises NotDone unless that is empty."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = data_dir / _DRAFT
    if draft.exists():
        # A restore that was broken off.
        shutil.rmtree(draft)
    if any(data_dir.iterdir()):
        raise NotDone(f"{data_dir} isn't empty. A restore needs a folder that is.")
    draft.mkdir(mode=0o700)
    try:
        yield draft
    finally:
        shutil.rmtree(draft)


def _copy(backup: Path, draft: Path, made: Manifest, progress: Progress) -> dict[str, str]:
    """Everything, as its hashes say, and nothing else. Raises NotDone."""
    hashes: dict[str, str] = {}
    found: dict[str, str] = {}
    for name, file in archive.names(backup):
        if len(found) % _TOLD_EVERY == 0:
            progress("files", min(len(found), made.files), made.files)
        place = draft / name
        if not place.resolve().is_relative_to(draft.resolve()) or name in found:
            raise NotDone(f"This backup is damaged: {name} does not belong in it.")
        found[name] = _copy_one(file, place)
    if found.get(HASHES) != made.hashes:
        raise NotDone(f"This backup is damaged: {HASHES} isn't what its manifest says.")
    hashes = manifest.read_hashes((draft / HASHES).read_bytes())
    for name in sorted(hashes.keys() | found.keys() - {HASHES, MANIFEST, SIGNATURE}):
        if found.get(name) != hashes.get(name):
            how = "is missing" if name not in found else "isn't what it was"
            raise NotDone(f"This backup is damaged: {name} {how}.")
    return hashes


def _copy_one(file: BinaryIO, place: Path) -> str:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as to:
            return manifest.copied(file, to)[0]
    except OSError as wrong:
        why = wrong.strerror or "it is cut off"
        raise NotDone(f"{place.name} can't be copied: {why}.") from None


def _check_signature(draft: Path, made: Manifest) -> None:
    """By the key that the audit's checkpoints are signed with."""
    try:
        signature = (draft / SIGNATURE).read_text("ascii").strip()
        base64.b64decode(signature, validate=True)
    except (FileNotFoundError, ValueError):
        signature = ""
    if not KeyStore(draft / KEYS).signed((draft / MANIFEST).read_bytes(), signature):
        raise NotDone(
            "The backup's signature does not hold: it was changed, or these are the keys of "
            "another server."
        )


async def _checked(
    database: str, made: Manifest, draft: Path, there: set[str], progress: Progress
) -> Restored:
    """Raises NotDone for the first thing that isn't as it was. Migrates up to this program."""
    progress("checks", 0, 0)
    store = Store(database)
    keys = KeyStore(draft / KEYS)
    gone = set((draft / DESTROYED).read_text("utf-8").split())
    known: set[str] = set()
    if (draft / KEYS).exists():
        known, gone = keys.data.known(), gone | keys.data.destroyed()
        keys.data.close()
    try:
        async with store.read() as conn:
            if (at := await migrate.level(conn)) != made.level:
                raise NotDone(f"The database is at level {at}, and not {made.level}.")
            if await contents.rows(conn) != made.rows:
                raise NotDone("The database has not as many rows as it had.")
            if missing := {name_of(blob) for blob in await contents.blobs(conn)} - there:
                raise NotDone(f"This backup is incomplete: {min(missing)} is missing.")
            named = await contents.recordings(conn)
            lost = set(recordings.missing(named, there, gone)) - set(made.lacking)
            if lost and made.with_recordings:
                raise NotDone(f"This backup is incomplete: recording {min(lost)} is missing.")
        await migrate.upgrade(database)
        async with store.read() as conn:
            broken = await audit.verify(conn)
            if (draft / KEYS).exists():
                broken += await checkpoints.verify(conn, keys.signed)
            if broken:
                raise NotDone(f"An audit chain does not hold: {broken[0]}")
            cases, now = await contents.things(conn), await migrate.level(conn)
    finally:
        await store.close()
    without = cases - known
    back = recordings.segments(there)
    unreadable = sum(recording_key(one) not in known for one in back)
    return Restored(
        made, now, len(cases), len(without & gone), len(without - gone), len(back), unreadable
    )


def _settle(draft: Path, data_dir: Path) -> None:
    """Into place, the database last: without it, what lies there is no server's."""
    for name in (FILES, recordings.FOLDER, KEYS, DATABASE["sqlite"]):
        if (draft / name).exists():
            (draft / name).rename(data_dir / name)
    os.sync()
    folders.sync(data_dir)
