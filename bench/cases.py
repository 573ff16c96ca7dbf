"""How long lists, search, a case's page and acceptance take with 10⁴, 10⁵ and 10⁶ cases.

Seconds are taken around the services that the pages call, in one process, as in a running server.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import quantiles

import asyncpg

from bench.matters import NOW, Matters, into_postgresql, into_sqlite
from server.domain.case import CaseStatus, Difficulty, DisputeType, Source
from server.domain.ids import CaseId, UserId
from server.domain.importing import ImportKind
from server.domain.listing import Due, Sort, Wanted
from server.domain.user import User
from server.http.pages.case import SECTIONS
from server.security.ids import new_secret_id
from server.security.keys import KeyStore
from server.services import cases, deciding, finding, imports
from server.services.context import Context
from server.settings import Settings
from server.store import users
from server.store.migrate import upgrade
from server.store.store import Store
from tests import postgres

TIMES = 100
WRITERS = 50
EACH = 4
PAUSE_S = 10
"""Between two cases of one writer: nobody reads a matter and accepts it in less."""
COMMON = ("租赁", "押金", "漏水", "道路", "合同", "纠纷", "离婚", "2025", "人调", "张伟")

IMPORTED = 2_000
ROWS = "imported rows a second"
BURST = "acceptance, 50 in the same moment"
"""Told, but no p95 of its own: whoever comes last in a burst waits for the other 49."""

Ask = Callable[[int], Awaitable[object]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="10⁵ cases on SQLite only")
    parser.add_argument("--json", action="store_true", help="the last line is one JSON object")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"])
    wanted = parser.parse_args()
    sizes, engines = ([100_000], ["sqlite"]) if wanted.quick else (wanted.sizes, wanted.engines)
    found: dict[str, dict[int, dict[str, tuple[float, float]]]] = {}
    for engine in engines:
        for size in sizes:
            figures = asyncio.run(measured(engine, size))
            found.setdefault(engine, {})[size] = figures
            if not wanted.json:
                told(engine, size, figures)
    if wanted.json:
        print(json.dumps(summary(found)))
    else:
        print(_machine())
    return 0


async def measured(engine: str, size: int) -> dict[str, tuple[float, float]]:
    """Median and 95th percentile of each question, in ms."""
    matters = Matters()
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="heyi-cases-"))
        url = await stack.enter_async_context(_database(engine, Path(folder)))
        await upgrade(url)
        began = time.perf_counter()
        if engine == "sqlite":
            await asyncio.to_thread(into_sqlite, url.removeprefix("sqlite:///"), matters, size)
        else:
            await into_postgresql(url, matters, size)
        print(f"{engine}: {size:,} cases in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        store = Store(url)
        settings = Settings(data_dir=Path(folder))
        keys = KeyStore(Path(folder) / "keys")
        ctx = Context(store=store, settings=settings, keys=keys, clock=lambda: NOW)
        try:
            return await _questions(ctx, matters)
        finally:
            await store.close()


async def _questions(ctx: Context, matters: Matters) -> dict[str, tuple[float, float]]:
    async with ctx.store.read() as conn:
        clerk = await users.find(conn, UserId(matters.clerks[0]))
    assert clerk is not None
    tenant, pick = clerk.path.partition("/")[0], random.Random(11)
    wanted = [_wanted(pick, matters) for _ in range(TIMES)]
    names = [pick.choice(matters.names) for _ in range(TIMES)]
    opened = [pick.choice(matters.sample) for _ in range(TIMES)]
    for case in {*opened, *matters.applied}:
        ctx.keys.data.make(case, tenant)

    async def page(n: int) -> None:
        found = await cases.page(ctx, clerk, CaseId(opened[n]))
        for section in SECTIONS:
            await section.load(ctx, clerk, found)

    asks: dict[str, Ask] = {
        "list": lambda n: finding.find(ctx, clerk, Wanted()),
        "list with filters": lambda n: finding.find(ctx, clerk, wanted[n]),
        "search of a word": lambda n: _search(ctx, clerk, COMMON[n % len(COMMON)]),
        "search of a name": lambda n: _search(ctx, clerk, names[n]),
        "case page": page,
    }
    found = {}
    for name, ask in asks.items():
        await ask(0)
        found[name] = _figures([await _timed(ask, n) for n in range(TIMES)])
    waiting = iter(matters.applied)
    found["acceptance"] = _figures(await _accepting(ctx, clerk, waiting, EACH, PAUSE_S))
    found[BURST] = _figures(await _accepting(ctx, clerk, waiting, EACH, 0))
    rows = await _importing(ctx, clerk)
    found[ROWS] = (rows, rows)
    return found


def _wanted(pick: random.Random, matters: Matters) -> Wanted:
    """Two filters of many and any order, as people set them."""
    day = NOW.date() - timedelta(days=pick.randrange(30, 3_000))
    each: list[dict[str, object]] = [
        {"status": pick.choice(list(CaseStatus))},
        {"type": pick.choice(list(DisputeType))},
        {"source": pick.choice(list(Source))},
        {"difficulty": pick.choice(list(Difficulty))},
        {"due": pick.choice(list(Due))},
        {"since": day, "until": day + timedelta(days=90)},
        {"organisation": pick.choice(matters.units)[0]},
        {"handler": pick.choice(["nobody", matters.mediators[pick.choice(matters.units)[0]][0]])},
    ]
    chosen: dict[str, object] = {"sort": pick.choice(list(Sort))}
    for filters in pick.sample(each, 2):
        chosen |= filters
    return replace(Wanted(), **chosen)  # type: ignore[arg-type]


def _search(ctx: Context, clerk: User, text: str) -> Awaitable[object]:
    return finding.find(ctx, clerk, replace(Wanted(), text=text))


async def _accepting(
    ctx: Context, clerk: User, waiting: Iterator[str], each: int, pause: float
) -> list[float]:
    """50 people accept cases of one county, in turns; without a pause all at the same moment."""
    found: list[float] = []
    loop = asyncio.get_running_loop()

    async def writer(n: int, mine: list[str]) -> None:
        await asyncio.sleep(pause * n / WRITERS)
        for case in mine:
            began = loop.time()
            await deciding.accept(ctx, clerk, CaseId(case), new_secret_id())
            found.append(loop.time() - began)
            await asyncio.sleep(max(0, began + pause - loop.time()))

    shares = [[next(waiting) for _ in range(each)] for _ in range(WRITERS)]
    await asyncio.gather(*(writer(n, mine) for n, mine in enumerate(shares)))
    return found


async def _importing(ctx: Context, clerk: User) -> float:
    """Rows a second of a file of old cases, checked and put in."""
    lines = ["title,dispute_type,accepted_on,closed_on,outcome,a_name,b_name"]
    lines += [f"旧案{n},邻里,2024-05-01,2024-06-01,调解成功,张{n},李{n}" for n in range(IMPORTED)]

    async def pieces() -> AsyncIterator[bytes]:
        yield "\n".join(lines).encode()

    began = time.perf_counter()
    job = await imports.make(ctx, clerk, ImportKind.CASES, pieces(), new_secret_id())
    await imports.run(ctx, job)
    await imports.start(ctx, clerk, job)
    await imports.run(ctx, job)
    passed = time.perf_counter() - began
    done = (await imports.page(ctx, clerk, job)).job
    if done.imported != IMPORTED:
        raise RuntimeError(f"{done.imported} of {IMPORTED} rows were imported")
    return round(IMPORTED / passed)


async def _timed(ask: Ask, n: int) -> float:
    began = time.perf_counter()
    await ask(n)
    return time.perf_counter() - began


def _figures(seconds: list[float]) -> tuple[float, float]:
    parts = quantiles(seconds, n=20)
    return round(1000 * parts[9], 1), round(1000 * parts[18], 1)


@asynccontextmanager
async def _database(engine: str, folder: Path) -> AsyncIterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{folder}/heyi.sqlite3"
        return
    programs = postgres.programs()
    if programs is None:
        sys.exit("PostgreSQL is not installed: apt-get install postgresql")
    # As it comes: what is committed is on the disk.
    with postgres.cluster(programs, settings=()) as socket:
        conn = await asyncpg.connect(host=socket, user="postgres", database="postgres")
        await conn.execute("CREATE DATABASE heyi")
        await conn.close()
        yield f"postgresql://postgres@/heyi?host={socket}"


def summary(
    found: dict[str, dict[int, dict[str, tuple[float, float]]]],
) -> dict[str, object]:
    """`p95_ms` of 10⁵ cases, or of the most there were; `figures` has all of them."""
    engine = next(iter(found))
    size = 100_000 if 100_000 in found[engine] else max(found[engine])
    figures = found[engine][size]
    return {
        "bench": "cases",
        "engine": engine,
        "cases": size,
        "p95_ms": {
            name: p95 for name, (_, p95) in found[engine][size].items() if name not in (BURST, ROWS)
        },
        "import_rows_per_s": figures[ROWS][0],
        "figures": found,
        "machine": _machine(),
    }


def told(engine: str, size: int, figures: dict[str, tuple[float, float]]) -> None:
    for name, (p50, p95) in figures.items():
        if name == ROWS:
            print(f"{engine:10} {size:>9,} {name:35} {p50:.0f}", flush=True)
            continue
        print(f"{engine:10} {size:>9,} {name:35} p50 {p50:7.1f} ms  p95 {p95:7.1f} ms", flush=True)


def _machine() -> str:
    return (
        f"{platform.system()} {platform.release()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    sys.exit(main())
