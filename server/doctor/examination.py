"""Whether a server can do its work here, and how to mend what it can't: `run.py doctor`.

Nothing is changed or made, and nothing is sent to anybody but to the addresses in the settings.
What can't be known from inside is said to be so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from server.doctor import (
    address,
    browsers,
    certificate,
    clock,
    database,
    disk,
    fonts,
    keys,
    network,
    office,
    ports,
    proxies,
    turn,
)
from server.doctor.finding import Asked, Finding, Level, fail
from server.words import gettext as _

CHECKS: dict[str, Callable[[Asked], Awaitable[list[Finding]]]] = {
    "disk": disk.check,
    "database": database.check,
    "keys": keys.check,
    "clock": clock.check,
    "ports": ports.check,
    "network": network.check,
    "browsers": browsers.check,
    "certificate": certificate.check,
    "address": address.check,
    "proxies": proxies.check,
    "turn": turn.check,
    "fonts": fonts.check,
    "office": office.check,
}
PATIENCE_S = 120
"""For one check; the longest turns a text into a picture by LibreOffice."""

Report = list[tuple[str, Finding]]
"""The check's name, and what it found."""


async def examine(asked: Asked) -> Report:
    """All checks, one after the other: they try the same ports and the same disk."""
    return [(name, found) for name in CHECKS for found in await _one(name, asked)]


async def _one(name: str, asked: Asked) -> list[Finding]:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await CHECKS[name](asked)
    except Exception as wrong:  # one that breaks must not hide what the others find
        return [
            fail(
                _("This check itself broke: %(kind)s.", kind=type(wrong).__name__),
                _("Please report it as a fault of Heyi, with your version and settings."),
            )
        ]


def healthy(report: Report) -> bool:
    return all(found.level is not Level.FAIL for name, found in report)


def page(report: Report) -> str:
    """As a terminal shows it."""
    marks = {Level.OK: "  ok  ", Level.WARN: " warn ", Level.FAIL: " FAIL "}
    lines = []
    for name, found in report:
        lines.append(f"{marks[found.level]} {name:12} {found.what}")
        if found.mend:
            lines.append(f"{'':20}→ {found.mend}")
    counts = {level: sum(f.level is level for name, f in report) for level in Level}
    told = _(
        "%(fail)s to mend, %(warn)s to think about, %(ok)s in order.",
        **{level.value: count for level, count in counts.items()},
    )
    return "\n".join([*lines, "", told])


def record(report: Report) -> dict[str, object]:
    """For machines: `ok`, and `findings` with check, level, what and mend."""
    findings = [
        {"check": name, "level": found.level, "what": found.what, "mend": found.mend}
        for name, found in report
    ]
    return {"ok": healthy(report), "findings": findings}
