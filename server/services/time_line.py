"""The time line of a case: all that happened in it, from wherever it is kept, as one list.

Who spoke with whom in private is nobody's business here, nor what was told in a screening.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import Case, CaseStatus, Outcome, StatusChange
from server.domain.closing import Remedy
from server.domain.deadlines import Deadline
from server.domain.ids import CaseId, NoticeId, SessionId, UserId
from server.domain.organisation import Organisation
from server.domain.session import Session
from server.domain.user import User
from server.services import confirmations, notes, statuses
from server.services.cases import SHOWN
from server.services.confirmations import ConfirmationLine
from server.services.context import Context
from server.services.notes import NoteLine
from server.store import audit, deadlines, notices, organisations, sessions, users
from server.store.audit import Entry
from server.store.notices import Notice

MOST_NOTICES = 500
_STATUS_VERBS = frozenset(f"case.{status}" for status in CaseStatus)


class TimeKind(StrEnum):
    STATUS = "status"
    PEOPLE = "people"
    MEETINGS = "meetings"
    NOTES = "notes"
    PAPERS = "papers"
    DEADLINES = "deadlines"
    NOTICES = "notices"


_KINDS = {
    "session.": TimeKind.MEETINGS,
    "document.": TimeKind.PAPERS,
    "case.notice": TimeKind.NOTICES,
    "case.note": TimeKind.NOTES,
    "case.extension": TimeKind.DEADLINES,
    "case.deadline": TimeKind.DEADLINES,
    "case.confirmation": TimeKind.DEADLINES,
    "case.party": TimeKind.PEOPLE,
    "case.speaker": TimeKind.PEOPLE,
    "case.offer": TimeKind.PEOPLE,
    "case.wish": TimeKind.PEOPLE,
    "case.hand": TimeKind.PEOPLE,
    "case.clerk": TimeKind.PEOPLE,
    "case.sealed": TimeKind.PEOPLE,
    "case.screen": TimeKind.PEOPLE,
}
"""By how the verb begins; all others say how the case stands."""


@dataclass(frozen=True, slots=True)
class TimeEntry:
    """`who`: the name of the member of staff or of the person in the seat; None for the clock.

    What there is more to say: `label` (a word of the domain), `name` (of somebody), `text` (as
    somebody wrote it, `struck` out), `when` or `on` (a moment, a date), the `session` and `case`
    it leads to, of which ways on the parties were `told` when it ended.
    """

    at: datetime
    verb: str
    who: str | None = None
    session: SessionId | None = None
    label: StrEnum | None = None
    name: str = ""
    text: str = ""
    struck: bool = False
    when: datetime | None = None
    on: date | None = None
    case: CaseId | None = None
    told: tuple[Remedy, ...] = ()

    @property
    def kind(self) -> TimeKind:
        found = (kind for start, kind in _KINDS.items() if self.verb.startswith(start))
        return next(found, TimeKind.STATUS)


async def of_case(
    ctx: Context, user: User, case: Case, kind: TimeKind | None = None
) -> list[TimeEntry]:
    """The newest first. Whether the user may read the case is the caller's to know."""
    async with ctx.store.read() as conn:
        organisation = await organisations.get(conn, case.organisation)
        chain = await audit.of_chain(conn, f"case:{case.id}")
        entries = [entry for entry in chain if entry.verb in SHOWN]
        held = await _held(conn, case.id)
        told = {x.id: x for x in await notices.of_case(conn, case.id, MOST_NOTICES)}
        who = await _names(conn, case, entries, told.values(), held)
        found = [
            *(_audited(e, who, held, told) for e in entries if e.verb not in _STATUS_VERBS),
            *_statuses(ctx, case, who, _remedies(chain), _takers(chain)),
            *map(_noted, await notes.of_case(ctx, conn, user, case.id)),
            *map(_confirmed, await confirmations.of_case(ctx, conn, case)),
            *_missed(await deadlines.of_case(conn, case.id), organisation, ctx.clock()),
        ]
    wanted = [x for x in found if kind is None or x.kind is kind]
    # What happened at one moment happened in the order it is told here.
    return sorted(wanted, key=lambda x: x.at)[::-1]


async def _held(conn: AsyncConnection, case_id: CaseId) -> dict[str, Session]:
    found = [await sessions.load(conn, i) for i in await sessions.of_case(conn, case_id)]
    return {session.id: session for session in found if session}


