from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.security.sealing import Unreadable
from server.store.blobs import CHUNK, Blobs

KEY = secrets.token_bytes(32)


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "files")


def kept(blobs: Blobs, tmp_path: Path) -> list[Path]:
    return [file for file in (tmp_path / "files").rglob("*") if file.is_file()]


async def pieces(content: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def whole(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7])
async def test_what_was_put_comes_back(blobs: Blobs, tmp_path: Path, size: int) -> None:
    content = secrets.token_bytes(size)
    stored = await blobs.put(KEY, pieces(content, 300_000))
    assert stored.size == size
    assert await whole(blobs.get(KEY, stored.id)) == content
    with blobs.open(KEY, stored.id) as file:
        assert file.read() == content
    (file_kept,) = kept(blobs, tmp_path)
    if size > 40:  # a single byte is found by chance
        assert content[:40] not in file_kept.read_bytes()
    assert file_kept.stat().st_mode & 0o777 == 0o600


async def test_a_range_is_that_part(blobs: Blobs) -> None:
    content = secrets.token_bytes(3 * CHUNK)
    stored = await blobs.put_bytes(KEY, content)
    for first, last in ((0, 0), (5, CHUNK + 5), (CHUNK, 2 * CHUNK - 1), (3 * CHUNK - 1, None)):
        end = None if last is None else last + 1
        assert await whole(blobs.range(KEY, stored.id, first, last)) == content[first:end]
    with blobs.open(KEY, stored.id) as file:
        file.seek(2 * CHUNK - 3)
        assert file.read(6) == content[2 * CHUNK - 3 : 2 * CHUNK + 3]
        assert file.seek(-1, 2) == len(content) - 1


async def test_what_was_changed_is_not_given_out(blobs: Blobs, tmp_path: Path) -> None:
    stored = await blobs.put_bytes(KEY, secrets.token_bytes(2 * CHUNK + 1))
    (file,) = kept(blobs, tmp_path)
    good, chunk = file.read_bytes(), CHUNK + 28
    swapped = good[chunk : 2 * chunk] + good[:chunk] + good[2 * chunk :]
    for bad in (good[:50] + b"\0\1" + good[52:], swapped, good[: 2 * chunk], good + good[-29:]):
        file.write_bytes(bad)
        with pytest.raises(Unreadable):
            await whole(blobs.get(KEY, stored.id))
    file.write_bytes(good)
    with pytest.raises(Unreadable):
        await whole(blobs.get(secrets.token_bytes(32), stored.id))


async def test_what_breaks_off_leaves_nothing(blobs: Blobs, tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield secrets.token_bytes(2 * CHUNK)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await blobs.put(KEY, broken())
    assert kept(blobs, tmp_path) == []


async def test_deleted_is_gone_and_twice_is_once(blobs: Blobs, tmp_path: Path) -> None:
    stored = await blobs.put_bytes(KEY, b"x")
    assert await blobs.older(3600) == []
    assert await blobs.older(-1) == [stored.id]
    await blobs.delete(stored.id)
    await blobs.delete(stored.id)
    assert kept(blobs, tmp_path) == []
    with pytest.raises(FileNotFoundError):
        await whole(blobs.get(KEY, stored.id))
