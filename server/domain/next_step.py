"""What a case wants done next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from server.domain.case import Case, CaseStatus
from server.domain.ids import SessionId
from server.domain.result import Result, ResultKind
from server.domain.seating import SessionState


class Step(StrEnum):
    DECIDE = "decide"
    """Accept it or refuse it."""
    FIND = "find"
    """Find a mediator who takes it."""
    AWAIT = "await"
    """Somebody was asked to take it and has not answered."""
    SCREEN = "screen"
    """Speak with each side alone before the first meeting."""
    BOOK = "book"
    BEGIN = "begin"
    """A meeting is booked: see that everyone has their link."""
    GO_ON = "go_on"
    """A meeting is under way."""
    AGREE_REST = "agree_rest"
    """Partly agreed: write that down, meet again for the rest."""
    CLOSE = "close"
    """No agreement: tell the parties what else is open to them, and close."""
    MEET_AGAIN = "meet_again"
    """Adjourned."""
    ASK_WHETHER = "ask_whether"
    """It broke off: ask the parties whether to go on."""
    SIGN = "sign"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class Meeting(Protocol):
    @property
    def id(self) -> SessionId: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def state(self) -> SessionState: ...
    @property
    def result(self) -> Result | None: ...


@dataclass(frozen=True, slots=True)
class NextStep:
    """`session`: the meeting it is about, if it is about one."""

    step: Step
    session: SessionId | None = None

    @property
    def books(self) -> bool:
        """Whether it is done by booking a meeting."""
        return self.step in _BOOKS


_BOOKS = frozenset({Step.BOOK, Step.AGREE_REST, Step.MEET_AGAIN, Step.ASK_WHETHER})

_AFTER = {
    ResultKind.AGREED: Step.SIGN,
    ResultKind.PARTLY_AGREED: Step.AGREE_REST,
    ResultKind.NOT_AGREED: Step.CLOSE,
    ResultKind.ADJOURNED: Step.MEET_AGAIN,
    ResultKind.BROKEN_OFF: Step.ASK_WHETHER,
}
_WHILE = {
    CaseStatus.APPLIED: Step.DECIDE,
    CaseStatus.DECLINED: Step.DECLINED,
    CaseStatus.WITHDRAWN: Step.WITHDRAWN,
    CaseStatus.CLOSED: Step.CLOSED,
}


def next_step(
    case: Case, meetings: Sequence[Meeting], *, offered: bool = False, screened: bool = True
) -> NextStep:
    """`offered`: somebody is asked whether they take it. `screened`: every side was spoken with
    alone, or there is nobody to be.
    """
    if case.status in _WHILE:
        return NextStep(_WHILE[case.status])
    for meeting in meetings:
        if meeting.state is SessionState.OPEN:
            return NextStep(Step.GO_ON, meeting.id)
    planned = [m for m in meetings if m.state is SessionState.PLANNED]
    if planned:
        return NextStep(Step.BEGIN, min(planned, key=lambda m: m.starts_at).id)
    if case.status is CaseStatus.ACCEPTED:
        return NextStep(Step.AWAIT if offered else Step.FIND)
    if case.status is CaseStatus.SIGNING:
        return NextStep(Step.SIGN)
    return NextStep(_between_meetings(case, meetings, screened))


def _between_meetings(case: Case, meetings: Sequence[Meeting], screened: bool) -> Step:
    # What was said before it was closed and opened again asks for nothing any more.
    opened = [change.at for change in case.history if change.before is CaseStatus.CLOSED]
    held = [
        m
        for m in meetings
        if m.result
        and m.result.kind is not ResultKind.PREPARED
        and (not opened or m.starts_at >= opened[-1])
    ]
    if not held:
        return Step.BOOK if screened or opened else Step.SCREEN
    last = max(held, key=lambda m: m.starts_at)
    assert last.result is not None
    return _AFTER[last.result.kind]
