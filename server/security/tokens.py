"""Tokens of links and cookies. The database holds nothing that opens a seat.

A link's token is an HMAC of the seat and its link's version under the link key, so a link can be
shown again, and a new version makes the old link void. Cookies carry random secrets, of which
only hashes are kept.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from server.domain.ids import DeviceId, SeatId

TOKEN_BYTES = 18
"""144 bits: 24 characters without padding."""


def link_token(key: bytes, seat_id: SeatId, link_version: int) -> str:
    message = f"heyi seat link\n{seat_id}\n{link_version}".encode()
    digest = hmac.digest(key, message, "sha256")[:TOKEN_BYTES]
    return base64.urlsafe_b64encode(digest).decode()


def check(key: bytes, seat_id: SeatId, link_version: int, token: str) -> bool:
    """Whether this is the seat's present token; takes the same time for every wrong one."""
    return _same(link_token(key, seat_id, link_version), token)


def new_secret() -> str:
    """256 random bits, for a cookie."""
    return secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """`sha256:` and 64 hex digits. A plain hash does: what is hashed is random, not chosen."""
    return "sha256:" + hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def secret_matches(secret: str, hashed: str) -> bool:
    return _same(hashed, secret_hash(secret))


def device_cookie(device_id: DeviceId, secret: str) -> str:
    return f"{device_id}.{secret}"


def split_cookie(value: str) -> tuple[DeviceId, str] | None:
    """The device's id and secret, or None if this was never a cookie of ours."""
    device_id, dot, secret = value.partition(".")
    if not dot or len(device_id) != 36 or not 0 < len(secret) <= 100:
        return None
    return DeviceId(device_id), secret


def _same(ours: str, theirs: str) -> bool:
    """Constant time; as bytes, because text that isn't ASCII would raise."""
    return hmac.compare_digest(ours.encode(), theirs.encode("utf-8", "replace"))
