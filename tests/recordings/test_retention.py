"""The end: a destroyed key makes live data and a restored backup unreadable."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pypdfium2
import pytest

from recordings import certificate, index, retention, verify
from recordings.record import Damaged
from recordings.recording import Recording
from recordings.retention import Held, Policy, Tombstone, destroy
from recordings.room import hours
from recordings.segment import SegmentFile, file_name
from server.security import key_copy
from server.security.keys import KeyStore, recording_key
from server.words import speaking
from tests.recordings.evidence import NOW
from tests.recordings.simulation import ABOUT, AT, SECOND, START, add, rtp, unsafe, voice

WHY = "保存期满"


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    store = KeyStore(tmp_path / "keys")
    store.data.make(recording_key("rec-1"), "tenant-1")
    return store


@pytest.fixture
def folder(tmp_path: Path, keys: KeyStore) -> Path:
    key = keys.data.get(recording_key("rec-1"))
    assert key
    made = Recording(tmp_path / "recordings" / "rec-1", key, ABOUT, START, AT, unsafe)
    made.track(voice(), START)
    add(made, 1, rtp(1, 960, b"\xf8 said"), START)
    made.keep(made.take(START + SECOND))
    made.keep(made.end(START + 2 * SECOND, "done"))
    index.open_index(made.folder, key)
    return made.folder


def test_a_destroyed_key_makes_the_data_and_a_backup_unreadable(
    tmp_path: Path, keys: KeyStore, folder: Path
) -> None:
    backup = tmp_path / "backup"
    shutil.copytree(folder, backup)
    kept_keys = tmp_path / "kept.keys"
    key_copy.write(keys, kept_keys, "a long passphrase", NOW)
    head = SegmentFile(folder / file_name(1)).header.hash

    stone = destroy(keys.data, folder, "rec-1", NOW, WHY)

    assert (stone.head, stone.segments, stone.why) == (head, 2, WHY)
    assert not list(folder.glob("*.seg"))
    assert not (folder / index.CACHE).exists()
    assert retention.holds(folder)
    # A backup's files come back, and with them an older copy of the keys.
    restored = tmp_path / "restored"
    copy = key_copy.read(kept_keys, "a long passphrase")
    key_copy.put_back(copy, restored, keys.data.destroyed())
    for store in (keys, KeyStore(restored)):
        assert store.data.get(recording_key("rec-1")) is None
        store.data.make(recording_key("rec-1"), "tenant-1")
        assert store.data.get(recording_key("rec-1")) is None
    assert verify.folder(backup) == []
    with pytest.raises(Damaged):
        SegmentFile(backup / file_name(0)).open(bytes(32), 1)


def test_what_is_held_is_not_destroyed(keys: KeyStore, folder: Path) -> None:
    with pytest.raises(Held):
        destroy(keys.data, folder, "rec-1", NOW, WHY, held=True)
    with pytest.raises(Damaged):
        destroy(keys.data, folder, "rec-2", NOW, WHY)
    assert keys.data.get(recording_key("rec-1"))
    assert verify.folder(folder, keys.data.get(recording_key("rec-1"))) == []


def test_a_destruction_that_was_interrupted_is_finished(
    keys: KeyStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlink = Path.unlink

    def fails(path: Path, missing_ok: bool = False) -> None:
        if path.suffix == ".seg":
            raise OSError("the power is gone")
        unlink(path, missing_ok)

    with monkeypatch.context() as patched, pytest.raises(OSError, match="power"):
        patched.setattr(Path, "unlink", fails)
        destroy(keys.data, folder, "rec-1", NOW, WHY)
    assert keys.data.get(recording_key("rec-1")) is None
    first = json.loads((folder / retention.TOMBSTONE).read_bytes())
    stone = destroy(keys.data, folder, "rec-1", NOW.replace(year=2027), "again")
    assert stone.row() == first
    assert not list(folder.glob("*.seg"))


def test_headers_that_were_changed_afterwards_are_found(keys: KeyStore, folder: Path) -> None:
    destroy(keys.data, folder, "rec-1", NOW, WHY)
    headers = folder / retention.HEADERS
    whole = headers.read_bytes()
    for wrong in (whole.replace(b'"n":1', b'"n":2'), whole.splitlines(keepends=True)[0], b"x\n"):
        headers.write_bytes(wrong)
        assert not retention.holds(folder)


def test_a_policy_says_until_when() -> None:
    assert Policy("reading", 365).until(NOW).year == 2027


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_certificate_is_a_page(language: str) -> None:
    stone = Tombstone("rec-1", "sha256:" + 64 * "a", 2, 999, "2026", "2026", "2027", WHY)
    token = speaking.set(language)
    try:
        made = certificate.pdf(stone, "某某区人民调解委员会", "(2026)某调字第1号", "宣读协议")
    finally:
        speaking.reset(token)
    document = pypdfium2.PdfDocument(made)
    assert len(document) == 1
    assert document[0].get_size() == pytest.approx((595, 842), abs=1)
    document.close()


def test_the_disk_has_room_for_some_hours(tmp_path: Path) -> None:
    assert hours(tmp_path / "not yet", 1) > hours(tmp_path, 4) >= 0
