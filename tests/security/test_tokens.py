from __future__ import annotations

import base64

import pytest

from server.domain.ids import DeviceId, SeatId
from server.security import tokens
from server.security.ids import new_secret_id

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
SEAT = SeatId("0198c0de-0000-7000-8000-000000000001")
OTHER_SEAT = SeatId("0198c0de-0000-7000-8000-000000000002")
TOKEN = tokens.link_token(KEY, SEAT, 1)


def test_a_token_is_good_for_its_seat_and_link() -> None:
    assert tokens.check(KEY, SEAT, 1, TOKEN)
    assert tokens.link_token(KEY, SEAT, 1) == TOKEN


def test_a_token_has_at_least_128_bits_and_fits_an_address() -> None:
    assert len(base64.urlsafe_b64decode(TOKEN)) * 8 >= 128
    assert TOKEN.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize(
    ("key", "seat", "version"),
    [(OTHER_KEY, SEAT, 1), (KEY, OTHER_SEAT, 1), (KEY, SEAT, 2), (KEY, SEAT, 11)],
)
def test_a_token_is_good_for_nothing_else(key: bytes, seat: SeatId, version: int) -> None:
    assert not tokens.check(key, seat, version, TOKEN)


@pytest.mark.parametrize(
    "token",
    ["", TOKEN[:-1], TOKEN + "A", TOKEN.swapcase(), "和议", "\udcff", "\0" * 24, "x" * 10_000],
)
def test_what_is_no_token_is_refused(token: str) -> None:
    assert not tokens.check(KEY, SEAT, 1, token)


def test_a_cookie_comes_apart_as_it_was_put_together() -> None:
    device, secret = DeviceId(new_secret_id()), tokens.new_secret()
    assert tokens.split_cookie(tokens.device_cookie(device, secret)) == (device, secret)


@pytest.mark.parametrize("value", ["", ".", "abc.def", "." + "x" * 43, "x" * 36, "x" * 36 + "."])
def test_what_is_no_cookie_is_none(value: str) -> None:
    assert tokens.split_cookie(value) is None


def test_only_the_very_secret_matches_its_hash() -> None:
    secret = tokens.new_secret()
    hashed = tokens.secret_hash(secret)
    assert secret not in hashed
    assert tokens.secret_matches(secret, hashed)
    assert not tokens.secret_matches(secret + "A", hashed)
    assert not tokens.secret_matches("\udcff", hashed)
    assert len(base64.urlsafe_b64decode(secret + "=")) * 8 == 256
