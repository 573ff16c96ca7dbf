"""Rule 7: opposing sides share a space only while a host is in that very space.

`settle` is called after every change. A space whose hosts have moved away disperses in the same
step. One whose host is merely lost is *unattended*: it falls silent, then disperses, by the clock.
"""

from __future__ import annotations

from datetime import datetime

from server.domain import claims, moves
from server.domain.ids import SpaceId
from server.domain.seat import Seat
from server.domain.seating import Seating
from server.domain.space import Space, SpaceKind


def attended(session: Seating, space: Space) -> bool:
    return any(s.hosting and s.present for s in session.members(space.id))


def settle(session: Seating, now: datetime) -> None:
    for space in [s for s in session.spaces.values() if s.hosted]:
        members = session.members(space.id)
        if attended(session, space):
            space.unattended_since, space.silenced = None, False
        elif not any(s.hosting for s in members):
            _disperse(session, space, now)
        elif all(s.hosting for s in members):
            space.unattended_since, space.silenced = None, False
        elif space.unattended_since is None:
            _unattended(session, space, now)
    for space in session.spaces.values():
        _tidy(session, space)


def _tidy(session: Seating, space: Space) -> None:
    """What somebody did here ends when they are here no more; nobody knocks at an empty room, and
    a promise to come is kept, or nobody waits for it any more."""
    here = {s.id for s in session.members(space.id) if s.present}
    if space.screen not in here:
        space.screen = None
    if space.shown_by not in here:
        space.shown_by = None
    if not session.members(space.id) or attended(session, space):
        space.expected_at = None
    knocking = session.seats.get(space.knock) if space.knock else None
    stands = knocking is not None and knocking.hosting and knocking.present
    if not here or not stands or space.knock in here:
        space.knock = None


def _unattended(session: Seating, space: Space, now: datetime) -> None:
    """A host lost in this very step is waited for. One lost before the last host moved is not."""
    if any(s.hosting and s.lost_at == now for s in session.members(space.id)):
        space.unattended_since = now
        session.note_space("unattended", space, now)
    else:
        _disperse(session, space, now)


def silence(session: Seating, space_id: SpaceId | None) -> None:
    """No new route begins where no host is: a newcomer silences an unattended space at once."""
    space = session.spaces.get(space_id) if space_id else None
    if space is not None and space.unattended_since is not None:
        space.silenced = True


def due(session: Seating) -> datetime | None:
    if session.over:
        return None
    times = []
    for space in session.spaces.values():
        if space.unattended_since is not None:
            patience = session.patience
            wait = patience.host_grace if space.silenced else patience.host_silence
            times.append(space.unattended_since + wait)
    times += [s.lost_at + session.patience.seat_grace for s in _lost_claims(session) if s.lost_at]
    return min(times, default=None)


def tick(session: Seating, now: datetime) -> None:
    for space in list(session.spaces.values()):
        since = space.unattended_since
        if since is None:
            continue
        if now >= since + session.patience.host_grace:
            _disperse(session, space, now)
        elif now >= since + session.patience.host_silence and not space.silenced:
            space.silenced = True
            session.note_space("silenced", space, now)
    for claim in _lost_claims(session):
        if claim.lost_at and now >= claim.lost_at + session.patience.seat_grace:
            claims.drop(session, claim, now)


def _host_is_elsewhere(session: Seating) -> bool:
    return any(s.hosting and s.present for s in session.seats.values())


def _lost_claims(session: Seating) -> list[Seat]:
    return [s for s in session.seats.values() if s.claim_of and s.lost_at]


def _disperse(session: Seating, space: Space, now: datetime) -> None:
    """The others go to their side rooms; a caucus is over, the joint space waits for a host."""
    space.unattended_since, space.silenced = None, False
    expected = now + session.patience.caucus
    for seat in session.members(space.id):
        if not seat.hosting:
            room = moves.to_side(session, seat, now)
            # Left for a private talk: they are told for how long. Who is lost promises nothing.
            if room.expected_at is None and _host_is_elsewhere(session):
                room.expected_at = expected
    if space.kind is SpaceKind.CAUCUS:
        for seat in session.members(space.id):
            seat.space = None
        session.close(space.id, now)
