"""`run.py verify`: check evidence, on any machine, without a database."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from typing import Annotated

import typer

from recordings import audit_export, receipt, verify
from recordings.problem import Problem
from recordings.record import Damaged

BROKEN, NOT_EVIDENCE = 1, 2
"""Exit codes: something is not what was written; the file is nothing that can be checked."""


def add_to(cli: typer.Typer) -> None:
    @cli.command(name="verify")
    def verify_file(
        file: Annotated[Path, typer.Argument(help="An evidence bundle, a receipt, or the audit.")],
        key: Annotated[
            str | None, typer.Option(help="The public key that the organisation has published.")
        ] = None,
    ) -> None:
        """Check evidence offline. Names each place that does not hold and exits with 1 then."""
        try:
            problems = _problems(file, key)
        except (Damaged, OSError) as wrong:
            typer.echo(f"{file.name}: {wrong}", err=True)
            sys.exit(NOT_EVIDENCE)
        for problem in problems:
            typer.echo(str(problem))
        if problems:
            sys.exit(BROKEN)
        typer.echo("Everything holds." if key else "Everything holds; who signed was not checked.")


def _is_audit(file: Path) -> bool:
    try:
        return audit_export.is_one(file)
    except zipfile.BadZipFile:
        return False


def _problems(file: Path, key: str | None) -> list[Problem]:
    if file.is_dir():
        return verify.folder(file)
    with file.open("rb") as opened:
        if opened.read(1) != b"{":
            return audit_export.check(file, key) if _is_audit(file) else verify.bundle(file, key)
    try:
        receipt.check(file.read_bytes(), key)
    except Damaged:
        return [Problem(file.name, "changed")]
    return []
