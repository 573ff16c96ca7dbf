"""What to write to the body that passed a matter on: how it stands, as words to copy."""

from __future__ import annotations

from server.domain.case import PASSED_ON, CaseStatus
from server.domain.user import User
from server.http.pages.section import Section
from server.services import statuses
from server.services.cases import CasePage
from server.services.context import Context


async def _load(ctx: Context, _user: User, page: CasePage) -> str | None:
    """The reason and where else to go, where it was refused."""
    case = page.case
    if not page.may_work or case.source not in PASSED_ON or case.status is CaseStatus.APPLIED:
        return None
    return statuses.why(ctx, case) if case.status is CaseStatus.DECLINED else ""


ANSWER = Section("answer", "case/answer.html", _load, side=True)
