"""A backup while the server runs: the database as it was at one moment, every file it names, and
what is whole of its recordings.

Files never change once a row names them, so copying them after the database is right unless one was
deleted in between; then the database is copied once more. Keys are never in it: see
`server.security.key_copy`.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from server.security.keys import KeyStore
from server.services.keeping import archive, manifest, recordings
from server.services.keeping.archive import Writer
from server.services.keeping.engines import Progress, Snapshot, engine_of, snapshot
from server.services.keeping.manifest import DATABASE, DESTROYED, FILES, HASHES, Manifest, NotDone
from server.settings import Settings
from server.store.blobs import place

TRIES = 5
"""How often the database is copied anew because a file was deleted meanwhile."""

AT_ONCE = 200


def silent(_what: str, _done: int, _of: int) -> None:
    """Tells nobody."""


async def backup(
    config: Settings,
    keys: KeyStore,
    to: Path,
    clock: Callable[[], datetime],
    progress: Progress = silent,
) -> Manifest:
    """A tar file where `to` ends so, else a folder; whole when this returns. Raises NotDone.

    The database may be at an older level than this program: nothing is migrated.
    """
    if to.absolute().is_relative_to(config.data_dir.absolute()):
        raise NotDone("A backup has to lie somewhere else than what it is of.")
    made_at = clock()
    with archive.written(to) as out:
        hashes: dict[str, str] = {}
        size = 0
        database = DATABASE[engine_of(config.database)]
        aside = to.with_name(f".{to.name}.{secrets.token_hex(4)}.{database}")
        for _ in range(TRIES):
            async with snapshot(config.database, aside, progress) as taken:
                added, complete = await _add_files(config, out, taken, hashes, progress)
                size += added
                if complete:
                    hashes[database], added = await asyncio.to_thread(out.add, database, taken.file)
                    break
        else:
            raise NotDone("A file that the database names is missing from the folder of files.")
        size += added
        folder = config.data_dir / recordings.FOLDER
        named = taken.recordings
        added, lacking = await recordings.add(folder, keys, out, named, hashes, progress)
        size += added
        files = len(hashes) - 1
        # After all that is copied: whatever lost its key meanwhile is named here.
        gone = "".join(f"{thing}\n" for thing in sorted(keys.data.destroyed()))
        hashes[DESTROYED] = out.add_bytes(DESTROYED, gone.encode())
        lines = manifest.hash_lines(hashes)
        made = Manifest(
            format=manifest.FORMAT,
            alg=manifest.ALG,
            made_at=made_at.isoformat(),
            engine=engine_of(config.database),
            level=taken.level,
            rows=taken.rows,
            files=files,
            size=size,
            hashes=hashlib.sha256(lines).hexdigest(),
            lacking=lacking,
        )
        out.add_bytes(HASHES, lines)
        out.add_bytes(manifest.MANIFEST, made.text())
        out.add_bytes(manifest.SIGNATURE, keys.sign(made.text()).encode())
        return made


async def _add_files(
    config: Settings, out: Writer, taken: Snapshot, hashes: dict[str, str], progress: Progress
) -> tuple[int, bool]:
    """Those not copied yet: their bytes, and whether all were there."""
    new = sorted(blob for blob in taken.blobs if name_of(blob) not in hashes)
    size, missing = 0, 0
    for start in range(0, len(new), AT_ONCE):
        progress("files", start, len(new))
        for blob in new[start : start + AT_ONCE]:
            file = place(config.data_dir / FILES, blob)
            try:
                found = await asyncio.to_thread(out.add, name_of(blob), file)
            except FileNotFoundError:
                missing += 1
                continue
            hashes[name_of(blob)], added = found
            size += added
    progress("files", len(new), len(new))
    return size, not missing


def name_of(blob: str) -> str:
    """In a backup as in the folder of files."""
    return f"{FILES}/{place(Path(), blob).as_posix()}"
