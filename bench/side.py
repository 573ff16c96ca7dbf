"""One server with the generator that loads it, and what was measured of the pair."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Any, Protocol

from bench.child import Child
from bench.janus import Janus

PATIENCE = 60.0
"""Seconds for any step of a server or generator."""
ENOUGH = 0.999
"""The share of packets that must arrive for a figure to count."""


@dataclass(frozen=True, slots=True)
class Load:
    """So many rooms of so many people; written 3x8."""

    rooms: int
    people: int

    @classmethod
    def parse(cls, text: str) -> Load:
        """Raises ValueError."""
        rooms, people = (int(number) for number in text.lower().replace("×", "x").split("x"))
        if rooms < 1 or not 2 <= people <= 9:
            raise ValueError("a load has at least one room, of 2 to 9 people")
        return cls(rooms, people)

    def __str__(self) -> str:
        return f"{self.rooms}x{self.people}"


class Server(Protocol):
    """A server that was started: where to join it, and whose time is its cost."""

    port: int
    groups: dict[str, list[int]]

    def wait(self) -> None:
        """Until it can be joined. Raises Failed."""

    def stop(self) -> None:
        """End it; nothing of it is left."""


class Hosted:
    """A server that is a module of the bench."""

    port: int
    groups: dict[str, list[int]]

    def __init__(self, module: str, *arguments: object) -> None:
        self._child = Child.module(module, *arguments)

    @property
    def pid(self) -> int:
        return self._child.pid

    def wait(self) -> None:
        ready = self._child.hear(PATIENCE)
        self.port, self.groups = ready["port"], ready["groups"]

    def stop(self) -> None:
        self._child.stop()


@dataclass(slots=True)
class Burst:
    """What one burst cost: packets that should arrive, that did, and processor seconds."""

    expected: int
    delivered: int
    cpu: dict[str, float]
    others: float
    """Cores kept busy by what is no part of the bench."""

    def us(self, group: str) -> float:
        return self.cpu[group] / max(1, self.delivered) * 1e6


class Side:
    """A server under one load: `join`, `ready`, `measure` as often as wanted; `stop` always."""

    def __init__(self, name: str, load: Load, *arguments: object) -> None:
        """`arguments`: for the server, if it is a module of ours."""
        self.name, self._load = name, load
        janus = name.startswith("janus")
        self.server: Server = Janus() if janus else Hosted(f"bench.{name}", *arguments)
        self._generator: Child | None = None
        self.profiles: list[str] = []
        self.bursts: list[Burst] = []
        self.intact = True

    def join(self) -> None:
        """Have everyone join it. Raises Failed."""
        self.server.wait()
        rooms, people = self._load.rooms, self._load.people
        self._generator = Child.module("bench.load", self.name, self.server.port, rooms, people)

    def ready(self) -> None:
        """Until everyone has heard and seen everyone. Raises Failed."""
        assert self._generator is not None
        self.profiles = self._generator.hear(PATIENCE)["profiles"]

    def measure(self, seconds: float) -> None:
        """One burst more. Raises Failed."""
        assert self._generator is not None
        question: dict[str, Any] = {"seconds": seconds, "groups": self.server.groups}
        found = self._generator.ask(question, PATIENCE + seconds)
        self.bursts.append(
            Burst(found["expected"], found["delivered"], found["cpu"], found["others"])
        )
        self.intact = not found["broken"]

    def stop(self) -> None:
        if self._generator is not None:
            self._generator.stop()
        self.server.stop()

    @property
    def delivered(self) -> float:
        """The share of all packets that arrived once and in order."""
        return sum(b.delivered for b in self.bursts) / max(1, sum(b.expected for b in self.bursts))

    def us(self, group: str = "server") -> float:
        """Microseconds of processor time per delivered packet, the median of the bursts."""
        return median(burst.us(group) for burst in self.bursts)

    def spread(self, group: str = "server") -> tuple[float, float]:
        """The cheapest and the dearest burst."""
        found = [burst.us(group) for burst in self.bursts]
        return min(found), max(found)

    @property
    def valid(self) -> bool:
        """The relay encodes anew, so what it sends can be neither counted off nor recognised."""
        return self.name == "relay" or (self.delivered >= ENOUGH and self.intact)
