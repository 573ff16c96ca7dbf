"""Rows that name each other: lines of JSON with a number and the hash of the line before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from recordings.problem import Problem
from recordings.segment import canonical, digest

START = ""


def write(rows: Iterable[Mapping[str, Any]]) -> bytes:
    lines, previous = [], START
    for n, row in enumerate(rows):
        line = canonical({"n": n, "previous": previous, "row": row})
        lines.append(line + b"\n")
        previous = digest(line)
    return b"".join(lines)


def read(content: bytes) -> list[dict[str, Any]]:
    """The rows of what `check` finds nothing wrong with."""
    return [json.loads(line)["row"] for line in content.splitlines()]


def check(where: str, content: bytes) -> list[Problem]:
    """Rows that are not in their place, or not what the next one says they are. The last one is
    known by the hash of the whole."""
    problems: list[Problem] = []
    expected, previous = 0, START
    for line in content.split(b"\n")[:-1]:
        try:
            row = json.loads(line)
            n, names = int(row["n"]), str(row["previous"])
        except (ValueError, KeyError, TypeError):
            problems.append(Problem(where, "changed", expected))
            n, names = expected, previous
        if n < expected:
            problems.append(Problem(where, "reordered", n))
        elif n > expected:
            problems += [Problem(where, "missing", gone) for gone in range(expected, n)][:100]
        elif names != previous:
            problems.append(Problem(where, "changed", n - 1))
        expected, previous = n + 1, digest(line)
    return problems
