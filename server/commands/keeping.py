"""`backup`, `backup-keys`, `restore`, `drill`, and the ways down in `db`."""

from __future__ import annotations

import asyncio
import getpass
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from server.security import key_copy
from server.security.key_copy import BadCopy, KeyCopy
from server.security.keys import KeyStore
from server.services.keeping import backup as backups
from server.services.keeping import restore as restores
from server.services.keeping import upgrading
from server.services.keeping.manifest import Manifest, NotDone
from server.services.keeping.restore import Restored
from server.settings import Settings

Result = TypeVar("Result")

Data = Annotated[Path | None, typer.Option("--data", help="Folder of everything that is kept.")]
Keys = Annotated[Path | None, typer.Option("--keys", help="File of the copy of the keys.")]
Passphrase = Annotated[
    Path | None,
    typer.Option(help="File with the passphrase; without it, it is asked for or read from input."),
]
GoodFor = Annotated[int, typer.Option(help="Days after which the copy should not be used.", min=1)]
OldKeys = Annotated[bool, typer.Option(help="Take a copy of the keys that is past its time.")]
WithoutKeys = Annotated[bool, typer.Option(help="Restore what can be read without any keys.")]

DAYS = key_copy.GOOD_FOR.days
TOLD_EVERY_S = 1.0


def add_to(cli: typer.Typer, db: typer.Typer, given: Callable[..., Settings]) -> None:
    """`given(data_dir=…)`: the settings of this run."""

    @cli.command()
    def backup(
        to: Annotated[Path, typer.Argument(help="A folder to be made, or a file ending in .tar.")],
        keys: Keys = None,
        passphrase_file: Passphrase = None,
        days: GoodFor = DAYS,
        data: Data = None,
    ) -> None:
        """Back up database, files and recordings while the server runs. Keys are never in it.

        With --keys, a copy of the keys is made too, somewhere else, after the data: so no case is
        in the backup whose key isn't in the copy.
        """
        config = given(data_dir=data)
        passphrase = _passphrase(passphrase_file, new=True) if keys else ""
        store = _store(config)
        if keys:
            key_copy.check(store, keys, passphrase)
            if keys.absolute().is_relative_to(to.absolute()):
                raise BadCopy("The keys have to lie somewhere else than the backup.")
        made = _run(backups.backup(config, store, to, _now, Told()))
        typer.echo(
            f"Backed up: {sum(made.rows.values())} rows, {made.files} files, {made.size} bytes."
        )
        _tell_lacking(made)
        if keys:
            key_copy.write(store, keys, passphrase, _now(), timedelta(days=days))
            typer.echo("Copied the keys.")

    @cli.command("backup-keys")
    def backup_keys(
        to: Annotated[Path, typer.Argument(help="A file; the copy in it is replaced.")],
        passphrase_file: Passphrase = None,
        days: GoodFor = DAYS,
        data: Data = None,
    ) -> None:
        """Copy the keys, sealed under a passphrase, in the place of an earlier copy."""
        store = _store(given(data_dir=data))
        passphrase = _passphrase(passphrase_file, new=True)
        key_copy.write(store, to, passphrase, _now(), timedelta(days=days))
        typer.echo("Copied the keys.")

    @cli.command()
    def restore(
        backup: Annotated[Path, typer.Argument(help="What `backup` made.")],
        keys: Keys = None,
        passphrase_file: Passphrase = None,
        without_keys: WithoutKeys = False,
        old_keys: OldKeys = False,
        data: Data = None,
    ) -> None:
        """Restore into an empty folder (and an empty database of PostgreSQL), and check it all."""
        opened = _opened(keys, passphrase_file, without_keys)
        config = given(data_dir=data)
        work = restores.restore(config, backup, opened, _now(), old_keys=old_keys, progress=Told())
        _tell(_run(work))

    @cli.command()
    def drill(
        backup: Annotated[Path, typer.Argument(help="What `backup` made.")],
        keys: Keys = None,
        passphrase_file: Passphrase = None,
        without_keys: WithoutKeys = False,
        old_keys: OldKeys = False,
    ) -> None:
        """Restore into a folder that is thrown away, to know that it would work."""
        opened = _opened(keys, passphrase_file, without_keys)
        folder = Path(tempfile.mkdtemp(prefix="heyi-drill-"))
        try:
            config = given(data_dir=folder)
            work = restores.restore(
                config, backup, opened, _now(), old_keys=old_keys, progress=Told()
            )
            _tell(_run(work))
        finally:
            shutil.rmtree(folder)

    @db.command("level")
    def level(data: Data = None) -> None:
        """Print which migration the database is at."""
        typer.echo(_run(upgrading.level(given(data_dir=data).database)) or "none")

    @db.command("downgrade")
    def downgrade(
        to: Annotated[str, typer.Argument(help="Such as 0006.")], data: Data = None
    ) -> None:
        """Go back to an older version's tables, keeping what they have a place for."""
        _run(upgrading.downgrade(given(data_dir=data).database, to))

    @db.command("rollback")
    def rollback(
        yes: Annotated[bool, typer.Option(help="What was written since is lost.")] = False,
        data: Data = None,
    ) -> None:
        """Put back the copy made before the last upgrade, with the server stopped."""
        if not yes:
            raise NotDone("What was written since the upgrade would be lost; say --yes to do it.")
        typer.echo(f"Back at level {_run(upgrading.roll_back(given(data_dir=data).database))}.")


class Told:
    """Progress on standard error, a line a second at most."""

    def __init__(self) -> None:
        self._at = time.monotonic()

    def __call__(self, what: str, done: int, of: int) -> None:
        if time.monotonic() - self._at >= TOLD_EVERY_S:
            self._at = time.monotonic()
            typer.echo(f"{what}: {f'{done} of {of}' if of else '…'}", err=True)


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    return asyncio.run(work)


def _now() -> datetime:
    return datetime.now(UTC)


def _store(config: Settings) -> KeyStore:
    """Never a new one: a backup of nothing is a mistake in --data."""
    folder = config.data_dir / restores.KEYS
    if not folder.is_dir():
        raise NotDone(f"There are no keys in {folder}: is --data right?")
    return KeyStore(folder)


def _passphrase(file: Path | None, *, new: bool = False) -> str:
    if file is not None:
        return file.read_text("utf-8").rstrip("\n")
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    said = getpass.getpass("Passphrase of the keys: ")
    if new and getpass.getpass("Once more: ") != said:
        raise BadCopy("The two are not the same.")
    return said


def _opened(keys: Path | None, passphrase_file: Path | None, without: bool) -> KeyCopy | None:
    if (keys is None) != without:
        raise NotDone(
            "Say where the copy of the keys is by --keys, or --without-keys: without them all "
            "links are void, and nothing sealed can be read by anybody."
        )
    return key_copy.read(keys, _passphrase(passphrase_file)) if keys else None


def _tell(done: Restored) -> None:
    typer.echo(f"Restored what was backed up at {done.made.made_at}; everything was checked.")
    if done.now != done.made.level:
        typer.echo(f"The database was migrated from {done.made.level} to {done.now}.")
    typer.echo(f"Cases: {done.cases}; with destroyed keys, unreadable for ever: {done.destroyed}.")
    if done.without_key:
        typer.echo(f"Cases whose key is in no copy, so unreadable: {done.without_key}.")
    if done.recordings:
        typer.echo(f"Recordings: {done.recordings}; without a key: {done.unreadable}.")
    _tell_lacking(done.made)


def _tell_lacking(made: Manifest) -> None:
    for one in made.lacking:
        typer.echo(f"Recording {one} was not whole: segments of it were missing.", err=True)
