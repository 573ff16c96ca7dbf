"""How the values of settings are read, and what they may be."""

from __future__ import annotations

import ipaddress
import re
from datetime import time
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

import limits
from pydantic import AfterValidator, BeforeValidator, ValidationInfo

_HOST = r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?"
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Ports(NamedTuple):
    """A range of UDP ports, both ends included."""

    first: int
    last: int


def _ports(value: object) -> Ports | None:
    if isinstance(value, Ports) or value is None:
        return value
    if value == "":
        return None
    first, dash, last = str(value).partition("-")
    if not (dash and first.strip().isdigit() and last.strip().isdigit()):
        raise ValueError("expected two ports like 50000-50199, or nothing")
    ports = Ports(int(first), int(last))
    if not 1024 <= ports.first <= ports.last <= 65535:
        raise ValueError("expected ports from 1024 to 65535, the lower first")
    return ports


def _words(value: object) -> object:
    """A list may be written with commas, as the environment has only text."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _address(value: str) -> str:
    if value:
        ipaddress.ip_address(value)
    return value


def _origin(value: str) -> str:
    url = urlsplit(value)
    if value and (url.scheme not in ("http", "https") or not url.hostname or url.path.strip("/")):
        raise ValueError("expected an address like https://mediation.example.org, without a path")
    return value.rstrip("/")


def _stun(value: tuple[str, ...]) -> tuple[str, ...]:
    for url in value:
        if url.startswith(("turn:", "turns:")):
            raise ValueError("TURN servers go to turn_urls, as they need a secret")
        if not re.fullmatch(rf"stuns?:{_HOST}", url):
            raise ValueError("expected addresses like stun:host:port")
    return value


def _turn(value: tuple[str, ...], known: ValidationInfo) -> tuple[str, ...]:
    for url in value:
        if not re.fullmatch(rf"turns?:{_HOST}(\?transport=(udp|tcp))?", url):
            raise ValueError("expected addresses like turn:host:port?transport=udp")
    if value and known.data.get("turn_secret") == "":
        raise ValueError("needs turn_secret, the secret shared with the TURN server")
    return value


def _workers(value: int, known: ValidationInfo) -> int:
    ports = known.data.get("media_ports")
    if ports is not None and ports.last - ports.first + 1 < 2 * value:
        raise ValueError("expected two of media_ports for each at least")
    return value


def _smtp(value: str) -> str:
    try:
        url = urlsplit(value)
        wrong = url.scheme not in ("smtp", "smtps") or not url.hostname or url.port == 0
    except ValueError:
        wrong = True
    if value and wrong:
        raise ValueError("expected an address like smtp://user:password@host:587")
    return value


def _mail(value: str) -> str:
    if value and not re.fullmatch(r"[!-?A-~]+@[A-Za-z0-9.-]+", value):
        raise ValueError("expected an address like notices@mediation.example.org")
    return value


def _hours(value: str) -> str:
    try:
        if value:
            _first, _last = map(time.fromisoformat, value.split("-"))
    except ValueError:
        raise ValueError("expected hours like 21:00-08:00, or nothing") from None
    return value


def _limit(value: str) -> str:
    try:
        limits.parse_many(value)
    except ValueError:
        raise ValueError("expected a number of tries in a time, like 10/minute") from None
    return value


PortRange = Annotated[Ports | None, BeforeValidator(_ports)]
Networks = Annotated[tuple[Network, ...], BeforeValidator(_words)]
Address = Annotated[str, AfterValidator(_address)]
Origin = Annotated[str, AfterValidator(_origin)]
StunServers = Annotated[tuple[str, ...], BeforeValidator(_words), AfterValidator(_stun)]
TurnServers = Annotated[tuple[str, ...], BeforeValidator(_words), AfterValidator(_turn)]
Workers = Annotated[int, AfterValidator(_workers)]
Smtp = Annotated[str, AfterValidator(_smtp)]
Mail = Annotated[str, AfterValidator(_mail)]
Hours = Annotated[str, AfterValidator(_hours)]
Limit = Annotated[str, AfterValidator(_limit)]
