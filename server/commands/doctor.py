"""`doctor`: whether a server can work here."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from server.doctor import examination
from server.doctor.examination import Report
from server.doctor.finding import Asked
from server.doctor.ports import running
from server.settings import Settings
from server.words import choose, speaking

Data = Annotated[Path | None, typer.Option("--data", help="Folder of everything that is kept.")]
Clock = Annotated[str, typer.Option(help="Whom to ask for the time: an NTP server or https://….")]
Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]
Here = Callable[..., tuple[Settings, tuple[str, ...]]]


def add_to(cli: typer.Typer, here: Here) -> None:
    """`here(data_dir=…)`: the settings as a server would take them, this machine's addresses."""

    @cli.command()
    def doctor(data: Data = None, clock: Clock = "", as_json: Json = False) -> None:
        """Look whether a server can work here, and how to mend what it can't.

        Speaks the language of LANG. Ends with 1 if something does not work.
        """
        settings, addresses = here(data_dir=data)
        spoken = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
        speaking.set(choose(spoken.partition("_")[0], default="en"))
        report = asyncio.run(_examined(settings, addresses, clock))
        typer.echo(_line(report) if as_json else examination.page(report))
        sys.exit(0 if examination.healthy(report) else 1)


async def _examined(settings: Settings, addresses: tuple[str, ...], clock: str) -> Report:
    return await examination.examine(Asked(settings, addresses, await running(settings), clock))


def _line(report: Report) -> str:
    return json.dumps(examination.record(report), ensure_ascii=False)
