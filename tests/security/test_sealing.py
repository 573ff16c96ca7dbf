from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.security.sealing import Unreadable, lookup, seal, seal_bytes, unseal, unseal_bytes

KEY, OTHER = b"k" * 32, b"o" * 32


@given(st.text())
def test_what_was_sealed_comes_back(text: str) -> None:
    sealed = seal(KEY, "note:1", text)
    # Half a character, which no page can send, becomes a question mark.
    assert unseal(KEY, "note:1", sealed) == text.encode("utf-8", "replace").decode()


def test_nothing_of_it_can_be_read_and_it_is_never_the_same_twice() -> None:
    one, two = (seal(KEY, "note:1", "王敏 13800000000") for _ in range(2))
    assert one != two
    raw = base64.b64decode(one.partition(":")[2])
    for word in ("王敏", "13800000000"):
        assert word.encode() not in raw
    assert one.startswith("aes256gcm:")


@pytest.mark.parametrize(
    ("key", "field", "spoil"),
    [
        (OTHER, "note:1", ""),
        (KEY, "note:2", ""),
        (KEY, "note:1", "alg"),
        (KEY, "note:1", "bit"),
        (KEY, "note:1", "short"),
    ],
)
def test_another_key_place_or_content_is_noticed(key: bytes, field: str, spoil: str) -> None:
    sealed = seal(KEY, "note:1", "words")
    if spoil == "alg":
        sealed = sealed.replace("aes256gcm", "sm4")
    if spoil == "bit":
        raw = bytearray(base64.b64decode(sealed.partition(":")[2]))
        raw[-1] ^= 1
        sealed = "aes256gcm:" + base64.b64encode(bytes(raw)).decode()
    if spoil == "short":
        sealed = "aes256gcm:" + base64.b64encode(b"short").decode()
    with pytest.raises(Unreadable):
        unseal(key, field, sealed)


@given(st.binary())
def test_bytes_too(content: bytes) -> None:
    sealed = seal_bytes(KEY, b"blob:1:0", content)
    assert unseal_bytes(KEY, b"blob:1:0", sealed) == content
    with pytest.raises(Unreadable):
        unseal_bytes(KEY, b"blob:1:1", sealed)


def test_a_value_is_found_within_its_tenant_and_kind_only() -> None:
    mine = lookup(KEY, "tenant", "phone", "13800000000")
    assert mine == lookup(KEY, "tenant", "phone", "13800000000")
    others = {
        lookup(KEY, "another", "phone", "13800000000"),
        lookup(KEY, "tenant", "id_number", "13800000000"),
        lookup(KEY, "tenant", "phone", "13800000001"),
        lookup(OTHER, "tenant", "phone", "13800000000"),
    }
    assert len(others) == 4
    assert mine not in others
    raw = base64.b64decode(mine.partition(":")[2])
    assert (len(raw), b"13800000000" in raw) == (32, False)
