"""Progress 进度: how far somebody has come on the way to their seat, and what stands in the way.

It is what the page of the link says of itself, so it is shown as such and nothing hangs on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

BROWSER_LENGTH = 60


class Step(StrEnum):
    LANDING = "landing"
    DEVICES = "devices"
    DOOR = "door"
    """Waits outside: the host has locked the meeting."""
    NAME = "name"
    LOBBY = "lobby"
    IN = "in"


class Fault(StrEnum):
    """What stands in the way of voice, picture or network, as the page found it."""

    INSECURE = "insecure"
    UNSUPPORTED = "unsupported"
    DENIED = "denied"
    MISSING = "missing"
    BUSY = "busy"
    CAMERA_DENIED = "camera_denied"
    CAMERA_MISSING = "camera_missing"
    CAMERA_BUSY = "camera_busy"
    NO_SOUND = "no_sound"
    """Whoever sits there heard nothing of the sound that was played."""
    NO_WAY = "no_way"
    """The network lets neither voice nor picture through."""


class Transport(StrEnum):
    UDP = "udp"
    TCP = "tcp"
    RELAY = "relay"


@dataclass(frozen=True, slots=True)
class Network:
    """`rtt_ms` there and back, `loss` from 0 to 1; None where it could not be measured."""

    transport: Transport | None = None
    rtt_ms: int | None = None
    loss: float | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """`microphone`, `camera`, `speaker`: whether it works; None: not tried yet.

    `rehearsal`: this was a try before the day, without taking the seat.
    """

    step: Step
    rehearsal: bool
    at: datetime
    fault: Fault | None = None
    browser: str = ""
    microphone: bool | None = None
    camera: bool | None = None
    speaker: bool | None = None
    network: Network = Network()
