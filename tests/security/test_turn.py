from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from server.security.turn import credential

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_it_is_what_coturn_expects() -> None:
    """RFC draft-uberti-behave-turn-rest: base64(HMAC-SHA1(secret, "end:word"))."""
    made = credential("secret", NOON, timedelta(hours=2))
    end, word = made.username.split(":")
    assert int(end) == NOON.timestamp() + 7200
    digest = hmac.new(b"secret", made.username.encode(), hashlib.sha1).digest()
    assert made.password == base64.b64encode(digest).decode()
    assert len(word) == 16


def test_no_two_arrivals_have_the_same() -> None:
    """Else they would share one quota, and one could be followed by the other's name."""
    assert len({credential("secret", NOON, timedelta(hours=2)) for _ in range(100)}) == 100
