"""A part of the audit chain, outside its house: entries, and the signed checkpoints over them.

It is written here once more what an entry's hash covers, from docs/evidence-format.md and not from
the program that made it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from recordings import signing
from recordings.problem import Problem
from recordings.segment import HASH, canonical, digest

ENTRY = ("chain", "n", "previous", "at", "verb", "actor", "thing", "body", "alg", "hash")
"""Fields of an entry; `body` is the text that was hashed."""
CHECKPOINT = ("n", "at", "alg", "previous", "signature", "seals")


def write(entries: Sequence[Mapping[str, Any]]) -> bytes:
    return b"".join(canonical({f: entry[f] for f in ENTRY}) + b"\n" for entry in entries)


def check(where: str, content: bytes) -> list[Problem]:
    """Entries that were changed, are gone between others, or stand elsewhere."""
    problems: list[Problem] = []
    ends: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(content.split(b"\n")[:-1]):
        try:
            entry = json.loads(line)
            chain, n = str(entry["chain"]), int(entry["n"])
            good = entry_hash(entry) == entry["hash"]
        except (ValueError, KeyError, TypeError):
            problems.append(Problem(where, "changed", number))
            continue
        name = f"{where} {chain}"
        last, previous = ends.get(chain, (n - 1, str(entry["previous"])))
        if not good:
            problems.append(Problem(name, "changed", n))
        if n <= last:
            problems.append(Problem(name, "reordered", n))
        elif n > last + 1:
            problems += [Problem(name, "missing", gone) for gone in range(last + 1, n)][:100]
        elif entry["previous"] != previous and good:
            problems.append(Problem(name, "changed", last))
        ends[chain] = n, str(entry["hash"])
    return problems


def check_seals(where: str, content: bytes, audit: bytes, key: str) -> list[Problem]:
    """Checkpoints whose signature does not hold, and entries that are not what was sealed."""
    hashes: dict[tuple[str, int], str] = {}
    for line in audit.splitlines():
        try:
            entry = json.loads(line)
            hashes[str(entry["chain"]), int(entry["n"])] = str(entry["hash"])
        except (ValueError, KeyError, TypeError):
            continue  # `check` names it.
    problems = []
    for number, line in enumerate(content.split(b"\n")[:-1]):
        try:
            point = json.loads(line)
            signed = {f: point[f] for f in CHECKPOINT if f != "signature"}
            good = signing.holds(key, canonical(signed), str(point["signature"]))
            seals = [(str(c), int(n), str(h)) for c, n, h in point["seals"]]
        except (ValueError, KeyError, TypeError):
            good, seals = False, []
        if not good:
            problems.append(Problem(where, "unsigned", number))
        for chain, n, sealed in seals:
            if hashes.get((chain, n), sealed) != sealed:
                problems.append(Problem(f"audit.jsonl {chain}", "changed", n))
    return problems


def entry_hash(entry: Mapping[str, Any]) -> str:
    """Over all of it but its number, which the links imply, and the hash itself."""
    content = {f: entry[f] for f in ENTRY if f not in ("n", "hash")}
    if entry["alg"] != HASH:
        raise ValueError("another hash")
    return digest(canonical(content))
