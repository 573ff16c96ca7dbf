"""Answers to every question, for tests that need an application or what became of it."""

from __future__ import annotations

from server.domain.application import Step, answer
from server.domain.ids import CaseId, OrganisationId
from server.services import applications
from server.services.context import Context

PATTERN = "%(applicant)s与%(other)s：%(type)s"


def answered(unit: OrganisationId, wish: str = "") -> dict[Step, dict[str, str]]:
    return {
        Step.ABOUT: {"dispute_type": "property"},
        Step.WHERE: {"organisation": unit},
        Step.FACTS: {"facts": "电梯停了"},
        Step.REQUEST: {"request": "退钱"},
        Step.YOU: {"kind": "person", "name": "冯志明"},
        Step.CONTACT: {"phone": "13800000001", "address": "柳河镇"},
        Step.MORE: {"id_number": "11010519491231002X"},
        Step.OTHER: {"kind0": "organisation", "name0": "安居物业"},
        Step.FILES: {},
        Step.WISH: {"mediator": wish},
        Step.HELPER: {"name": "冯小明", "phone": "13800000002", "kind": "relative"},
    }


async def fill_in(ctx: Context, secret: str, steps: dict[Step, dict[str, str]]) -> None:
    for step, fields in steps.items():
        await say(ctx, secret, step, fields)


async def say(ctx: Context, secret: str, step: Step, fields: dict[str, str]) -> None:
    today = ctx.clock().date()
    await applications.save(ctx, secret, lambda before: answer(before, step, fields, today))


async def apply(ctx: Context, unit: OrganisationId) -> tuple[CaseId, str]:
    """A case that came from an application, and its code."""
    secret = await applications.begin(ctx, "127.0.0.1")
    await fill_in(ctx, secret, answered(unit))
    await applications.send(ctx, secret, PATTERN, "物业管理")
    draft = await applications.of(ctx, secret)
    assert draft is not None
    return draft.id, (await applications.receipt(ctx, draft)).code
