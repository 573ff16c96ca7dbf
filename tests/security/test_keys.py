from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from recordings import signing
from server.security.keys import KEY_BYTES, KeyStore, KeyUnusable


def test_a_key_is_made_once_and_kept(tmp_path: Path) -> None:
    key = KeyStore(tmp_path / "keys").link_key
    assert len(key) == KEY_BYTES
    assert KeyStore(tmp_path / "keys").link_key == key
    assert KeyStore(tmp_path / "others").link_key != key


def test_only_the_servers_own_account_may_read_it(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path / "keys")
    assert keys.link_key
    (file,) = keys.folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.folder.stat().st_mode) == 0o700


def test_servers_that_start_at_once_have_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: KeyStore(tmp_path / "keys").link_key, range(8)))
    assert len(keys) == 1
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["link.key"]


def test_what_was_signed_is_told_from_what_was_not(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path / "keys")
    signature = keys.sign(b"message")
    assert KeyStore(tmp_path / "keys").signed(b"message", signature)
    assert not keys.signed(b"massage", signature)
    assert not KeyStore(tmp_path / "others").signed(b"message", signature)
    for wrong in ("", "AAAA", "和", signature[:-4]):
        assert not keys.signed(b"message", wrong)


def test_who_has_no_keys_checks_a_signature_too(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path / "keys")
    signature = keys.sign(b"message")
    assert signing.holds(keys.audit_public_key, b"message", signature)
    assert not signing.holds(keys.audit_public_key, b"massage", signature)
    assert not signing.holds(KeyStore(tmp_path / "others").audit_public_key, b"message", signature)


@pytest.mark.parametrize("content", [b"", b"short", b"x" * (KEY_BYTES + 1)])
def test_a_damaged_key_is_said_so_and_never_replaced(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "link.key"
    file.write_bytes(content)
    with pytest.raises(KeyUnusable):
        _ = KeyStore(tmp_path).link_key
    assert file.read_bytes() == content
