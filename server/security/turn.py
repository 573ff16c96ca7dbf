"""Passwords for a TURN server that end by themselves: coturn's `use-auth-secret`.

The server and coturn share one secret; a username is the second at which it ends and a random word,
its password is made of both. Nothing has to be told to coturn, and nobody's seat is named.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple


class Credential(NamedTuple):
    username: str
    password: str


def credential(secret: str, now: datetime, lasting: timedelta) -> Credential:
    """For one arrival: the random word keeps coturn's quotas apart from others'."""
    username = f"{int((now + lasting).timestamp())}:{secrets.token_hex(8)}"
    # SHA-1 is what the TURN server knows; as a keyed hash it is sound.
    made = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return Credential(username, base64.b64encode(made).decode())
