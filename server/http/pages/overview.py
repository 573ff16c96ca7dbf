"""What stands on a case's page of the case itself: its facts, its meetings; and what is to be done
next.
"""

from __future__ import annotations

from server.domain.next_step import NextStep, Step
from server.domain.user import User
from server.http.pages.section import Section
from server.services.cases import CasePage
from server.services.context import Context
from server.words import N_


async def _page(_ctx: Context, _user: User, page: CasePage) -> CasePage:
    return page


MEETINGS = Section("meetings", "case/meetings.html", _page)
FACTS = Section("facts", "case/facts.html", _page, side=True)

_ON_PAGE = {
    Step.DECIDE: ("decide", N_("Decide")),
    Step.AWAIT: ("handlers", N_("Who was asked")),
    Step.SCREEN: ("screening", N_("Speak with each side")),
}
"""Steps that are done in a section of the page."""


def actions(step: NextStep, page: CasePage, shown: frozenset[str]) -> list[tuple[str, str]]:
    """Where the user does it: address and text, not yet translated; the main one first.

    `shown`: the sections that this user sees.
    """
    found = []
    case = f"/cases/{page.case.id}"
    section, text = _ON_PAGE.get(step.step, ("", ""))
    if step.step is Step.FIND and "handlers" in shown:
        found.append((f"{case}/mediators?role=mediator", N_("Choose a mediator")))
    if section in shown:
        found.append((f"#{section}", text))
    if step.session:
        found.append((f"/sessions/{step.session}", N_("To the meeting")))
    if page.may_book and (step.books or step.step is Step.SCREEN):
        found.append((f"{case}/sessions/new", N_("Book a meeting")))
    if page.may_work and step.step in (Step.CLOSE, Step.SIGN):
        found.append((f"{case}/close", N_("Close the case")))
    return found
