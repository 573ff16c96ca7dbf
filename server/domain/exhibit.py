"""Exhibit 展示材料: a paper that is put before people in a meeting, page by page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from server.domain import showing
from server.domain.document import FileType
from server.domain.errors import Refused
from server.domain.ids import DocumentId, ExhibitId, SeatId, SessionId, SpaceId
from server.domain.release import Release, scope
from server.domain.seat import Seat
from server.domain.session import Session
from server.domain.space import Space, SpaceKind

MOST = 60
"""Exhibits that lie in one meeting: of those who host, and as many of all others."""
SHARE = 20
"""Of them, from one seat that does not host."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """`name` is sealed where it is kept. `document`: which paper of the case it is, if it is one.

    `scope`: whose privacy it belongs to (`release.scope`); `space`: where it was brought. `pdf` is
    the blob that its pages are made of, None for what is drawn from the file itself. `pages` is 0
    for what can be kept but not shown.
    """

    id: ExhibitId
    session: SessionId
    space: SpaceId
    scope: str
    by: SeatId
    name: str
    type: FileType
    size: int
    sha256: str
    blob: str
    pdf: str | None
    pages: int
    at: datetime
    release: Release = Release.KEEP
    document: DocumentId | None = None
    removed_at: datetime | None = None

    @property
    def open(self) -> bool:
        """For everybody admitted: brought in the joint space, or released by its side."""
        return self.scope == "" or self.release is Release.RELEASED

    def belongs_in(self, space: Space, there: str) -> bool:
        """Whether it may be before everybody in that space, whose scope is `there`.

        What belongs to a side may be taken up again when just that side is together anew.
        """
        if self.removed_at is not None or space.kind is SpaceKind.LOBBY:
            return False
        return self.open or self.space == space.id or (self.scope == there and there != "-")

    def may_read(
        self, seat: Seat, space: Space | None, there: str, readers: Collection[SeatId]
    ) -> bool:
        """`readers`: who was there when it was brought or shown; `space`: where the seat is now,
        whose scope is `there`."""
        if self.removed_at is not None or not seat.admitted:
            return False
        shown = space is not None and space.exhibit == self.id and self.belongs_in(space, there)
        return self.open or shown or seat.id in readers


def place(session: Session, by: SeatId) -> tuple[Seat, Space]:
    """Where what this seat brings would belong. Raises Refused.

    Also while its connection is lost: a telephone's page is out of sight while a photo is taken.
    """
    if session.over:
        raise Refused("session_over")
    seat = session.seat(by)
    space = session.space_of(seat)
    if not seat.admitted or space is None:
        raise Refused("not_admitted")
    return seat, space


def bring(session: Session, by: SeatId, into: SpaceId, sha256: str, now: datetime) -> Space:
    """It is kept where it was begun to be sent, or not at all. Raises Refused."""
    try:
        seat, space = place(session, by)
    except Refused as refused:
        code = "moved_meanwhile" if refused.code == "not_admitted" else refused.code
        raise Refused(code) from None
    if space.id != into:
        raise Refused("moved_meanwhile")
    session.note("exhibit_added", now, by=seat, space=space.id, detail=sha256)
    return space


def show(
    session: Session,
    by: SeatId,
    exhibit: Exhibit,
    readers: Collection[SeatId],
    page: int,
    now: datetime,
) -> list[SeatId]:
    """This page of it, before everybody where this seat is. Returns who reads it from now on, too,
    besides those who may already. Raises Refused."""
    seat, space = session.inside(by)
    # That it is shown now is this command's own doing.
    before = space if space.exhibit == exhibit.id else None
    showing.show(session, by, exhibit.id, page, now)
    there = scope(session, space)
    if not fits(session, exhibit, space) or not exhibit.may_read(seat, before, there, readers):
        raise Refused("exhibit_missing")
    if page > exhibit.pages:
        raise Refused("page_missing" if exhibit.pages else "paper_no_pages")
    return new_readers(exhibit, present(session, space.id), readers)


def new_readers(
    exhibit: Exhibit, there: Iterable[SeatId], readers: Collection[SeatId]
) -> list[SeatId]:
    """Of those who are there when it is brought or shown, who becomes its reader by that.

    Nobody of what is for everybody: if its side takes it back, only those read it still who had
    it from that side alone.
    """
    return [] if exhibit.open else [s for s in dict.fromkeys(there) if s not in readers]


def remove(session: Session, by: SeatId, exhibit: Exhibit, now: datetime) -> None:
    """Gone for everybody, wherever it is shown. By who brought it, or a host. Raises Refused."""
    seat, _ = session.inside(by)
    if exhibit.session != session.id:
        raise Refused("exhibit_missing")
    if exhibit.by != seat.id and not seat.hosting:
        raise Refused("not_yours")
    for space in session.spaces.values():
        if space.exhibit == exhibit.id:
            _put_away(space)
    session.note("exhibit_removed", now, by=seat, space=exhibit.space, detail=exhibit.sha256)


def take_back(session: Session, by: SeatId, exhibit: Exhibit, now: datetime) -> None:
    """Its side wants it to itself: it is before nobody any more to whom it does not belong then.

    That this seat may answer for it is the caller's to know.
    """
    kept = replace(exhibit, release=Release.REFUSED)
    for space in session.spaces.values():
        if space.exhibit == exhibit.id and not fits(session, kept, space):
            _put_away(space)
            seat = session.seats[by]
            session.note("put_away", now, by=seat, space=space.id, detail=exhibit.id)


def room_left(seat: Seat, own: int, alike: int) -> None:
    """`own`: how many there are of this seat; `alike`: of all who host as it does, or do not.

    So those who host have room, whatever the others bring. Raises Refused.
    """
    if not seat.hosting and own >= SHARE:
        raise Refused("too_many_of_yours")
    if alike >= MOST:
        raise Refused("too_many_exhibits")


def keep(session: Session, by: SeatId, exhibit: Exhibit, now: datetime) -> None:
    """Into the papers of the case, once; never what a side has kept to itself. Raises Refused."""
    host = session.host(by)
    if exhibit.session != session.id or exhibit.removed_at is not None:
        raise Refused("exhibit_missing")
    if not exhibit.open:
        raise Refused("kept_by_its_side")
    if exhibit.document is not None:
        raise Refused("in_the_file")
    session.note("exhibit_kept", now, by=host, detail=exhibit.sha256)


def before(session: Session, by: SeatId, exhibit: ExhibitId) -> tuple[Seat, Space]:
    """This seat, and its space, in which that exhibit is shown just now. Raises Refused."""
    seat, space = session.inside(by)
    if space.exhibit != exhibit:
        raise Refused("not_shown_here")
    return seat, space


def _put_away(space: Space) -> None:
    space.exhibit, space.page, space.shown_by = None, 1, None


def present(session: Session, space: SpaceId) -> list[SeatId]:
    return [seat.id for seat in session.members(space) if seat.present]


def fits(session: Session, exhibit: Exhibit, space: Space) -> bool:
    return exhibit.session == session.id and exhibit.belongs_in(space, scope(session, space))
