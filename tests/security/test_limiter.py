from __future__ import annotations

from server.security.limiter import Limiter


def test_the_limit_is_each_keys_own() -> None:
    limiter = Limiter()
    assert [limiter.allowed("3/hour", "sign in", "1.2.3.4") for _ in range(5)] == [True] * 3 + [
        False
    ] * 2
    assert limiter.allowed("3/hour", "sign in", "5.6.7.8")
    assert limiter.allowed("3/hour", "join", "1.2.3.4")


def test_all_of_several_limits_hold() -> None:
    limiter = Limiter()
    assert [limiter.allowed("5/hour;2/hour", "x") for _ in range(3)] == [True, True, False]


def test_two_servers_count_apart() -> None:
    assert [Limiter().allowed("1/hour", "x") for _ in range(2)] == [True, True]
