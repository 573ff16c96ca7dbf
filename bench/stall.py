"""The worst delay of a forwarded voice while the server has much to do and people come and go.

    .venv/bin/python -m bench.stall [--quick] [--json]

One voice, a packet each 20 ms, through our worker; meanwhile 20 people join and leave it, and its
server stands still for 300 ms in each second and gives it 500 commands a second.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from bench import namespace
from bench.child import Child, Failed
from bench.cpu import cpu_seconds, machine_seconds
from bench.side import PATIENCE, Hosted

VISITORS = 20


@dataclass(frozen=True, slots=True)
class Plan:
    rounds: int
    seconds: float


QUICK, FULL = Plan(rounds=2, seconds=6), Plan(rounds=5, seconds=20)


@dataclass(frozen=True, slots=True)
class Round:
    """Milliseconds on the way, of every packet; packets lost; what went on beside."""

    took: list[float]
    lost: int
    visits: int
    others: float
    """Cores that were busy with what is no part of the bench."""

    @property
    def worst(self) -> float:
        return max(self.took)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="under 45 s, fewer rounds")
    parser.add_argument("--json", action="store_true", help="the last line is one JSON object")
    wanted = parser.parse_args()
    if not namespace.enter():
        print("No network namespace to be had: using this machine's own.", file=sys.stderr)
    plan = QUICK if wanted.quick else FULL
    try:
        idle = measured(busy=False, plan=Plan(1, plan.seconds))
        busy = measured(busy=True, plan=plan)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    found = summary(idle[0], busy)
    print(json.dumps(found) if wanted.json else "\n".join(f"{k}: {v}" for k, v in found.items()))
    return 0


def measured(*, busy: bool, plan: Plan) -> list[Round]:
    """Raises Failed."""
    with ExitStack() as running:
        server = Hosted("bench.busy", json.dumps(busy))
        running.callback(server.stop)
        server.wait()
        pair = Child.module("bench.metronome", server.port)
        running.callback(pair.stop)
        pair.hear(PATIENCE)
        return [one_round(server, pair, busy, plan.seconds) for _ in range(plan.rounds)]


def one_round(server: Hosted, pair: Child, busy: bool, seconds: float) -> Round:
    visitors = Child.module("bench.visitors", server.port, VISITORS) if busy else None
    try:
        if visitors is not None:
            time.sleep(2)  # Until it has loaded its libraries.
        pids = [os.getpid(), pair.pid, *server.groups["server"], server.pid]
        pids += [visitors.pid] if visitors else []
        machine, ours, began = machine_seconds(), cpu_seconds(pids), time.monotonic()
        found = pair.ask({"seconds": seconds}, PATIENCE + seconds)
        took = time.monotonic() - began
        others = (machine_seconds() - machine - (cpu_seconds(pids) - ours)) / took
        visits = visitors.finish(PATIENCE)["visits"] if visitors else 0
    finally:
        if visitors is not None:
            visitors.stop()
    return Round(found["took"], found["lost"], visits, max(0.0, others))


def summary(idle: Round, busy: list[Round]) -> dict[str, Any]:
    usual = median(idle.took)
    best = min(busy, key=lambda one: one.worst)
    return {
        "worst_added_ms": round(best.worst - usual, 2),
        "worst_added_ms_by_round": [round(one.worst - usual, 2) for one in busy],
        "p999_added_ms": round(quantiles(best.took, n=1000, method="inclusive")[-1] - usual, 2),
        "p99_added_ms": round(quantiles(best.took, n=100, method="inclusive")[-1] - usual, 2),
        "median_added_ms": round(median(best.took) - usual, 2),
        "idle_median_ms": round(usual, 3),
        "idle_worst_ms": round(idle.worst, 2),
        "packets": sum(len(one.took) for one in busy),
        "lost": sum(one.lost for one in busy),
        "visits": sum(one.visits for one in busy),
        "others_cores": [round(one.others, 2) for one in busy],
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}",
    }


if __name__ == "__main__":
    sys.exit(main())
