"""What is counted of the live world when a machine asks: who is connected, what waits, what the
media workers have forwarded. Asking a worker is one message; nothing is counted for this alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from server.metrics import Figure, figure
from signaling.presence import Presence
from signaling.quality import Qualities

WORKER = ("worker",)
COUNTED = {
    "packets_in": ("heyi_media_packets_in", "RTP packets accepted from browsers."),
    "packets_out": ("heyi_media_packets_out", "RTP packets sent to browsers."),
    "bytes_in": ("heyi_media_bytes_in", "Bytes of RTP accepted from browsers."),
    "bytes_out": ("heyi_media_bytes_out", "Bytes of RTP sent to browsers."),
    "dropped": (
        "heyi_media_dropped",
        "Packets of pictures dropped for receivers that could not keep up.",
    ),
    "voices_dropped": ("heyi_media_voices_dropped", "And packets of voices."),
    "asked": ("heyi_media_asked", "Packets that did not come and were asked for."),
    "resent": ("heyi_media_resent", "Packets that browsers asked for again."),
}
"""What a worker may count since its start; a plane that does not count one leaves it out."""
NOW = {
    "links": ("heyi_media_links", "Links to browsers."),
    "members": ("heyi_media_seats", "Seats with links, in a space, or both."),
    "tasks": ("heyi_media_tasks", "Tasks in the worker."),
    "sessions": ("heyi_media_sessions", "Meetings that the worker carries."),
    "draining": ("heyi_media_draining", "1 for a worker that ends with the last of them."),
}


class Counting(Protocol):
    """What this needs of a media plane."""

    @property
    def worker_pids(self) -> list[int]: ...

    @property
    def workers_died(self) -> int: ...

    @property
    def events_dropped(self) -> int: ...

    async def stats(self) -> Sequence[Any]:
        """One entry a running worker, with its `pid` and some of COUNTED and NOW."""


class Figures:
    """One per server. Workers are numbered as they come: process ids mean nothing to a graph."""

    def __init__(self, presence: Presence, qualities: Qualities, plane: Counting) -> None:
        self._presence, self._qualities, self._plane = presence, qualities, plane
        self._numbers: dict[int, int] = {}
        self._started = 0

    async def __call__(self) -> list[Figure]:
        return [
            *self._pages(),
            self._qualities.figures(),
            *await self._media(),
            Figure(
                "heyi_udp_dropped",
                "Datagrams that this machine dropped because a socket's buffer was full.",
                {(way,): count for way, count in datagrams_dropped().items()},
                ("way",),
                rises=True,
            ),
        ]

    def _pages(self) -> Iterator[Figure]:
        pages = self._presence.all()
        longest = max((page.outbox.length for page in pages), default=0)
        yield figure("heyi_seats_connected", "Seats whose page is connected.", len(pages))
        yield figure("heyi_longest_queue", "Messages that wait for the slowest page.", longest)

    async def _media(self) -> list[Figure]:
        self._number(self._plane.worker_pids)
        stats = await self._plane.stats()
        found = [
            figure("heyi_media_workers", "Media workers that run.", len(self._numbers)),
            figure(
                "heyi_media_workers_started",
                "Media workers seen since the start; one more each time one is replaced.",
                self._started,
                rises=True,
            ),
            figure(
                "heyi_media_workers_died",
                "Media workers that ended without being told to.",
                self._plane.workers_died,
                rises=True,
            ),
            figure(
                "heyi_media_events_dropped",
                "Events of workers that were not told, because newer ones of their kind had come.",
                self._plane.events_dropped,
                rises=True,
            ),
            self._by_worker(
                "heyi_media_cpu_seconds",
                "Processor time of the workers that run.",
                {pid: cpu_seconds(pid) for pid in self._numbers},
                rises=True,
            ),
        ]
        for names, rises in ((COUNTED, True), (NOW, False)):
            for attribute, (name, text) in names.items():
                values = {s.pid: getattr(s, attribute, None) for s in stats}
                if any(value is not None for value in values.values()):
                    found.append(self._by_worker(name, text, values, rises=rises))
        return found

    def _number(self, pids: Sequence[int]) -> None:
        """A new one takes the lowest number that is free."""
        self._numbers = {pid: n for pid, n in self._numbers.items() if pid in pids}
        for pid in pids:
            if pid not in self._numbers:
                taken = set(self._numbers.values())
                self._numbers[pid] = next(n for n in range(len(pids) + 1) if n not in taken)
                self._started += 1

    def _by_worker(
        self, name: str, text: str, values: dict[int, float | None], *, rises: bool
    ) -> Figure:
        known: dict[tuple[str, ...], float] = {
            (str(self._numbers[pid]),): value
            for pid, value in values.items()
            if value is not None and pid in self._numbers
        }
        return Figure(name, text, known, WORKER, rises)


def cpu_seconds(pid: int) -> float | None:
    """As the system counts it: nothing has to be asked of a busy worker. None where it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The name, in parentheses, may have spaces in it; then come the third field and the others.
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def datagrams_dropped() -> dict[str, int]:
    """Of all programs that share our network: the system counts them for no socket alone."""
    try:
        lines = Path("/proc/net/snmp").read_text().splitlines()
    except OSError:
        return {}
    names, values = (line.split()[1:] for line in lines if line.startswith("Udp: "))
    counted = dict(zip(names, map(int, values), strict=True))
    return {"in": counted["RcvbufErrors"], "out": counted["SndbufErrors"]}
