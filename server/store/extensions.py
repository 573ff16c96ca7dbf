"""Extensions of cases; why they were asked for comes and goes sealed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, func, select, update
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.extension import Answer, Extension, How
from server.domain.ids import CaseId, ExtensionId, UserId
from server.store import tables

_extension = tables.extension


async def insert(conn: AsyncConnection, case_id: CaseId, extension: Extension) -> None:
    """`extension.why` is sealed."""
    row = {"until_on": extension.until_on, "why": extension.why, "by": extension.by}
    await conn.execute(
        insert_into(_extension).values(
            id=extension.id, case=case_id, at=extension.at, answers={}, **row
        )
    )


async def of_case(conn: AsyncConnection, case_id: CaseId) -> list[Extension]:
    """The newest first, with sealed reasons."""
    found = select(_extension).where(_extension.c.case == case_id)
    rows = await conn.execute(found.order_by(_extension.c.at.desc(), _extension.c.id.desc()))
    return [_to_extension(row) for row in rows.mappings()]


async def save(conn: AsyncConnection, extension: Extension) -> None:
    """Its answers, and how it was decided."""
    changed = update(_extension).where(_extension.c.id == extension.id)
    answers = {side: _from_answer(answer) for side, answer in extension.answers.items()}
    decided = {"decided_at": extension.decided_at, "granted": extension.granted}
    await conn.execute(changed.values(answers=answers, **decided))


async def granted_until(conn: AsyncConnection, case_id: CaseId, since: datetime) -> date | None:
    """The latest date that was consented to since then."""
    mine = (_extension.c.case == case_id) & _extension.c.granted & (_extension.c.at >= since)
    until: date | None = await conn.scalar(select(func.max(_extension.c.until_on)).where(mine))
    return until


def _to_extension(row: RowMapping) -> Extension:
    return Extension(
        id=ExtensionId(row["id"]),
        until_on=row["until_on"],
        why=row["why"],
        by=UserId(row["by"]),
        at=row["at"],
        answers={side: _to_answer(answer) for side, answer in row["answers"].items()},
        decided_at=row["decided_at"],
        granted=row["granted"],
    )


def _from_answer(answer: Answer) -> dict[str, Any]:
    at = answer.at.isoformat()
    return {"yes": answer.yes, "how": answer.how, "at": at, "by": answer.by}


def _to_answer(kept: Mapping[str, Any]) -> Answer:
    at = datetime.fromisoformat(kept["at"])
    return Answer(kept["yes"], How(kept["how"]), at, UserId(kept["by"]))
