from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from server.domain.errors import Refused
from server.security import passwords

PASSWORD = "和议 correct horse"


async def test_the_right_password_matches_and_no_other() -> None:
    hashed = await passwords.hash_password(PASSWORD)
    assert hashed.startswith("$argon2id$")
    assert await passwords.matches(PASSWORD, hashed)
    assert not await passwords.matches(PASSWORD + " ", hashed)
    assert not await passwords.matches("", hashed)
    assert not await passwords.matches("\udcff", hashed)


async def test_two_hashes_of_one_password_differ() -> None:
    assert await passwords.hash_password(PASSWORD) != await passwords.hash_password(PASSWORD)


async def test_nobodys_password_is_hashed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown login costs what a wrong password costs: one verification."""
    verified = []
    hasher = PasswordHasher()

    class Counting:
        hash = staticmethod(hasher.hash)

        @staticmethod
        def verify(hashed: str, password: bytes) -> bool:
            verified.append(hashed)
            return hasher.verify(hashed, password)

    monkeypatch.setattr(passwords, "_hasher", Counting)
    assert not await passwords.matches(PASSWORD, None)
    assert not await passwords.matches("nobody has this password", None)
    assert len(verified) == 2


@pytest.mark.parametrize("hashed", ["", "no password", "$argon2id$broken"])
async def test_what_is_no_hash_matches_nothing(hashed: str) -> None:
    assert not await passwords.matches(PASSWORD, hashed)


@pytest.mark.parametrize(
    ("password", "code"),
    [("1234567", "password_too_short"), ("x" * 201, "password_too_long")],
)
async def test_a_password_has_a_sensible_length(password: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        await passwords.hash_password(password)
    assert refused.value.code == code


async def test_weaker_hashes_are_outdated() -> None:
    assert passwords.outdated(PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD))
    assert not passwords.outdated(await passwords.hash_password(PASSWORD))
