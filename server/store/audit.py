"""The audit chains: one per case (`case:<id>`), one per organisation (`org:<id>`).

An entry's hash covers the hash of the entry before it and its own content in canonical JSON, so
nothing can be changed, taken out or put elsewhere without the chain showing it. The head row,
which says how long the chain is and where it ends, moves in the same transaction. Entries carry
`alg`, so that another hash can follow one day. Bodies hold ids and plain words of ours only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from server.store import tables

ALG = "sha256"
START = ""
"""What the first entry of a chain names as the hash before it."""

_head, _entry = tables.audit_head, tables.audit_entry


@dataclass(frozen=True, slots=True)
class Entry:
    n: int
    at: datetime
    verb: str
    actor: str
    thing: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold, at entry `n`, and how.

    `changed`: the entry isn't what was written. `missing`: it is gone. `reordered`: it stands
    where another stood. `head`: the chain's end isn't where its head says, or has no head.
    """

    chain: str
    n: int
    what: str


@dataclass(frozen=True, slots=True)
class Act:
    """What is to become an entry. `actor`: who did it; `thing`: to what."""

    verb: str
    at: datetime
    actor: str
    thing: str
    body: Mapping[str, Any]


async def append(
    conn: AsyncConnection,
    chain: str,
    verb: str,
    at: datetime,
    actor: str,
    thing: str,
    body: Mapping[str, Any],
) -> None:
    """Within the transaction of what it tells about. Holds the chain's head until the commit."""
    await append_all(conn, chain, [Act(verb, at, actor, thing, body)])


async def append_all(conn: AsyncConnection, chain: str, entries: Sequence[Act]) -> None:
    """Several, one after the other; as `append`."""
    if not entries:
        return
    n, previous = await _longer(conn, chain, len(entries))
    rows = []
    for number, act in enumerate(entries, start=n - len(entries) + 1):
        row = {
            "at": act.at,
            "verb": act.verb,
            "actor": act.actor,
            "thing": act.thing,
            "body": canonical(act.body),
            "alg": ALG,
        }
        hashed = entry_hash(chain, previous, row)
        rows.append({"chain": chain, "n": number, "previous": previous, "hash": hashed, **row})
        previous = hashed
    await conn.execute(insert(_entry), rows)
    await conn.execute(update(_head).where(_head.c.chain == chain).values(hash=previous))


async def of_chain(conn: AsyncConnection, chain: str) -> list[Entry]:
    """Every entry, oldest first."""
    rows = await conn.execute(select(_entry).where(_entry.c.chain == chain).order_by(_entry.c.n))
    return [_to_entry(row) for row in rows.mappings()]


async def about(
    conn: AsyncConnection, chains: Iterable[str], thing: str, verbs: Iterable[str]
) -> list[tuple[str, Entry]]:
    """What these chains say of one thing by these verbs, with the chain's name, oldest first."""
    found = (
        select(_entry)
        .where(_entry.c.chain.in_(list(chains)), _entry.c.thing == thing)
        .where(_entry.c.verb.in_(list(verbs)))
        .order_by(_entry.c.at, _entry.c.chain, _entry.c.n)
    )
    return [(r["chain"], _to_entry(r)) for r in (await conn.execute(found)).mappings()]


async def everything(conn: AsyncConnection) -> list[dict[str, Any]]:
    """Every entry of every chain, as it was hashed: to be given out."""
    found = select(_entry).order_by(_entry.c.chain, _entry.c.n)
    return [_given(row) for row in (await conn.execute(found)).mappings()]


def _given(row: RowMapping) -> dict[str, Any]:
    return {**row, "at": row["at"].astimezone(UTC).isoformat(timespec="microseconds")}


