"""The second factor: codes of six digits that change every 30 seconds (RFC 6238).

Recovery codes stand in for a lost telephone: 50 random bits each, kept as keyed hashes.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

import pyotp

STEP_S = 30
SKEW = 1
"""How many steps a telephone's clock may be early or late."""

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that are taken for each other."""

CODES = 10


def new_secret() -> str:
    """160 random bits in base32, to be typed or scanned."""
    return pyotp.random_base32()


def uri(secret: str, login: str, issuer: str) -> str:
    """What the QR code says."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Which time step this is the code of, now or one step around; None if of none."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdigit()):
        return None
    generator, found = pyotp.TOTP(secret), None
    for offset in range(-SKEW, SKEW + 1):
        at = now + timedelta(seconds=STEP_S * offset)
        # Every step is looked at, so that the time taken tells nothing.
        if hmac.compare_digest(generator.at(at), digits):
            found = generator.timecode(at)
    return found


def recovery_codes() -> list[str]:
    """Ten of `ABCDE-FGHJK`, each good for one sign-in."""
    return [f"{_five()}-{_five()}" for _ in range(CODES)]


def recovery_hash(key: bytes, user: str, code: str) -> str:
    """`hs256:` and hex digits; spaces, hyphens and small letters make no difference."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    message = f"heyi recovery code\n{user}\n{plain}".encode("utf-8", "replace")
    return "hs256:" + hmac.digest(key, message, "sha256").hex()


def _five() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(5))
