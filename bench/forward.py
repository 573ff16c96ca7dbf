"""What forwarding a packet costs: our plane beside Janus's videoroom and stock aiortc.

    .venv/bin/python -m bench.forward [--quick] [--json] [--load 3x8 ...]

All servers get the same people from the same generator, each from one of its own, in turns within
one run. A figure is the server's user and system time divided by the packets that arrived.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench import janus, namespace
from bench.child import Failed
from bench.side import Load, Side

LOADS = ["1x3", "3x8"]
TITLES = {"heyi": "Heyi", "janus": "Janus videoroom", "relay": "aiortc MediaRelay"}
RELAY_PEOPLE = 3
"""Stock aiortc fills a core with three people; more would measure how it drops frames."""
QUIET = 0.2
"""Cores others may use: on a busy machine Janus wakes less often and looks cheaper than it is."""


@dataclass(frozen=True, slots=True)
class Plan:
    rounds: int
    seconds: float
    limit: float
    """Seconds for a load; later no round begins but the first."""


QUICK, FULL = Plan(rounds=3, seconds=1.2, limit=16), Plan(rounds=5, seconds=4, limit=600)

Results = dict[Load, dict[str, Side]]


def main() -> int:
    wanted = _arguments()
    signal.signal(signal.SIGTERM, _terminated)
    if not namespace.enter():
        _say("No network namespace to be had: using this machine's own addresses.")
    results: Results = {}
    try:
        for load in wanted.load:
            results[load] = run(load, QUICK if wanted.quick else FULL)
    except Failed as failure:
        _say(str(failure))
        return 1
    except KeyboardInterrupt:
        return 130
    if wanted.json:
        print(json.dumps(summary(results)))
    else:
        _print(results)
    return 0 if all(sides["heyi"].valid for sides in results.values()) else 1


def run(load: Load, plan: Plan) -> dict[str, Side]:
    """Measure every server that can take this load. Raises Failed when ours cannot."""
    sides: dict[str, Side] = {}
    limit = time.monotonic() + plan.limit
    with ExitStack() as running:
        for name in _servers(load):
            sides[name] = Side(name, load)
            running.callback(sides[name].stop)
        _each(sides, Side.join)
        _each(sides, Side.ready)
        for number in range(plan.rounds):
            if number and time.monotonic() > limit:
                break
            _say(f"{load}: round {number + 1} of {plan.rounds}")
            _each(sides, lambda side: side.measure(plan.seconds), first=number)
    return sides


def _each(sides: dict[str, Side], step: Callable[[Side], None], first: int = 0) -> None:
    """Do the step with each, another one first each time; a peer that fails is left out."""
    names = list(sides)
    turn = first % len(names)
    for name in names[turn:] + names[:turn]:
        try:
            step(sides[name])
        except Failed as failure:
            if name == "heyi":
                raise
            _say(f"{TITLES[name]} is left out: {failure}")
            del sides[name]


def summary(results: Results) -> dict[str, Any]:
    """The figures by load; null where there is no peer, or where packets were missing."""

    def ratio(sides: dict[str, Side], peer: str) -> float | None:
        ours, theirs = sides["heyi"], sides.get(peer)
        if theirs is None or not (ours.valid and theirs.valid):
            return None
        return round(ours.us() / theirs.us(), 3)

    def by_load(figure: Callable[[dict[str, Side]], Any]) -> dict[str, Any]:
        return {str(load): figure(sides) for load, sides in results.items()}

    return {
        "us_per_forward": by_load(lambda s: round(s["heyi"].us(), 2) if s["heyi"].valid else None),
        "ratio_to_janus": by_load(lambda s: ratio(s, "janus")),
        "ratio_to_relay": by_load(lambda s: ratio(s, "relay")),
        "delivered": by_load(lambda s: round(s["heyi"].delivered, 5)),
        "servers": by_load(lambda s: {name: _detail(side) for name, side in s.items()}),
        "machine": _machine(),
    }


def _detail(side: Side) -> dict[str, Any]:
    low, high = side.spread()
    return {
        "others": round(median(burst.others for burst in side.bursts), 2),
        "us": {group: round(side.us(group), 2) for group in side.server.groups},
        "us_lowest": round(low, 2),
        "us_highest": round(high, 2),
        "packets": sum(burst.delivered for burst in side.bursts),
        "delivered": None if side.name == "relay" else round(side.delivered, 5),
        "intact": None if side.name == "relay" else side.intact,
        "srtp": side.profiles,
    }


def _print(results: Results) -> None:
    print(_machine())
    print(f"{'load':6}{'server':20}{'µs/packet':>10}{'lowest–highest':>17}{'arrived':>10}"
          f"{'beside':>8}  SRTP")  # fmt: skip
    for load, sides in results.items():
        for name, side in sides.items():
            low, high = side.spread()
            arrived = "–" if name == "relay" else f"{side.delivered:.2%}"
            beside = "" if name == "heyi" else f"{sides['heyi'].us() / side.us():.2f}"
            print(f"{load!s:6}{TITLES[name]:20}{side.us():10.1f}{f'{low:.1f}–{high:.1f}':>17}"
                  f"{arrived:>10}{beside:>8}  {', '.join(side.profiles)}")  # fmt: skip
            if not side.valid:
                print(f"{'':6}not valid: packets are missing or changed")
        others = median(burst.others for side in sides.values() for burst in side.bursts)
        if others > QUIET:
            print(f"{'':6}doubtful: {others:.1f} cores were busy with something else")
        if "with_parent" in sides["heyi"].server.groups:
            print(f"{'':6}{'… with its parent':20}{sides['heyi'].us('with_parent'):10.1f}")
    if not janus.installed():
        print("Janus is not installed: `make bench` installs it where it may.")


def _servers(load: Load) -> list[str]:
    names = ["heyi"]
    if janus.installed():
        names.append("janus")
    if load.rooms * load.people <= RELAY_PEOPLE:
        names.append("relay")
    return names


def _machine() -> str:
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.forward", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under 45 seconds in all")
    parser.add_argument("--json", action="store_true", help="the last line is one JSON object")
    parser.add_argument(
        "--load", nargs="+", type=Load.parse, default=[Load.parse(text) for text in LOADS],
        metavar="ROOMSxPEOPLE",
    )  # fmt: skip
    return parser.parse_args()


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _terminated(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
