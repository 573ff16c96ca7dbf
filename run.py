"""Heyi: the composition root and the command line. The only file that may import everything."""

from __future__ import annotations

import asyncio
import getpass
import json
import os
import signal
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import structlog
import typer
from aiohttp import web
from aioice.ice import get_host_addresses

from recordings import audit_export
from recordings import command as evidence
from recordings.library import RecordingLibrary
from recordings.seat import RecorderSeat
from server import logs, metrics, settings
from server.commands import doctor, keeping
from server.domain.errors import Refused
from server.domain.organisation import OrganisationKind
from server.domain.user import StaffRole
from server.http import tls
from server.http.app import HEADER_S, cut_unread, make_app
from server.http.cookies import seat_cookie
from server.security import certificates
from server.security.key_copy import BadCopy
from server.security.keys import KeyStore
from server.sentences import refusal
from server.services import (
    audit,
    demo,
    faults,
    later,
    organisations,
    reels,
    sealing_old,
    sessions,
    users,
)
from server.services.context import Context
from server.services.jobs import JOBS
from server.services.keeping import upgrading
from server.services.keeping.manifest import NotDone
from server.settings import SELF_SIGNED, BadSettings, Settings
from server.store.store import Store
from server.words import gettext, speaking
from signaling.figures import Figures
from signaling.gateway import Gateway
from signaling.media.embedded import EmbeddedPlane
from signaling.sockets import make_sockets

STOP_S = 5
"""How long requests under way may take when the server stops."""

log = structlog.get_logger()
cli = typer.Typer(no_args_is_help=True, add_completion=False, help="Heyi 和议: video mediation.")
org = typer.Typer(no_args_is_help=True, help="Organisations.")
user = typer.Typer(no_args_is_help=True, help="Staff accounts.")
db = typer.Typer(no_args_is_help=True, help="The database.")
audit_cli = typer.Typer(no_args_is_help=True, help="The audit chains.")
cli.add_typer(org, name="org")
cli.add_typer(user, name="user")
cli.add_typer(db, name="db")
cli.add_typer(audit_cli, name="audit")

Data = Annotated[Path | None, typer.Option("--data", help="Folder of everything that is kept.")]
Port = Annotated[int | None, typer.Option(help="Port of the web server; 0: any that is free.")]
Host = Annotated[str | None, typer.Option(help="Address the web server listens on.")]
Result = TypeVar("Result")


# ---- putting the house together -----------------------------------------------------------------


@asynccontextmanager
async def opened(config: Settings) -> AsyncIterator[Context]:
    """The database at this version's tables, and the keys: all that the command line needs."""
    config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    _narrow(config.data_dir)
    await upgrading.upgrade(config.database)
    store = Store(config.database)
    store.timed = metrics.transaction
    try:
        ctx = Context(store=store, settings=config, keys=KeyStore(config.data_dir / "keys"))
        await sealing_old.seal_old(ctx)
        yield ctx
    finally:
        await store.close()


def _narrow(folder: Path) -> None:
    """A folder of ours that was made by hand, or before this was done, is opened to us alone."""
    found = folder.stat()
    if found.st_uid == os.getuid() and found.st_mode & 0o077:
        folder.chmod(0o700)


@asynccontextmanager
async def live(ctx: Context) -> AsyncIterator[web.Application]:
    """The signaling server and its media plane, hung on the web application."""
    config = ctx.settings
    plane = EmbeddedPlane(
        workers=config.media_workers,
        ports=config.media_ports,
        loopback=config.media_loopback,
        public_address=config.media_address or None,
    )
    gateway = Gateway(ctx, plane, seat_cookie)
    kept = config.data_dir / "recordings"
    recorder = RecorderSeat(kept, ctx.keys, plane, reels.Told(ctx))
    ctx.gate, ctx.publish, ctx.recorder = plane, gateway, recorder
    ctx.library = RecordingLibrary(kept, ctx.keys)
    sockets = make_sockets(config)
    sockets.register_namespace(gateway)
    counted = Figures(gateway.presence, gateway.qualities, plane)
    app = make_app(ctx, media_up=lambda: bool(plane.worker_pids), figures=counted)
    sockets.attach(app)

    async def goodbye(_: web.Application) -> None:
        await gateway.close()

    # While the sockets are still open: whoever is here is told why, and comes back by themselves.
    app.on_shutdown.append(goodbye)
    await plane.start()
    asyncio.get_running_loop().add_signal_handler(
        signal.SIGUSR1, plane.renew, 60 * config.media_drain_min
    )
    await sessions.restart(ctx)
    await reels.restart(ctx)
    running = (gateway.relay(), audit.keep_sealing(ctx), later.keep_working(ctx, JOBS))
    tasks = [asyncio.create_task(work) for work in running]
    try:
        yield app
    finally:
        await gateway.close()
        await ctx.alarms.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await recorder.close()
        await plane.stop()
        await audit.seal(ctx)


