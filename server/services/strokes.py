"""What is drawn on the pages that are shown: for those who look at them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain import exhibit as rules
from server.domain import stroke as shapes
from server.domain.errors import Refused
from server.domain.ids import ExhibitId, SeatId, SpaceId, StrokeId
from server.domain.session import Session
from server.domain.showing import may_lead
from server.domain.stroke import Colour, Stroke, Wipe
from server.security.ids import new_id
from server.services import exhibits as services
from server.services import sealed
from server.services.context import Context
from server.services.live import Also, news
from server.services.sessions import Caller, weighed
from server.store import exhibits, strokes

NEWS = "strokes"


@dataclass(frozen=True, slots=True)
class StrokeLine:
    """`points`: x and y in turn, from 0 to `stroke.FINEST`."""

    id: StrokeId
    mine: bool
    points: tuple[int, ...]
    colour: Colour
    width: int


async def draw(
    ctx: Context,
    by: Caller,
    exhibit: ExhibitId,
    page: int,
    points: Sequence[int],
    colour: Colour,
    width: int,
) -> None:
    """One line on a page that is shown where the seat is. Raises Refused."""
    shape = shapes.checked(points, colour, width)

    async def weigh(conn: AsyncConnection, session: Session, now: datetime) -> Also:
        seat, space = rules.before(session, by.seat, exhibit)
        found = await exhibits.find(conn, exhibit)
        if found is None or page > found.pages:
            raise Refused("page_missing")
        if len(await strokes.of_page(conn, exhibit, page, space.id)) >= shapes.MOST:
            raise Refused("page_full")
        made = StrokeId(new_id())
        hidden = sealed.seal(ctx, session.case, _field(made), asdict(shape))
        stroke = Stroke(made, exhibit, page, space.id, seat.id, hidden, now)
        digest = sha256(hidden.encode()).hexdigest()
        session.note("drawn", now, by=seat, space=space.id, detail=digest)

        async def keep(conn: AsyncConnection) -> None:
            await strokes.insert(conn, stroke)

        return Also(keep, news(rules.present(session, space.id), NEWS))

    await weighed(ctx, by, weigh)


async def wipe(ctx: Context, by: Caller, exhibit: ExhibitId, page: int, what: Wipe) -> None:
    """Rub out on a page that is shown. Raises Refused."""

    async def weigh(conn: AsyncConnection, session: Session, now: datetime) -> Also | None:
        seat, space = rules.before(session, by.seat, exhibit)
        if what is Wipe.ALL and not may_lead(seat, space):
            raise Refused("not_leading")
        found = await strokes.of_page(conn, exhibit, page, space.id)
        gone = shapes.wiped(found, seat.id, what)
        if not gone:
            return None
        session.note("wiped", now, by=seat, space=space.id, detail=f"{exhibit}:{page}")

        async def write(conn: AsyncConnection) -> None:
            await strokes.delete(conn, gone)

        return Also(write, news(rules.present(session, space.id), NEWS))

    await weighed(ctx, by, weigh)


async def listed(
    ctx: Context, seat_id: SeatId, cookie: str | None, exhibit: ExhibitId, page: int
) -> list[StrokeLine]:
    """What was drawn on a page in the space where the seat is now, oldest first. Raises Refused."""
    async with ctx.store.read() as conn:
        who, found = await services.readable(ctx, conn, seat_id, cookie, exhibit)
        space = who.seat.space or SpaceId("")
        rows = await strokes.of_page(conn, found.id, page, space)
    lines = []
    for row in rows:
        shape = sealed.unseal(ctx, who.session.case, _field(row.id), row.shape)
        if shape is not None:
            points, colour = tuple(shape["points"]), Colour(shape["colour"])
            mine = row.by == who.seat.id
            lines.append(StrokeLine(row.id, mine, points, colour, shape["width"]))
    return lines


def _field(stroke: StrokeId) -> str:
    return f"stroke:{stroke}"
