"""What the server counts of itself, for Prometheus: how much and how long, never who.

Labels are words of ours: routes as they are declared, names of events, kinds. No label is an id, a
name or anything that came from outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_LATEST
QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
TRIPS = (0.005, 0.01, 0.02, 0.04, 0.06, 0.1, 0.2, 0.4, 0.8, 1.6)
SLOW = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)

REGISTRY = CollectorRegistry()
ProcessCollector(namespace="heyi", registry=REGISTRY)

REQUESTS = Histogram(
    "heyi_request_seconds",
    "Requests, by their route and how they ended.",
    ["method", "route", "status"],
    buckets=SLOW,
    registry=REGISTRY,
)
EVENTS = Histogram(
    "heyi_event_seconds",
    "Events from pages, commands among them, from their arrival to their answer.",
    ["event", "result"],
    buckets=QUICK,
    registry=REGISTRY,
)
DATABASE = Histogram(
    "heyi_database_seconds",
    "Transactions, from the wait for their turn to their end.",
    ["kind"],
    buckets=QUICK,
    registry=REGISTRY,
)
MINUTES = Counter(
    "heyi_seat_minutes",
    "Minutes of people in a room, by how well they were connected and the likely cause.",
    ["grade", "cause"],
    registry=REGISTRY,
)
LOSS = Histogram(
    "heyi_seat_loss",
    "Share of packets that a seat lost in a minute, on the way to the server and from it.",
    ["way"],
    buckets=(0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    registry=REGISTRY,
)
ROUND_TRIP = Histogram(
    "heyi_seat_round_trip_seconds",
    "To a seat and back, on average over a minute.",
    buckets=TRIPS,
    registry=REGISTRY,
)
JITTER = Histogram(
    "heyi_seat_jitter_seconds",
    "How unevenly a seat's voice came, on average over a minute.",
    buckets=TRIPS,
    registry=REGISTRY,
)
CUT = Counter(
    "heyi_pages_cut",
    "Pages cut off because they did not read what they were sent.",
    registry=REGISTRY,
)
JOBS = Counter(
    "heyi_jobs", "Later work by what became of it.", ["kind", "result"], registry=REGISTRY
)
NOTICES = Counter(
    "heyi_notices", "Notices by what became of them.", ["channel", "state"], registry=REGISTRY
)


@dataclass(frozen=True, slots=True)
class Figure:
    """Something that is counted when it is asked for. `values`: by the values of `labels`, in
    their order. `rises`: it only ever does, until a restart.
    """

    name: str
    help: str
    values: dict[tuple[str, ...], float]
    labels: tuple[str, ...] = field(default=())
    rises: bool = False


def figure(name: str, text: str, value: float, *, rises: bool = False) -> Figure:
    """One without labels."""
    return Figure(name, text, {(): value}, rises=rises)


_TRANSACTIONS = {kind: DATABASE.labels(kind) for kind in ("read", "write")}


def transaction(kind: str, seconds: float) -> None:
    """For `Store.timed`."""
    _TRANSACTIONS[kind].observe(seconds)


def text(figures: Sequence[Figure]) -> bytes:
    """Everything, as Prometheus reads it."""
    once = CollectorRegistry(auto_describe=False)
    once.register(_Asked(figures))
    return generate_latest(REGISTRY) + generate_latest(once)


class _Asked(Collector):
    def __init__(self, figures: Sequence[Figure]) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        for it in self._figures:
            kind = CounterMetricFamily if it.rises else GaugeMetricFamily
            family = kind(it.name, it.help, labels=it.labels)
            for labels, value in it.values.items():
                family.add_metric(labels, value)
            yield family