async def serve_until_told(
    config: Settings, ready: Callable[[Context], Awaitable[None]] | None = None
) -> None:
    """Serve until SIGTERM or SIGINT. The port is taken first, so that `port=0` is known to all."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    config = tls.listening(config)
    listening = _listen(config)
    config = config.model_copy(update={"port": listening.getsockname()[1]})
    config = tls.reached(config, get_host_addresses(use_ipv4=True, use_ipv6=True))
    async with opened(config) as ctx, secured(ctx) as secure, live(ctx) as app:
        runner = web.AppRunner(
            app, access_log=None, keepalive_timeout=HEADER_S, shutdown_timeout=STOP_S
        )
        await runner.setup()
        try:
            await web.SockSite(runner, listening, ssl_context=secure).start()
            log.info("serving", port=config.port)
            if ready is not None:
                await ready(ctx)
            await stop.wait()
            log.info("stopping")
        finally:
            await runner.cleanup()


@asynccontextmanager
async def secured(ctx: Context) -> AsyncIterator[ssl.SSLContext | None]:
    """What TLS needs, where no proxy does it; kept fresh meanwhile."""
    if not ctx.settings.tls:
        yield None
        return

    def names() -> set[str]:
        return tls.own_names(ctx.settings, get_host_addresses(use_ipv4=True, use_ipv6=True))

    certificate = tls.Certificate(ctx.settings, names, ctx.clock)
    fresh = asyncio.create_task(certificate.keep_fresh())
    try:
        yield certificate.context
    finally:
        fresh.cancel()
        await asyncio.gather(fresh, return_exceptions=True)


def _listen(config: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    cut_unread(listening)
    try:
        listening.bind((config.host, config.port))
    except OSError as wrong:
        raise BadSettings(f"port: {config.port} can't be used: {wrong.strerror}") from None
    return listening


# ---- the command line ---------------------------------------------------------------------------


def _settings(**given: object) -> Settings:
    # Whatever is made from here on is this account's alone: the database is not sealed as a whole.
    os.umask(0o077)
    config = settings.load(**given)
    logs.setup(config.log_level, config.log_format)
    return config


def _here(**given: object) -> tuple[Settings, tuple[str, ...]]:
    """The settings as `serve` would take them, and this machine's addresses."""
    addresses = get_host_addresses(use_ipv4=True, use_ipv6=True)
    return tls.reached(tls.listening(_settings(**given)), addresses), tuple(addresses)


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run it; what is refused, or has no room left, becomes one line and exit code 1."""
    try:
        return asyncio.run(work)
    except Refused as no:
        code = no.code
    except Exception as wrong:
        code = faults.code(wrong)
        if code == "unknown":
            raise
    speaking.set("en")
    sys.exit(f"{code}: {gettext(refusal(code))}")


async def _with(config: Settings, work: Callable[[Context], Awaitable[Result]]) -> Result:
    async with opened(config) as ctx:
        return await work(ctx)


@cli.command()
def serve(
    port: Port = None,
    host: Host = None,
    data: Data = None,
    tls: Annotated[
        str | None, typer.Option(help="HTTPS: file of a certificate (PEM), or self-signed.")
    ] = None,
    tls_key: Annotated[Path | None, typer.Option(help="File of its key (PEM).")] = None,
) -> None:
    """Start the server."""
    config = _settings(port=port, host=host, data_dir=data, tls=tls, tls_key=tls_key)
    _run(serve_until_told(config, _how_to_trust if config.tls == SELF_SIGNED else None))


async def _how_to_trust(ctx: Context) -> None:
    """Which address telephones open, and what they have to be shown."""
    authority = certificates.read(tls.files(ctx.settings).authority)
    print(
        f"Heyi 和议: {ctx.settings.origin}",
        "Browsers warn of this certificate; docs/operations.md says how telephones trust it.",
        f"SHA-256 of the authority: {certificates.fingerprint(authority)}",
        sep="\n",
        flush=True,
    )


@cli.command(name="demo")
def run_demo(
    port: Port = None,
    host: Host = None,
    data: Data = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Start with a demo bureau and a mediation that is due now."""
    config = _settings(
        port=port,
        host=host,
        data_dir=data,
        media_loopback=True,
        help_phone="12348",
        log_level="warning",
        log_format="console",
    )

    async def ready(ctx: Context) -> None:
        made = await demo.seed(ctx)
        print(json.dumps(made, ensure_ascii=False) if as_json else _demo_page(made), flush=True)

    _run(serve_until_told(config, ready))


