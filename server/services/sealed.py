"""What is sealed in a case, and how it is opened again."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from datetime import date
from typing import Any

from server.domain.ids import CaseId
from server.domain.party import Details, Sex
from server.security import sealing
from server.services.context import Context


async def new_key(ctx: Context, case_id: str, tenant: str) -> None:
    """Before the case's transaction: a key without a case harms nobody. Twice is once."""
    await asyncio.to_thread(ctx.keys.data.make, case_id, tenant)


def seal(ctx: Context, case_id: str, field: str, content: Any) -> str:
    """Anything JSON can say, for one field of one thing, `note:<id>`.

    Raises LookupError when the case has no key (any more).
    """
    key = ctx.keys.data.get(case_id)
    if key is None:
        raise LookupError(case_id)
    return sealing.seal(key, field, json.dumps(content, ensure_ascii=False))


def unseal(ctx: Context, case_id: str, field: str, sealed: str) -> Any:
    """What was sealed; None if there was nothing, or its key was destroyed."""
    key = ctx.keys.data.get(case_id)
    if not sealed or key is None:
        return None
    return json.loads(sealing.unseal(key, field, sealed))


def seal_details(ctx: Context, case_id: CaseId, owner: str, details: Details) -> str:
    """`owner`: the id of the party or representative whose they are."""
    known = {name: value for name, value in asdict(details).items() if value}
    if details.born:
        known["born"] = details.born.isoformat()
    return seal(ctx, case_id, f"details:{owner}", known)


def details(ctx: Context, case_id: CaseId, owner: str, sealed: str) -> Details:
    """Empty ones when nothing is known or can be known any more."""
    found = unseal(ctx, case_id, f"details:{owner}", sealed) or {}
    if "born" in found:
        found["born"] = date.fromisoformat(found["born"])
    if "sex" in found:
        found["sex"] = Sex(found["sex"])
    return Details(**found)


def lookup(ctx: Context, tenant: str, kind: str, value: str) -> str:
    """By what an exact ID number (`id_number`) or telephone (`phone`), normalised, is found."""
    return sealing.lookup(ctx.keys.lookup_key, tenant, kind, value)
