"""What is asked, and what was found."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from server.doctor.finding import Asked, Finding, Level
from server.settings import Settings

OUTSIDE: dict[str, Any] = {"public_url": "https://heyi.example", "trusted_proxies": "127.0.0.1/32"}


def asked(tmp_path: Path, **given: Any) -> Asked:
    """`running` and `addresses` are as in Asked, the others are settings."""
    addresses, running = given.pop("addresses", ("10.0.0.7",)), given.pop("running", False)
    settings = Settings.model_validate({"data_dir": tmp_path, **given})
    return Asked(settings, addresses, running)


def levels(found: list[Finding]) -> list[Level]:
    """And whoever is told of something wrong is told what to do."""
    assert all(bool(one.mend) is (one.level is not Level.OK) for one in found)
    return [one.level for one in found]


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])