def _demo_page(made: dict[str, Any]) -> str:
    """What `make run` shows: the links to open, each in a browser window of its own."""
    session = made["session"]
    lines = [
        "",
        f"Heyi 和议 is running: {made['url']}",
        "",
        "A mediation is due now. Open each link in a browser (or a private window) of its own;",
        "add ?lang=en before the # for English.",
        "",
        f"  mediator 调解员     {session['host_link']}",
        *(f"  party 当事人 {p['side']}  {p['url']}  ({p['name']})" for p in session["party_links"]),
        "",
        f"Staff sign in at {made['url']}/sign-in",
        "",
        *(
            f"  login {s['login']:14} password {s['password']:14} {s['name']} · {s['organisation']}"
            for s in made["staff"]
        ),
        "",
        "Stop with Ctrl-C. Everything is kept for the next start.",
    ]
    return "\n".join(lines)


@org.command("add")
def org_add(
    name: str,
    kind: OrganisationKind,
    under: Annotated[str, typer.Option(help="Name or id of the organisation above.")] = "",
    time_zone: Annotated[str, typer.Option(help="Such as Asia/Shanghai.")] = "",
    phone: Annotated[str, typer.Option(help="Shown wherever someone may need help.")] = "",
    data: Data = None,
) -> None:
    """Add an organisation; without --under it is a tenant of its own. Prints its id."""

    async def work(ctx: Context) -> str:
        parent = await organisations.named(ctx, under) if under else None
        return (await organisations.add(ctx, name, kind, parent, time_zone, phone)).id

    print(_run(_with(_settings(data_dir=data), work)))


@user.command("add")
def user_add(
    login: str,
    name: str,
    organisation: Annotated[str, typer.Option("--org", help="Name or id.")],
    role: Annotated[list[StaffRole], typer.Option(help="May be given more than once.")],
    data: Data = None,
) -> None:
    """Add a member of staff. The password is asked for, or read from standard input."""
    asked = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline()
    password = asked.rstrip("\n")

    async def work(ctx: Context) -> str:
        where = await organisations.named(ctx, organisation)
        return await users.add(ctx, login, name, password, where, role)

    print(_run(_with(_settings(data_dir=data), work)))


@db.command("upgrade")
def db_upgrade(data: Data = None) -> None:
    """Bring the database to this version's tables."""

    async def work(_: Context) -> None:
        return None  # opening it is upgrading it

    _run(_with(_settings(data_dir=data), work))


@audit_cli.command("verify")
def audit_verify(data: Data = None) -> None:
    """Check every chain. Names each place that does not hold and exits with 1 if there is one."""
    breaks = _run(_with(_settings(data_dir=data), audit.verify))
    for found in breaks:
        print(found)
    if breaks:
        sys.exit(1)
    print("All chains hold.")


@audit_cli.command("export")
def audit_export_to(file: Path, data: Data = None) -> None:
    """Write every chain and every signed checkpoint to a file that `verify` checks anywhere."""

    async def work(ctx: Context) -> int:
        entries, points = await audit.given(ctx)
        await asyncio.to_thread(
            audit_export.write, file, entries, points, ctx.keys.audit_public_key
        )
        return len(entries)

    try:
        count = _run(_with(_settings(data_dir=data), work))
    except FileExistsError:
        sys.exit(f"{file} is there already.")
    print(f"{count} entries.")


keeping.add_to(cli, db, _settings)
doctor.add_to(cli, _here)
evidence.add_to(cli)


def main() -> None:
    try:
        cli()
    except (BadSettings, NotDone, BadCopy, OSError) as wrong:
        # The last: a folder that is not ours, a file that is not there, a database that is away.
        sys.exit(str(wrong))


if __name__ == "__main__":
    main()
