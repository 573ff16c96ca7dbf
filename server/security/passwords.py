"""Staff passwords, kept as argon2id hashes with their parameters in them."""

from __future__ import annotations

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.domain.errors import Refused

MIN_LENGTH = 8
MAX_LENGTH = 200

_hasher = PasswordHasher()


async def hash_password(password: str) -> str:
    """Raises Refused for one that is too short or absurdly long."""
    if len(password) < MIN_LENGTH:
        raise Refused("password_too_short")
    if len(password) > MAX_LENGTH:
        raise Refused("password_too_long")
    return await asyncio.to_thread(_hasher.hash, _bytes(password))


async def matches(password: str, hashed: str | None) -> bool:
    """With None (no such user) it takes as long as with a wrong password, and is False."""
    return await asyncio.to_thread(_verify, password[: MAX_LENGTH + 1], hashed)


def outdated(hashed: str) -> bool:
    """Whether it was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(hashed)


def _verify(password: str, hashed: str | None) -> bool:
    try:
        _hasher.verify(hashed or _nobodys(), _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(hashed)


def _bytes(password: str) -> bytes:
    """Whatever was sent, even what is no text: it is wrong then, and no error."""
    return password.encode("utf-8", "surrogatepass")


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")
