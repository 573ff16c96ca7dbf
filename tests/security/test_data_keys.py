from __future__ import annotations

import threading
from pathlib import Path

import pytest

from server.security.data_keys import REMEMBERED, DataKeys
from server.security.keys import KeyStore

TENANT = "t" * 36


def keys(folder: Path) -> DataKeys:
    return KeyStore(folder / "keys").data


def test_a_thing_keeps_its_key(tmp_path: Path) -> None:
    store = keys(tmp_path)
    store.make("case", TENANT)
    key = store.get("case")
    store.make("case", TENANT)
    store.close()
    assert key is not None
    assert len(key) == 32
    assert keys(tmp_path).get("case") == key


def test_every_thing_has_another_key(tmp_path: Path) -> None:
    store = keys(tmp_path)
    store.make_many(["a", "b", "c"], TENANT)
    assert len({store.get(name) for name in "abc"}) == 3
    assert store.get("d") is None


def test_a_destroyed_key_is_gone_from_memory_and_from_the_file(tmp_path: Path) -> None:
    store = keys(tmp_path)
    store.make_many([f"case{n}" for n in range(50)], TENANT)
    store.get("case7")
    file = tmp_path / "keys/data.sqlite3"
    row = store._store().execute("SELECT wrapped FROM data_key WHERE id = 'case7'").fetchone()
    assert row[0] in file.read_bytes()
    store.destroy("case7")
    assert store.get("case7") is None
    store.close()
    for left in tmp_path.rglob("*"):
        assert not left.is_file() or row[0] not in left.read_bytes()
    assert keys(tmp_path).get("case8") is not None


def test_what_lies_in_the_file_opens_nothing_without_the_tenants_key(tmp_path: Path) -> None:
    store = keys(tmp_path)
    store.make("case", TENANT)
    key = store.get("case")
    store.close()
    assert key is not None
    assert key not in (tmp_path / "keys/data.sqlite3").read_bytes()
    assert (tmp_path / "keys/data.sqlite3").stat().st_mode & 0o077 == 0


def test_only_so_many_are_remembered_and_all_are_found(tmp_path: Path) -> None:
    store = keys(tmp_path)
    names = [str(n) for n in range(REMEMBERED + 10)]
    store.make_many(names, TENANT)
    found = {store.get(name) for name in names}
    assert len(found) == len(names)
    assert len(store._known) == REMEMBERED
    assert store.get("0") in found


def test_many_threads_at_once_agree(tmp_path: Path) -> None:
    store, found = keys(tmp_path), []

    def use() -> None:
        store.make("case", TENANT)
        found.append(store.get("case"))

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


@pytest.mark.parametrize("name", ["lookup_key", "own_key", "link_key"])
def test_each_purpose_has_a_key_of_its_own(tmp_path: Path, name: str) -> None:
    store = KeyStore(tmp_path / "keys")
    mine = getattr(store, name)
    others = {store.lookup_key, store.own_key, store.link_key} - {mine}
    assert len(others) == 2
    assert getattr(KeyStore(tmp_path / "keys"), name) == mine