async def _names(
    conn: AsyncConnection,
    case: Case,
    entries: Iterable[Entry],
    told: Iterable[Notice],
    held: Mapping[str, Session],
) -> dict[str, str]:
    """Of staff, parties and people in seats, by id."""
    ids = {UserId(e.actor) for e in entries} | {UserId(_about(e)) for e in entries}
    ids |= {change.by for change in case.history if change.by} | {UserId(x.to_id) for x in told}
    names: dict[str, str] = {str(i): name for i, name in (await users.names(conn, ids)).items()}
    names |= {party.id: party.name for party in case.parties}
    names |= await notices.party_names(conn, [x.to_id for x in told])
    return names | {s.id: s.name for session in held.values() for s in session.seats.values()}


def _statuses(
    ctx: Context,
    case: Case,
    who: Mapping[str, str],
    remedies: Mapping[datetime, tuple[Remedy, ...]],
    takers: Mapping[datetime, str],
) -> list[TimeEntry]:
    """From the history, which has the reasons; how it began is told by the audit."""
    return [
        TimeEntry(
            at=change.at,
            verb=_status_verb(change),
            who=who.get(change.by) if change.by else None,
            name=who.get(takers.get(change.at, ""), ""),
            text=statuses.why(ctx, case, n),
            label=_outcome(case, change),
            told=remedies.get(change.at, ()),
        )
        for n, change in enumerate(case.history[1:], start=2)
    ]


def _remedies(chain: Iterable[Entry]) -> dict[datetime, tuple[Remedy, ...]]:
    """What else was open to the parties, as they were told, by when the case was closed."""
    return {
        entry.at: tuple(Remedy(word) for word in entry.body.get("told", ()))
        for entry in chain
        if entry.verb == "case.closed"
    }


def _takers(chain: Iterable[Entry]) -> dict[datetime, str]:
    """To whom the case was given, by when; who gave it is another matter."""
    return {entry.at: _about(entry) for entry in chain if entry.verb == "case.assigned"}


def _about(entry: Entry) -> str:
    """Whom or what it is about: who was offered the case, and not the offer."""
    return str(entry.body.get("user") or entry.thing)


def _status_verb(change: StatusChange) -> str:
    if change.before is CaseStatus.CLOSED:
        return "case.reopened"
    return f"case.{change.status}"


def _outcome(case: Case, change: StatusChange) -> Outcome | None:
    """Of the last closing; earlier ones were opened again, and what they said is past."""
    last = change.status is CaseStatus.CLOSED and change is case.history[-1]
    return case.outcome if last else None


def _audited(
    entry: Entry,
    who: Mapping[str, str],
    held: Mapping[str, Session],
    told: Mapping[NoticeId, Notice],
) -> TimeEntry:
    session = held.get(entry.thing)
    result = session.result if session and entry.verb == "session.ended" else None
    notice = told.get(NoticeId(entry.thing))
    other = entry.body.get("case") or entry.body.get("into")
    until = entry.body.get("until")
    return TimeEntry(
        at=entry.at,
        verb=entry.verb,
        who=who.get(entry.actor),
        session=session.id if session else None,
        label=result.kind if result else notice.template if notice else None,
        text=result.reason if result else "",
        when=session.starts_at if session and entry.verb == "session.booked" else None,
        name=who.get(notice.to_id if notice else _about(entry), ""),
        case=CaseId(other) if other else None,
        on=date.fromisoformat(until) if until else None,
    )


def _noted(line: NoteLine) -> TimeEntry:
    note = line.note
    return TimeEntry(
        at=note.at,
        verb="case.noted",
        who=line.by_name,
        label=note.kind,
        text=note.body,
        struck=note.struck_at is not None,
    )


def _confirmed(line: ConfirmationLine) -> TimeEntry:
    one = line.confirmation
    return TimeEntry(
        at=one.at,
        verb="case.confirmation_applied",
        who=line.by_name,
        on=one.applied_on,
        text=one.court,
        struck=one.taken_back_at is not None,
    )


def _missed(
    found: Iterable[Deadline], organisation: Organisation, now: datetime
) -> list[TimeEntry]:
    """Dates that passed before what was due was done: told at the end of their day."""
    told = []
    for deadline in found:
        end = datetime.combine(deadline.due_on, time.max, organisation.zone)
        done = deadline.met_at or deadline.dropped_at or now
        if done > end:
            on = deadline.due_on
            told.append(TimeEntry(end, "case.deadline_passed", label=deadline.kind, on=on))
    return told
