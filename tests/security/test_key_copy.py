from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.security import key_copy
from server.security.key_copy import BadCopy
from server.security.keys import KeyStore

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
WORDS = "correct horse battery"
TENANT = "t" * 36


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_copy, "_SCRYPT", {"n": 2, "r": 8, "p": 1})


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    store = KeyStore(tmp_path / "keys")
    store.data.make_many(["a", "b"], TENANT)
    return store


def test_what_is_copied_comes_back(keys: KeyStore, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    key_copy.write(keys, copy, WORDS, NOW)
    assert copy.stat().st_mode & 0o077 == 0
    opened = key_copy.read(copy, WORDS)
    assert (opened.made_at, opened.use_until) == (NOW, NOW + key_copy.GOOD_FOR)
    key_copy.put_back(opened, tmp_path / "again", ["b"])
    again = KeyStore(tmp_path / "again")
    assert again.data.get("a") == keys.data.get("a")
    assert again.data.get("b") is None
    assert again.data.destroyed() == {"b"}
    for name in ("link_key", "lookup_key", "own_key"):
        assert getattr(again, name) == getattr(keys, name)
    assert again.signed(b"x", keys.sign(b"x"))
    assert [f for f in (tmp_path / "again").rglob("*") if f.stat().st_mode & 0o077] == []


def test_no_key_can_be_seen_in_it(keys: KeyStore, tmp_path: Path) -> None:
    key_copy.write(keys, tmp_path / "copy", WORDS, NOW)
    text = (tmp_path / "copy").read_bytes()
    files = [file.read_bytes() for file in keys.folder.glob("*.key")]
    assert len(files) == 5
    assert [key for key in files if key in text] == []


def test_another_passphrase_and_any_change_is_refused(keys: KeyStore, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    key_copy.write(keys, copy, WORDS, NOW)
    with pytest.raises(BadCopy, match="passphrase is another one"):
        key_copy.read(copy, WORDS + "!")
    line, _, sealed = copy.read_bytes().partition(b"\n")
    later = {**json.loads(line), "use_until": (NOW + timedelta(days=999)).isoformat()}
    copy.write_bytes(json.dumps(later, sort_keys=True).encode() + b"\n" + sealed)
    with pytest.raises(BadCopy, match="damaged"):
        key_copy.read(copy, WORDS)
    copy.write_bytes(line + b"\n" + sealed[:-1])
    with pytest.raises(BadCopy, match="damaged"):
        key_copy.read(copy, WORDS)


@pytest.mark.parametrize(
    ("change", "match"),
    [({"format": 2}, "newer version"), ({"n": 2**30}, "no copy"), ({"kdf": "md5"}, "no copy")],
)
def test_what_is_none_of_ours_is_refused(
    keys: KeyStore, tmp_path: Path, change: dict[str, object], match: str
) -> None:
    copy = tmp_path / "copy"
    key_copy.write(keys, copy, WORDS, NOW)
    line, _, sealed = copy.read_bytes().partition(b"\n")
    copy.write_bytes(json.dumps({**json.loads(line), **change}).encode() + b"\n" + sealed)
    with pytest.raises(BadCopy, match=match):
        key_copy.read(copy, WORDS)
    copy.write_bytes(b"something else")
    with pytest.raises(BadCopy, match="no copy"):
        key_copy.read(copy, WORDS)


def test_there_is_one_copy_and_the_one_before_is_overwritten(
    keys: KeyStore, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    key_copy.write(keys, copy, WORDS, NOW)
    before = copy.read_bytes()
    with copy.open("rb") as still_open:
        key_copy.write(keys, copy, WORDS, NOW)
        assert still_open.read() == bytes(len(before))
    assert sorted(f.name for f in tmp_path.iterdir()) == ["copy", "keys"]
    assert key_copy.read(copy, WORDS).files


@pytest.mark.parametrize("where", ["keys/copy", "keys"])
def test_it_does_not_lie_beside_the_keys(keys: KeyStore, tmp_path: Path, where: str) -> None:
    with pytest.raises(BadCopy, match="somewhere else"):
        key_copy.write(keys, tmp_path / where, WORDS, NOW)


def test_a_short_passphrase_is_refused(keys: KeyStore, tmp_path: Path) -> None:
    with pytest.raises(BadCopy, match="at least 12"):
        key_copy.write(keys, tmp_path / "copy", "short", NOW)


def test_guessing_costs_time_and_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert key_copy._SCRYPT["n"] * key_copy._SCRYPT["r"] * 128 >= 128 * 1024 * 1024
