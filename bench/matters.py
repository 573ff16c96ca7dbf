"""A prefecture of ten years for `bench.cases`: made up, always the same, and put in by the bulk.

1 bureau, 10 counties, 99 stations and 990 committees; each county's clerk, three mediators in
each station and committee; cases of all types and ages, most of them closed, with two parties,
a handler, a history, and what search and lists read.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any

import asyncpg

from server.domain.case import CaseStatus, Difficulty, DisputeType, Source
from server.domain.organisation import OrganisationKind
from server.domain.search import in_order, tokens
from server.domain.user import StaffRole

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
YEARS = 10
CHUNK = 20_000
WAITING = 600
COUNTIES, STATIONS, COMMITTEES = 10, 99, 990

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂兰建华国玉梅红军志文鹏宇晨欣怡子轩浩然梓涵诗雨"
PLACES = "城关河东河西新华建设解放东风和平胜利光明"
"""Two characters a county."""
MATTERS = (
    *("房屋租赁合同", "押金退还", "漏水损害", "宅基地界限", "相邻采光", "邻里噪音", "道路交通事故"),
    *("劳动报酬", "工伤赔偿", "物业服务费", "民间借贷", "买卖合同", "离婚财产", "赡养费"),
    *("土地承包", "医疗损害", "消费退款", "征收补偿", "排污损害", "人身损害赔偿"),
)

STATUSES = {
    CaseStatus.CLOSED: 84,
    CaseStatus.DECLINED: 4,
    CaseStatus.WITHDRAWN: 2,
    CaseStatus.APPLIED: 2,
    CaseStatus.ACCEPTED: 2,
    CaseStatus.ASSIGNED: 2,
    CaseStatus.MEDIATING: 3,
    CaseStatus.SIGNING: 1,
}
OPEN = (CaseStatus.ACCEPTED, CaseStatus.ASSIGNED, CaseStatus.MEDIATING, CaseStatus.SIGNING)
NUMBERED = (*OPEN, CaseStatus.CLOSED)

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]

COLUMNS = {
    "organisation": "id parent path kind name time_zone phone short created_at",
    "user": "id organisation login name password_hash created_at",
    "role_grant": "user organisation role created_at",
    "case": "id organisation kind dispute_type title status number source difficulty "
    "accepted_on due_kind due_on search number_order reference referred_by statement "
    "shuttle_only created_at",
    "case_status": "case n before status at by why created_at",
    "case_handler": "id case user role since until created_at",
    "party": "id case side name contact details created_at",
    "party_lookup": "party kind hash created_at",
    "number_counter": "organisation year kind n created_at",
}
OF_CASES = ("case", "case_status", "case_handler", "party", "party_lookup")


@dataclass
class Matters:
    """Who there is, and some of the cases, to be asked for."""

    random: random.Random = field(default_factory=lambda: random.Random(7))
    units: list[tuple[str, str, str]] = field(default_factory=list)
    """Id, path and one-letter name."""
    counties: list[str] = field(default_factory=list)
    clerks: list[str] = field(default_factory=list)
    """One a county, in the same order."""
    mediators: dict[str, list[str]] = field(default_factory=dict)
    sample: list[str] = field(default_factory=list)
    """Cases of the first county."""
    applied: list[str] = field(default_factory=list)
    """Cases of the first county that wait to be accepted."""
    names: list[str] = field(default_factory=list)
    """People in the sample."""

    def people(self) -> Rows:
        rows: Rows = {"organisation": [], "user": [], "role_grant": []}
        bureau = self._unit(rows, None, OrganisationKind.BUREAU, "司法局")
        county = [
            self._unit(rows, bureau, OrganisationKind.COUNTY, f"{PLACES[2 * n : 2 * n + 2]}县")
            for n in range(COUNTIES)
        ]
        self.counties = [unit[0] for unit in county]
        self.clerks = [self._member(rows, unit[0], StaffRole.CLERK) for unit in county]
        stations = [
            self._unit(rows, county[n % COUNTIES], OrganisationKind.STATION, f"司法所{n}")
            for n in range(STATIONS)
        ]
        committees = [
            self._unit(rows, stations[n % STATIONS], OrganisationKind.COMMITTEE, f"调委会{n}")
            for n in range(COMMITTEES)
        ]
        for unit in (*stations, *committees):
            self.mediators[unit[0]] = [
                self._member(rows, unit[0], StaffRole.MEDIATOR) for _ in range(3)
            ]
        self.units = [*stations, *committees]
        return rows

    def cases(self, number: int) -> Iterator[Rows]:
        """The rows of so many cases, the oldest first, a chunk at a time."""
        weights = list(accumulate(self.random.choice((1, 2, 4, 9)) for _ in self.units))
        step = timedelta(days=365 * YEARS) / number
        counted: dict[tuple[str, int], int] = {}
        for first in range(0, number, CHUNK):
            rows: Rows = {name: [] for name in OF_CASES}
            for n in range(first, min(first + CHUNK, number)):
                unit = self.random.choices(self.units, cum_weights=weights)[0]
                at = NOW - step * (number - n)
                self._case(rows, unit, at, counted, self._status(at))
            yield rows
        yield self._waiting()
        last: list[Row] = [(*key, "mediation.peoples", n, NOW) for key, n in counted.items()]
        yield {"number_counter": last}

    def _waiting(self) -> Rows:
        """What came in this morning in the first county, to be accepted."""
        rows: Rows = {name: [] for name in OF_CASES}
        near = [unit for unit in self.units if f"/{self.counties[0]}/" in unit[1]]
        for _ in range(WAITING):
            self._case(rows, self.random.choice(near), NOW, {}, CaseStatus.APPLIED)
        self.applied = [row[0] for row in rows["case"]]
        return rows

    def _case(
        self,
        rows: Rows,
        unit: tuple[str, str, str],
        at: datetime,
        counted: dict[tuple[str, int], int],
        status: CaseStatus,
    ) -> None:
        pick, case = self.random.choice, self._id(at)
        names = [self._name(), self._name()]
        title = f"{names[0]}与{names[1]}{pick(MATTERS)}纠纷"
        number, accepted = "", None
        if status in NUMBERED:
            accepted = at.date()
            key = (unit[0], accepted.year)
            counted[key] = counted.get(key, 0) + 1
            number = f"（{accepted.year}）{unit[2]}人调字第{counted[key]}号"
        due = at.date() + timedelta(days=pick((10, 20, 30))) if status in OPEN else None
        words = " ".join(tokens(f"{number}\n{title}\n{names[0]}\n{names[1]}"))
        kinds = pick(tuple(DisputeType)), pick(tuple(Source)), self._difficulty()
        shown = ("mediation", kinds[0], title, status, number, kinds[1], kinds[2])
        terms = (accepted, "conclude" if due else None, due)
        rows["case"].append(
            (case, unit[0], *shown, *terms, words, in_order(number), "", "", "", False, at)
        )
        handler = pick(self.mediators[unit[0]])
        steps = ["applied", str(status)] if status != CaseStatus.APPLIED else ["applied"]
        for n, step in enumerate(steps, start=1):
            before = steps[n - 2] if n > 1 else None
            rows["case_status"].append((case, n, before, step, at, handler, "", at))
        if status in NUMBERED and status != CaseStatus.ACCEPTED:
            row = (self._id(at), case, handler, "mediator", at, None, at)
            rows["case_handler"].append(row)
        for side, name in zip("AB", names, strict=True):
            party = self._id(at)
            rows["party"].append((party, case, side, name, "", "", at))
            rows["party_lookup"].append(
                (party, "phone", f"{self.random.getrandbits(256):064x}", at)
            )
        few = len(self.sample) < 2_000 and self.random.random() < 0.05
        if few and f"/{self.counties[0]}/" in unit[1]:
            self.sample.append(case)
            self.names += names

    def _status(self, at: datetime) -> CaseStatus:
        """What is a year old is over; the last months hold what is being worked on."""
        weights = list(STATUSES.values())
        if NOW - at > timedelta(days=365):
            weights = [w if s not in OPEN else 0 for s, w in STATUSES.items()]
        return self.random.choices(list(STATUSES), weights)[0]

    def _difficulty(self) -> Difficulty:
        return self.random.choices(list(Difficulty), (80, 17, 3))[0]

    def _name(self) -> str:
        pick = self.random.choice
        return pick(SURNAMES) + pick(GIVEN) + (pick(GIVEN) if self.random.random() < 0.7 else "")

    def _id(self, at: datetime) -> str:
        """As ours are: they sort by time."""
        text = f"{int(at.timestamp() * 1000):012x}{self.random.getrandbits(80):020x}"
        return f"{text[:8]}-{text[8:12]}-7{text[13:16]}-{text[16:20]}-{text[20:]}"

    def _unit(
        self,
        rows: Rows,
        parent: tuple[str, str, str] | None,
        kind: OrganisationKind,
        name: str,
    ) -> tuple[str, str, str]:
        unit_id = self._id(NOW)
        path = f"{parent[1] if parent else ''}{unit_id}/"
        above = parent[0] if parent else None
        row = (unit_id, above, path, str(kind), name, "Asia/Shanghai", "", name[0], NOW)
        rows["organisation"].append(row)
        return unit_id, path, name[0]

    def _member(self, rows: Rows, unit: str, role: StaffRole) -> str:
        user = self._id(NOW)
        rows["user"].append((user, unit, user, self._name(), "", NOW))
        rows["role_grant"].append((user, unit, str(role), NOW))
        return user


# ---- into a database ----------------------------------------------------------------------------


def into_sqlite(file: str, matters: Matters, number: int) -> None:
    conn = sqlite3.connect(file, isolation_level=None)
    # What is being made can be made again.
    conn.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;")
    _into_sqlite(conn, matters.people())
    for rows in matters.cases(number):
        _into_sqlite(conn, rows)
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()


def _into_sqlite(conn: sqlite3.Connection, rows: Rows) -> None:
    conn.execute("BEGIN")
    for table, found in rows.items():
        names = ", ".join(f'"{name}"' for name in COLUMNS[table].split())
        holes = ", ".join("?" for _ in COLUMNS[table].split())
        insert = f'INSERT INTO "{table}" ({names}) VALUES ({holes})'
        conn.executemany(insert, (tuple(map(_for_sqlite, row)) for row in found))
    conn.execute("COMMIT")


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S.%f}"
    return value.isoformat() if isinstance(value, date) else value


async def into_postgresql(url: str, matters: Matters, number: int) -> None:
    conn = await asyncpg.connect(url)
    try:
        # Nothing refers to what isn't there, and indexes are made quicker of the whole.
        await conn.execute("SET session_replication_role = replica")
        secondary = await conn.fetch(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY($1) "
            "AND indexdef NOT LIKE 'CREATE UNIQUE%'",
            OF_CASES,
        )
        for index in secondary:
            await conn.execute(f'DROP INDEX "{index["indexname"]}"')
        await _into_postgresql(conn, matters.people())
        for rows in matters.cases(number):
            await _into_postgresql(conn, rows)
        for index in secondary:
            await conn.execute(index["indexdef"])
        await conn.execute("VACUUM ANALYZE")
    finally:
        await conn.close()


async def _into_postgresql(conn: Any, rows: Rows) -> None:
    for table, found in rows.items():
        await conn.copy_records_to_table(table, records=found, columns=COLUMNS[table].split())
