"""Folders of recordings, in backups: what is whole in them at a moment, and whether all is there.

A recording's files never change once they have their names, and a segment gets its name only when
those before it have theirs; so what is whole of one that is being written is a recording up to
there. Once a key is destroyed the sealed segments are worth nothing to anybody, and only what is
left as proof is taken.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from server.security.keys import KeyStore, recording_key
from server.services.keeping.archive import Writer
from server.services.keeping.engines import Progress

FOLDER = "recordings"
"""In a backup as in the folder of data."""
SEGMENT = ".seg"
AT_ONCE = 200


async def add(
    folder: Path,
    keys: KeyStore,
    out: Writer,
    named: Mapping[str, int],
    hashes: dict[str, str],
    progress: Progress,
) -> tuple[int, list[str]]:
    """`named`: of each recording how many segments it is known to have. Returns how many bytes, and
    of which recordings segments are missing: what is lost is no reason to keep nothing of the rest.
    """
    lacking: list[str] = []
    gone = keys.data.destroyed()
    of = await asyncio.to_thread(lambda: sum(len(whole(folder / one)) for one in named))
    size, done = 0, 0

    def tell() -> None:
        nonlocal done
        if done % AT_ONCE == 0:
            progress(FOLDER, min(done, of), of)
        done += 1

    for one in sorted(named):
        living = recording_key(one) not in gone
        found, added = await asyncio.to_thread(_add, folder, one, living, out, hashes, tell)
        size += added
        if living and found < named[one]:
            # Unless it came to its end just now: then what is left of it is taken.
            gone = keys.data.destroyed()
            if recording_key(one) not in gone:
                lacking.append(one)
                continue
            size += (await asyncio.to_thread(_add, folder, one, False, out, hashes, tell))[1]
    progress(FOLDER, of, of)
    return size, lacking


def _add(
    folder: Path,
    one: str,
    living: bool,
    out: Writer,
    hashes: dict[str, str],
    tell: Callable[[], None],
) -> tuple[int, int]:
    """What of it isn't in `hashes` yet: how many segments, how many bytes."""
    found, size = 0, 0
    for name in whole(folder / one):
        inside = f"{FOLDER}/{one}/{name}"
        if inside in hashes or (not living and name.endswith(SEGMENT)):
            continue
        tell()
        try:
            hashes[inside], added = out.add(inside, folder / one / name)
        except FileNotFoundError:  # Destroyed meanwhile; otherwise it lacks in the number.
            continue
        found += name.endswith(SEGMENT)
        size += added
    return found, size


def whole(folder: Path) -> list[str]:
    """Names of what is whole in a recording's folder, of which there may be none.

    While a folder is read a file that is new may be missed and one that is newer seen. So it is
    read twice: whatever is older than something seen the first time is seen the second time.
    """
    newest = max((name for name in _names(folder) if name.endswith(SEGMENT)), default="")
    return sorted(n for n in _names(folder) if not n.endswith(SEGMENT) or n <= newest)


def _names(folder: Path) -> Iterator[str]:
    """Drafts begin with a dot."""
    try:
        with os.scandir(folder) as found:
            yield from (file.name for file in found if not file.name.startswith("."))
    except FileNotFoundError:
        return


def missing(named: Mapping[str, int], there: Iterable[str], gone: Collection[str]) -> list[str]:
    """Recordings whose key lives and of which fewer segments are `there` than are known."""
    found = segments(there)
    return sorted(
        one for one, n in named.items() if found[one] < n and recording_key(one) not in gone
    )


def segments(there: Iterable[str]) -> Counter[str]:
    """How many of each recording are there."""
    return Counter(
        name.split("/")[1]
        for name in there
        if name.startswith(f"{FOLDER}/") and name.endswith(SEGMENT)
    )
