"""How well each seat is connected: put together from what the media worker measured and what its
page says of itself, judged, kept once a minute, and told to the hosts.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from time import monotonic

import structlog

from server import metrics
from server.domain.ids import SeatId, SessionId
from server.domain.quality import Carried, Grade, Judgement, Minute, Pictures, Shown, judge
from server.metrics import Figure
from server.services import quality
from server.services.context import Context
from server.services.quality import Kept
from signaling.media.plane import Quality
from signaling.payloads.quality import Playback
from signaling.presence import Presence

log = structlog.get_logger()

GRADE = ("grade",)
GATHER_S = 5.0
"""Minutes of different seats end at different moments; those of so long are written at once."""
LAST_S = 10.0
"""After its page is gone, the worker's last word about a seat comes within that time."""
FRESH_S = 90.0
"""What a page said is about the minute that ends now, and not about one before."""


NOTHING = Shown()


@dataclass(slots=True)
class _Known:
    """Of one seat."""

    session: SessionId
    shown: Shown = NOTHING
    shown_at: float = 0.0
    breaks: int = 0
    judgement: Judgement | None = None
    up_loss: float = 0.0


class Qualities:
    """Of all seats whose pages are connected, and those whose pages have just gone."""

    def __init__(self, ctx: Context, presence: Presence) -> None:
        self._ctx, self._presence = ctx, presence
        self._known: dict[SeatId, _Known] = {}
        self._gathered: list[Kept] = []
        self._news: set[SeatId] = set()
        """Whose own connection is another now than they were told."""
        self._writing: asyncio.Task[None] | None = None

    def gone(self, seat: SeatId) -> None:
        """Its page is; what was measured until then is still to come."""
        if seat in self._known:
            asyncio.get_running_loop().call_later(LAST_S, self._forget, seat)

    def _forget(self, seat: SeatId) -> None:
        if self._presence.of(seat) is None:
            self._known.pop(seat, None)

    def said(self, seat: SeatId, it: Playback) -> None:
        """Its page, of the last minute."""
        if known := self._of(seat):
            known.shown, known.shown_at = Shown(**it.model_dump()), monotonic()

    def broke(self, seat: SeatId) -> None:
        """Its page lost its links, and asks for new ones."""
        if known := self._of(seat):
            known.breaks += 1

    def hear(self, event: Quality) -> None:
        known = self._of(event.seat)
        if known is None:
            return
        minute = Minute(_carried(event), self._take_shown(known), known.breaks)
        known.breaks, known.up_loss = 0, event.up_loss or 0.0
        judgement = judge(minute, self._sent_to(event.seat, known.session))
        if judgement != known.judgement:
            self._news.add(event.seat)
        known.judgement = judgement
        _count(minute, judgement)
        at = self._ctx.clock().replace(second=0, microsecond=0)
        self._gathered.append(Kept(event.seat, at, minute, judgement))
        if self._writing is None:
            self._writing = asyncio.ensure_future(self._write_soon())

    def figures(self) -> Figure:
        """How many are connected how well just now."""
        here = [known for seat, known in self._known.items() if self._presence.of(seat)]
        grades = Counter(known.judgement.grade for known in here if known.judgement)
        values: dict[tuple[str, ...], float] = {(grade,): grades[grade] for grade in Grade}
        return Figure("heyi_seats_quality", "Seats in a room, by their last minute.", values, GRADE)

    async def close(self) -> None:
        """What was gathered is written; nothing more is taken."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
        await self._write()

    def _of(self, seat: SeatId) -> _Known | None:
        connection = self._presence.of(seat)
        if connection is not None and seat not in self._known:
            self._known[seat] = _Known(connection.session)
        return self._known.get(seat)

    def _take_shown(self, known: _Known) -> Shown:
        fresh = monotonic() - known.shown_at < FRESH_S
        shown, known.shown = known.shown if fresh else NOTHING, NOTHING
        return shown

    def _sent_to(self, seat: SeatId, session: SessionId) -> float:
        others = set(self._presence.seats(session)) - {seat}
        return max((self._known[s].up_loss for s in others if s in self._known), default=0.0)

    async def _write_soon(self) -> None:
        await asyncio.sleep(GATHER_S)
        self._writing = None
        await self._write()

    async def _write(self) -> None:
        """A minute that can't be kept is lost, and nothing else with it."""
        gathered, self._gathered = self._gathered, []
        own, self._news = self._news, set()
        if not gathered:
            return
        try:
            await quality.keep(self._ctx, gathered)
        except Exception as wrong:
            log.error("quality_not_kept", error=type(wrong).__name__)
            return
        sessions = {self._known[k.seat].session for k in gathered if k.seat in self._known}
        hosts = {host.seat for session in sessions for host in self._presence.hosts(session)}
        for seat in hosts | own:
            self._ctx.publish.news(seat, "quality")


def _carried(it: Quality) -> Carried:
    return Carried(
        up_loss=it.up_loss,
        down_loss=it.down_loss,
        jitter_ms=_ms(it.jitter),
        round_trip_ms=_ms(it.round_trip),
        up_kbits=round(it.up_bits / 1000),
        down_kbits=round(it.down_bits / 1000),
        pictures=Pictures(it.how),
        held_ms=round(it.held * 1000),
    )


def _ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)


def _count(minute: Minute, judgement: Judgement) -> None:
    metrics.MINUTES.labels(judgement.grade, judgement.cause or "none").inc()
    carried = minute.carried
    for way, loss in (("up", carried.up_loss), ("down", carried.down_loss)):
        if loss is not None:
            metrics.LOSS.labels(way).observe(loss)
    if carried.round_trip_ms is not None:
        metrics.ROUND_TRIP.observe(carried.round_trip_ms / 1000)
    if carried.jitter_ms is not None:
        metrics.JITTER.observe(carried.jitter_ms / 1000)
