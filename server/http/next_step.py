"""What a case wants done next, in one sentence, and the meeting it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from server.domain.ids import SessionId
from server.domain.result import Result, ResultKind
from server.domain.seating import SessionState
from server.words import N_


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
    """`text` is not yet translated. `book`: the action is to book a meeting, else to open one."""

    text: str
    session: SessionId | None = None
    book: bool = False


_AFTER = {
    ResultKind.AGREED: NextStep(
        N_("The parties agreed. Write the agreement down, have all parties sign it, and seal it.")
    ),
    ResultKind.PARTLY_AGREED: NextStep(
        N_("Write down what was agreed. For the rest, book another meeting."), book=True
    ),
    ResultKind.NOT_AGREED: NextStep(
        N_(
            "No agreement. Tell the parties what else is open to them: arbitration, "
            "an administrative authority, or the court."
        )
    ),
    ResultKind.ADJOURNED: NextStep(N_("Adjourned. Book the next meeting."), book=True),
    ResultKind.BROKEN_OFF: NextStep(
        N_("The meeting broke off. Ask the parties whether to go on, then book again."), book=True
    ),
}


def next_step(meetings: Sequence[Meeting]) -> NextStep:
    for meeting in meetings:
        if meeting.state is SessionState.OPEN:
            return NextStep(N_("A meeting is under way."), meeting.id)
    planned = [m for m in meetings if m.state is SessionState.PLANNED]
    if planned:
        coming = min(planned, key=lambda m: m.starts_at)
        return NextStep(N_("A meeting is booked. See that everyone has their link."), coming.id)
    ended = [m for m in meetings if m.result is not None]
    if ended:
        last = max(ended, key=lambda m: m.starts_at)
        assert last.result is not None
        return _AFTER[last.result.kind]
    return NextStep(N_("Book a meeting and send each person their link."), book=True)
