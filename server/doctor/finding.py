"""What a check found, and what there is to ask."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from server.settings import Settings


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence what, one sentence how to mend it, in the language being spoken."""

    level: Level
    what: str
    mend: str = ""


def ok(what: str) -> Finding:
    return Finding(Level.OK, what)


def warn(what: str, mend: str) -> Finding:
    """Works, but not for everybody, or not for long."""
    return Finding(Level.WARN, what, mend)


def fail(what: str, mend: str) -> Finding:
    """Does not work."""
    return Finding(Level.FAIL, what, mend)


@dataclass(frozen=True, slots=True)
class Asked:
    """`addresses`: this machine's, without loopback. `running`: a server of ours already answers on
    the port. `clock`: whom to ask for the time, an `https://…` or the name of an NTP server.
    """

    settings: Settings
    addresses: tuple[str, ...] = ()
    running: bool = False
    clock: str = ""

    @property
    def host(self) -> str:
        """The name or address that people open."""
        return urlsplit(self.settings.origin).hostname or ""

    @property
    def local(self) -> bool:
        """Only browsers on this very machine are meant to reach it."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
