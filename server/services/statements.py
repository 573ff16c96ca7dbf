"""What a matter is about: title, type, and the story in the words of who brought it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import Case, Difficulty, DisputeType, Regime, checked_title
from server.domain.errors import Refused
from server.domain.ids import CaseId
from server.domain.rights import Verb
from server.domain.statement import Statement
from server.domain.user import User
from server.services import deadlines, editing, sealed
from server.services.cases import require
from server.services.context import Context
from server.store import audit, cases, search


@dataclass(frozen=True, slots=True)
class About:
    """`title` and `statement` checked by the domain."""

    title: str
    dispute_type: DisputeType
    difficulty: Difficulty
    regime: Regime
    statement: Statement


async def saved(ctx: Context, case: Case) -> tuple[About, str]:
    """`of_case` by itself."""
    async with ctx.store.read() as conn:
        return await of_case(ctx, conn, case)


async def of_case(ctx: Context, conn: AsyncConnection, case: Case) -> tuple[About, str]:
    """As it is saved now, and its stamp (services.editing)."""
    hidden = await cases.statement(conn, case.id)
    told = Statement(**(sealed.unseal(ctx, case.id, "statement", hidden) or {}))
    named = (case.title, case.dispute_type, case.difficulty, case.regime)
    return About(*named, told), editing.stamp(*named, hidden)


async def change(ctx: Context, user: User, case_id: CaseId, new: About, seen: str) -> None:
    """`seen`: the stamp of what the form was filled from.

    Raises Refused: edited_meanwhile, regime_numbered (the number says which it is), …
    """
    async with ctx.store.write() as conn:
        await require(conn, user, Verb.WORK, case_id)
        case = await cases.load(conn, case_id, lock=True)
        assert case is not None
        before, stamp = await of_case(ctx, conn, case)
        editing.still(seen, stamp)
        if new == before:
            return
        if case.number and new.regime is not before.regime:
            raise Refused("regime_numbered")
        await cases.set_fields(
            conn,
            case_id,
            title=checked_title(new.title),
            dispute_type=new.dispute_type,
            difficulty=new.difficulty,
            regime=new.regime,
            statement=sealed.seal(ctx, case_id, "statement", asdict(new.statement)),
        )
        await search.refresh(conn, case_id)
        fields = [n for n in About.__dataclass_fields__ if getattr(new, n) != getattr(before, n)]
        chain, now = f"case:{case_id}", ctx.clock()
        await audit.append(conn, chain, "case.changed", now, user.id, case_id, {"fields": fields})
        after = await cases.load(conn, case_id)
        assert after is not None
        await deadlines.refresh(ctx, conn, after)
