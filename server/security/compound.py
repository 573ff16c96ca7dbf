"""The files of Word and Excel before 2007: folders and files in a file (MS-CFB); we read names.

Only what is needed to say what a file is; sizes and chains in it are not believed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA
"""Numbers of sectors end below."""
_MOST_SECTORS = 4096
"""Of the directory, and of the table of tables."""
_SMALL = 4096
_FILEPASS = 0x2F


class Broken(Exception):
    """It begins like such a file and isn't one."""


@dataclass(frozen=True, slots=True)
class Compound:
    """`top`: where what lies in the outermost folder begins; at the end of all, what is too small
    to have a place of its own. `names`: of all, at any depth.
    """

    top: dict[str, int]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    begins: int
    before: int
    after: int
    child: int


def read(content: bytes) -> Compound:
    """Raises Broken."""
    try:
        found = list(_entries(content))
        return Compound(dict(_top(found)), frozenset(entry.name for entry in found))
    except (struct.error, ValueError, IndexError):
        raise Broken from None


def locked(content: bytes) -> bool:
    """Whether a document of Word or Excel says that it needs a password."""
    try:
        top = read(content).top
        if "WordDocument" in top:
            (flags,) = struct.unpack_from("<H", content, top["WordDocument"] + 0x0A)
            return bool(flags & 0x100)
        at = top["Workbook"] if "Workbook" in top else top["Book"]
        for _ in range(8):  # it stands near the beginning
            kind, length = struct.unpack_from("<HH", content, at)
            if kind == _FILEPASS:
                return True
            at += 4 + length
    except (Broken, KeyError, struct.error):
        pass
    return False


def _entries(content: bytes) -> Iterator[_Entry]:
    """The directory, whose first entry is the outermost folder."""
    (shift,) = struct.unpack_from("<H", content, 0x1E)
    if not content.startswith(MAGIC) or shift not in (9, 12):
        raise Broken
    size = 1 << shift
    for sector in _directory(content, size):
        for at in range(sector, sector + size, 128):
            length, kind = struct.unpack_from("<HB", content, at + 64)
            name = content[at : at + max(0, min(length, 64) - 2)] if kind else b""
            before, after, child = struct.unpack_from("<3L", content, at + 68)
            first, long = struct.unpack_from("<LL", content, at + 116)
            begins = (first + 1) * size if long >= _SMALL else len(content)
            yield _Entry(name.decode("utf-16-le", "replace"), begins, before, after, child)


def _top(found: list[_Entry]) -> Iterator[tuple[str, int]]:
    """The entries of a folder are a tree."""
    wanted, seen = [found[0].child], set[int]()
    while wanted:
        number = wanted.pop()
        if number in seen or number >= len(found):
            continue
        seen.add(number)
        entry = found[number]
        yield entry.name, entry.begins
        wanted += [entry.before, entry.after]


def _directory(content: bytes, size: int) -> Iterator[int]:
    """Where its sectors begin, by the tables that name each one's next."""
    tables = _tables(content, size)
    (sector,) = struct.unpack_from("<L", content, 0x30)
    for _ in range(_MOST_SECTORS):
        if sector >= _LAST:
            return
        yield (sector + 1) * size
        table, entry = divmod(sector, size // 4)
        (sector,) = struct.unpack_from("<L", content, (tables[table] + 1) * size + 4 * entry)
    raise Broken


def _tables(content: bytes, size: int) -> list[int]:
    """The sectors that are tables; the first 109 stand in the header, others in a chain."""
    tables = list(struct.unpack_from("<109L", content, 0x4C))
    (sector,) = struct.unpack_from("<L", content, 0x44)
    for _ in range(_MOST_SECTORS):
        if sector >= _LAST:
            return tables
        *more, sector = struct.unpack_from(f"<{size // 4}L", content, (sector + 1) * size)
        tables += more
    raise Broken