async def part(conn: AsyncConnection, chain: str, things: Iterable[str]) -> list[dict[str, Any]]:
    """All entries from the first to the last about these things, as they were hashed: to be given
    out. Without a gap, so that each can be seen to name the one before."""
    of_chain = _entry.c.chain == chain
    ends = select(func.min(_entry.c.n), func.max(_entry.c.n))
    first, last = (await conn.execute(ends.where(of_chain, _entry.c.thing.in_(list(things))))).one()
    if first is None:
        return []
    found = select(_entry).where(of_chain, _entry.c.n.between(first, last)).order_by(_entry.c.n)
    return [_given(row) for row in (await conn.execute(found)).mappings()]


def canonical(body: Mapping[str, Any]) -> str:
    """JSON of which there is one way only: sorted keys, no spaces, plain characters."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def entry_hash(chain: str, previous: str, row: Mapping[str, Any]) -> str:
    """`sha256:` and 64 hex digits over the whole entry but its number, which the links imply."""
    content = {
        "alg": row["alg"],
        "chain": chain,
        "previous": previous,
        "at": row["at"].astimezone(UTC).isoformat(timespec="microseconds"),
        "verb": row["verb"],
        "actor": row["actor"],
        "thing": row["thing"],
        "body": row["body"],
    }
    return f"{ALG}:" + hashlib.sha256(canonical(content).encode()).hexdigest()


async def verify(conn: AsyncConnection) -> list[Break]:
    """Look at every entry of every chain. An empty list: all of them hold."""
    heads = {row.chain: (row.n, row.hash) for row in await conn.execute(select(_head))}
    chains = set(await conn.scalars(select(_entry.c.chain).distinct()))
    breaks = []
    for chain in sorted(chains | heads.keys()):
        of_chain = select(_entry).where(_entry.c.chain == chain).order_by(_entry.c.n)
        rows = (await conn.execute(of_chain)).mappings().all()
        breaks += _breaks(chain, rows, heads.get(chain))
    return breaks


def _to_entry(row: RowMapping) -> Entry:
    body = json.loads(row["body"])
    return Entry(row["n"], row["at"], row["verb"], row["actor"], row["thing"], body)


def _breaks(chain: str, rows: Sequence[RowMapping], head: tuple[int, str] | None) -> list[Break]:
    found = []
    hashes = {START} | {row["hash"] for row in rows}
    last_n, last_hash = 0, START
    for row in rows:
        n = row["n"]
        found += [Break(chain, gone, "missing") for gone in _gap(last_n, n)]
        if entry_hash(chain, row["previous"], dict(row)) != row["hash"]:
            found.append(Break(chain, n, "changed"))
        elif n == last_n + 1 and row["previous"] != last_hash:
            if row["previous"] in hashes:
                found.append(Break(chain, n, "reordered"))
            elif head is not None and head[0] == rows[-1]["n"]:
                # As many as there should be, so the one before was replaced as a whole.
                found.append(Break(chain, last_n, "changed"))
            else:
                found.append(Break(chain, n, "missing"))
        last_n, last_hash = n, row["hash"]
    if head is None or head[0] < last_n or (head[0] == last_n and head[1] != last_hash):
        found.append(Break(chain, last_n, "head"))
    elif head[0] > last_n:
        found += [Break(chain, gone, "missing") for gone in _gap(last_n, head[0] + 1)]
    return found


def _gap(last: int, n: int) -> range:
    """The numbers between, the first thousand of them."""
    return range(last + 1, min(n, last + 1001))


async def _longer(conn: AsyncConnection, chain: str, by: int) -> tuple[int, str]:
    """The chain's new length, and the hash of its last entry until now."""
    longer = (
        update(_head)
        .where(_head.c.chain == chain)
        .values(n=_head.c.n + by)
        .returning(_head.c.n, _head.c.hash)
    )
    row = (await conn.execute(longer)).first()
    if row is None:
        engine = postgresql if conn.dialect.name == "postgresql" else sqlite
        first = engine.insert(_head).values(chain=chain, n=0, hash=START)
        await conn.execute(first.on_conflict_do_nothing())
        row = (await conn.execute(longer)).one()
    return row.n, row.hash
