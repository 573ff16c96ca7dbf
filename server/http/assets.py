"""What Vite has built, by the name of its source: kept in memory, compressed once.

Every built file has its hash in its name, so a browser may keep it for ever.
"""

from __future__ import annotations

import gzip
import json
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

BASE = "/static/"
DIST = Path(__file__).parents[2] / "web/dist"
COMPRESSED = {"text/javascript", "text/css", "application/json", "image/svg+xml"}
mimetypes.add_type("text/javascript", ".js")


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    packed: bytes | None
    content_type: str


class Assets:
    def __init__(self, dist: Path = DIST) -> None:
        self._dist = dist

    @cached_property
    def _manifest(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = json.loads(
            (self._dist / ".vite/manifest.json").read_text()
        )
        return found

    @cached_property
    def _files(self) -> dict[str, Asset]:
        return {
            path.relative_to(self._dist).as_posix(): _read(path)
            for path in self._dist.rglob("*")
            if path.is_file() and ".vite" not in path.parts
        }

    def get(self, name: str) -> Asset | None:
        """The file at `/static/{name}`; None for whatever was not built."""
        return self._files.get(name)

    def url(self, source: str) -> str:
        """Where a built source is: `src/styles/base.css` → `/static/assets/base-Df3.css`."""
        return BASE + str(self._manifest[source]["file"])

    def styles(self, source: str) -> list[str]:
        """The style sheets that a script brings along, those of its parts first."""
        return [BASE + file for file in dict.fromkeys(self._styles(source, set()))]

    def _styles(self, source: str, seen: set[str]) -> Iterator[str]:
        if source in seen:
            return
        seen.add(source)
        for part in self._manifest[source].get("imports", ()):
            yield from self._styles(part, seen)
        yield from self._manifest[source].get("css", ())


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packed = gzip.compress(body, mtime=0) if content_type in COMPRESSED else None
    return Asset(body, packed if packed and len(packed) < len(body) else None, content_type)
