"""The whole audit outside its house: every chain from its beginning, and every signed checkpoint.

A zip of `audit.jsonl`, `checkpoints.jsonl` (lines as in a bundle) and `key.txt`, the public key.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from recordings import audit_part, manifest
from recordings.problem import Problem
from recordings.record import Damaged
from recordings.segment import canonical

KEY = "key.txt"
FILES = {manifest.AUDIT, manifest.CHECKPOINTS, KEY}


def write(
    to: Path, entries: Iterable[Mapping[str, Any]], points: Iterable[Mapping[str, Any]], key: str
) -> None:
    """Whole or not at all. Raises OSError, FileExistsError where there is one already."""
    lines = [{f: point[f] for f in audit_part.CHECKPOINT} for point in points]
    try:
        with zipfile.ZipFile(to, "x", zipfile.ZIP_DEFLATED) as zipped:
            with zipped.open(manifest.AUDIT, "w", force_zip64=True) as file:
                for entry in entries:
                    file.write(audit_part.write([entry]))
            zipped.writestr(
                manifest.CHECKPOINTS, b"".join(canonical(line) + b"\n" for line in lines)
            )
            zipped.writestr(KEY, f"{key}\n")
    except FileExistsError:
        raise
    except BaseException:
        to.unlink(missing_ok=True)
        raise


def is_one(file: Path) -> bool:
    with zipfile.ZipFile(file) as zipped:
        return set(zipped.namelist()) == FILES


def check(file: Path, key: str | None) -> list[Problem]:
    """Entries and checkpoints that are not what was written; `key`: the one that was published."""
    with zipfile.ZipFile(file) as zipped:
        try:
            audit, points = zipped.read(manifest.AUDIT), zipped.read(manifest.CHECKPOINTS)
            said = zipped.read(KEY).decode().strip()
        except (KeyError, ValueError, zipfile.BadZipFile):
            raise Damaged("this is no audit") from None
    if key not in (None, said):
        return [Problem(KEY, "changed")]
    found = audit_part.check(manifest.AUDIT, audit)
    found += audit_part.check_seals(manifest.CHECKPOINTS, points, audit, said)
    return found + _beginnings(audit) + _ends(audit, points)


def _beginnings(audit: bytes) -> list[Problem]:
    """Chains whose first entries are gone."""
    first: dict[str, int] = {}
    for chain, n in _entries(audit):
        first.setdefault(chain, n)
    return [
        Problem(f"{manifest.AUDIT} {chain}", "missing", n)
        for chain, begins in first.items()
        for n in range(1, min(begins, 100))
    ]


def _ends(audit: bytes, points: bytes) -> list[Problem]:
    """Entries that were sealed and are not there, and checkpoints out of their order."""
    there = set(_entries(audit))
    found: list[Problem] = []
    expected, previous = 1, ""
    for line in points.splitlines():
        try:
            point = json.loads(line)
            n, names, seals = int(point["n"]), point["previous"], point["seals"]
        except (ValueError, KeyError, TypeError):
            continue  # `check_seals` names it.
        found += [Problem(manifest.CHECKPOINTS, "missing", gone) for gone in range(expected, n)][
            :100
        ]
        if n == expected and names != previous:
            found.append(Problem(manifest.CHECKPOINTS, "changed", n))
        expected, previous = n + 1, str(point["signature"])
        found += [
            Problem(f"{manifest.AUDIT} {chain}", "missing", last)
            for chain, last, _ in seals
            if (chain, last) not in there
        ]
    return found


def _entries(audit: bytes) -> list[tuple[str, int]]:
    found = []
    for line in audit.splitlines():
        try:
            entry = json.loads(line)
            found.append((str(entry["chain"]), int(entry["n"])))
        except (ValueError, KeyError, TypeError):
            continue  # `audit_part.check` names it.
    return found
