"""What a party's phone has to load before the first page is there: built, packed, in kilobytes."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from bench.demo import BUILT

MOST_KB = 60
ENTRY, ROOM = "src/seat/main.tsx", "src/seat/inside.tsx"
LATER = {"src/seat/host.tsx", "src/seat/papers/index.ts", "src/seat/more.tsx"}


@pytest.fixture
def manifest() -> dict[str, Any]:
    if not BUILT.exists():
        pytest.skip("The pages are not built: make setup")
    found: dict[str, Any] = json.loads(BUILT.read_text())
    return found


def needed(manifest: dict[str, Any], *chunks: str) -> set[str]:
    """These, and all that they can't do without."""
    found: set[str] = set()
    wanted = list(chunks)
    while wanted:
        chunk = wanted.pop()
        if chunk not in found:
            found.add(chunk)
            wanted += manifest[chunk].get("imports", [])
    return found


def packed_kb(manifest: dict[str, Any], chunks: set[str]) -> float:
    folder = BUILT.parents[1]
    files = (folder / manifest[chunk]["file"] for chunk in chunks)
    return sum(len(gzip.compress(file.read_bytes())) for file in files) / 1000


def test_the_first_page_and_the_room_are_small(manifest: dict[str, Any]) -> None:
    first = needed(manifest, ENTRY)
    assert 10 < packed_kb(manifest, first) < MOST_KB
    assert ROOM not in first, "who only reads the first page carries no room"
    room = needed(manifest, ENTRY, ROOM)
    assert manifest.keys() > LATER, "they are still called so"
    assert packed_kb(manifest, room) < MOST_KB
    assert room.isdisjoint(LATER), "loaded when it is wanted"
