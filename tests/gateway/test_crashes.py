"""Random commands by random people through the services, with crashes, failing commits, a failing
media plane, repetitions and overtaking. After every step the media are where the database says.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.consent import Purpose
from server.domain.errors import Refused
from server.domain.ids import DeviceId, SeatId, SessionId
from server.domain.result import ResultKind
from server.domain.seat import Ask
from server.domain.session import Destination, Session
from server.security.ids import new_id
from server.security.keys import KeyStore
from server.services import sessions, texts
from server.services.alarms import Alarms
from server.services.context import Context
from server.services.sessions import Caller
from server.settings import Settings
from server.store import audit, commands, told
from server.store.devices import Device
from tests.gateway.breaking import BreakingStore
from tests.gateway.cast import Cast, a_cast
from tests.gateway.house import Clock
from tests.gateway.plane import PaperPlane
from tests.store.world import NOON, make

AGREED = {p: texts.current(p, "en").hash for p in (Purpose.ONLINE_MEDIATION, Purpose.ASSISTING)}
DOINGS = (
    *("come", "come", "lose", "say", "consent", "withdraw", "speak", "speak", "look", "ask"),
    *("admit", "admit", "caucus", "caucus", "side", "joint", "joint", "mute", "remove"),
    *("take_chair", "leave", "wait", "wait", "restart", "end"),
)
FAULTS = (
    *(None, None, None, None, None, None),
    *("commit", "answer", "cancelled", "stop", "start", "twice", "at_once"),
)
FAILURES = {"commit": OSError, "answer": OSError, "cancelled": asyncio.CancelledError}
"""How a transaction ends; "answer": it is committed, and only the answer is lost."""


@dataclass(frozen=True)
class Step:
    doing: str
    who: int
    whom: int
    on: bool
    fault: str | None


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(DOINGS),
        st.sampled_from([0, 0, 0, 1, 2, 3, 4, 5]),
        st.integers(0, 5),
        st.booleans(),
        st.sampled_from(FAULTS),
    ),
    min_size=5,
    max_size=25,
)


@dataclass
class PaperAlarms(Alarms):
    """Rings when the test's clock comes there."""

    clock: Clock
    next: tuple[datetime, Callable[[], Awaitable[None]]] | None = None

    def set(
        self, session: SessionId, seconds: float | None, work: Callable[[], Awaitable[None]]
    ) -> None:
        at = None if seconds is None else self.clock.now + timedelta(seconds=max(seconds, 0))
        self.next = None if at is None else (at, work)

    async def wait(self, seconds: float) -> None:
        until = self.clock.now + timedelta(seconds=seconds)
        while self.next is not None and self.next[0] <= until:
            at, work = self.next
            self.next = None
            self.clock.now = max(self.clock.now, at)
            await work()
        self.clock.now = until


@dataclass
class Post:
    """Who was told what."""

    told_: list[tuple[SeatId, int, dict[str, Any]]] = field(default_factory=list)

    def told(self, seat: SeatId, n: int, at: datetime, fact: dict[str, Any]) -> None:
        self.told_.append((seat, n, fact))

    def cut(self, seat: SeatId, code: str) -> None: ...

    def news(self, seat: SeatId, what: str) -> None: ...


class Life:
    """One server's life, crashes included."""

    def __init__(self, ctx: Context, cast: Cast) -> None:
        self.ctx, self.cast = ctx, cast
        self.seats = [cast.host, *cast.guests]
        self.acknowledged: list[tuple[SeatId, str]] = []
        self.plane, self.store = PaperPlane(), ctx.store
        self.clock, self.post = Clock(), Post()
        self.alarms = PaperAlarms(self.clock)
        ctx.clock, ctx.alarms = self.clock, self.alarms
        ctx.gate, ctx.publish = self.plane, self.post
        self.listened = 0
        self.told_before: dict[SeatId, int] = {}

    async def gather(self) -> None:
        """Everyone comes in."""
        for n in range(len(self.seats)):
            for doing in ("come", "say", "consent"):
                await self.step(Step(doing, n, n, True, None))
            await self.step(Step("admit", 0, n, True, None))
        state = await sessions.state(self.ctx, self.cast.session)
        assert set(state.forwarded()) == set(self.seats)

    async def go_on(self) -> None:
        """From where everyone is in: most of a run is to be spent in the middle of it."""
        state = await sessions.state(self.ctx, self.cast.session)
        self.plane.places = state.forwarded()
        self.plane.microphones = {s: state.seats[s].microphone for s in self.seats}
        async with self.store.read() as conn:
            self.told_before = {seat: await told.last(conn, seat) for seat in self.seats}

    async def step(self, step: Step) -> None:
        store = self.store
        assert isinstance(store, BreakingStore)
        self.plane.broken = {"stop": {"leave", "microphone"}, "start": {"enter"}}.get(
            step.fault or "", set()
        )
        id_ = new_id()
        repeat = {"twice": 2, "at_once": 1}.get(step.fault or "", 1)
        failure = FAILURES[step.fault]() if step.fault in FAILURES else None
        with store.failing(failure, kept=step.fault == "answer"):
            for _ in range(repeat):
                work = [self._do(step, id_)]
                if step.fault == "at_once":
                    look = Step("look", 1, 1, step.on, None)
                    work += [self._do(step, id_), self._do(look, new_id())]
                await asyncio.gather(*work)
        await self.check(alone=step.fault != "at_once" and step.doing != "wait")

    async def _do(self, step: Step, id_: str) -> None:
        seat = self.seats[step.who]
        try:
            await self._command(step, id_)
        except (Refused, OSError, asyncio.CancelledError):
            return
        if step.doing not in ("come", "lose", "wait", "restart"):
            self.acknowledged.append((seat, id_))

    async def _command(self, step: Step, id_: str) -> None:
        ctx, seat, whom = self.ctx, self.seats[step.who], self.seats[step.whom]
        holder = (await sessions.state(ctx, self.cast.session)).seats[seat].device
        by = Caller(seat, holder or DeviceId("nobody"), id_)
        comer = a_device(self.cast.session, seat, step.on)
        asked = Purpose.ASSISTING if seat == self.cast.co else Purpose.ONLINE_MEDIATION
        everything: dict[str, Callable[[], Awaitable[object]]] = {
            "come": lambda: sessions.connect(ctx, seat, comer, lambda _: None),
            "lose": lambda: sessions.lost(ctx, seat, lambda _: False),
            "say": lambda: sessions.say_name(ctx, by, "Somebody"),
            "consent": lambda: sessions.consent(ctx, by, asked, AGREED[asked]),
            "withdraw": lambda: sessions.withdraw(ctx, by, asked),
            "speak": lambda: sessions.microphone(ctx, by, step.on),
            "look": lambda: sessions.camera(ctx, by, step.on),
            "ask": lambda: sessions.ask(ctx, by, Ask.PRIVATE_WORD, step.on),
            "admit": lambda: sessions.admit(ctx, by, whom),
            "caucus": lambda: sessions.move(ctx, by, [whom], Destination.CAUCUS),
            "side": lambda: sessions.move(ctx, by, [whom], Destination.SIDE),
            "joint": lambda: sessions.move(ctx, by, [whom] if step.on else [], Destination.JOINT),
            "mute": lambda: sessions.mute(ctx, by, whom),
            "remove": lambda: sessions.remove(ctx, by, whom),
            "take_chair": lambda: sessions.take_chair(ctx, by),
            "leave": lambda: sessions.leave(ctx, by),
            "wait": lambda: self.alarms.wait(26 if step.on else 6),
            "restart": self.restart,
            "end": lambda: sessions.end(ctx, by, ResultKind.NOT_AGREED, "Too far.", None),
        }
        await everything[step.doing]()

    async def restart(self) -> None:
        """Killed and started again: memory is gone, and so are all media."""
        self.plane.places.clear()
        self.plane.microphones.clear()
        self.alarms.next = None
        await sessions.restart(self.ctx)

    async def check(self, *, alone: bool) -> None:
        stored = await sessions.state(self.ctx, self.cast.session)
        assert self.plane.places == stored.forwarded()
        for seat in self.plane.places:
            assert self.plane.microphones[seat] == stored.seats[seat].microphone
        for seat, _, fact in self.post.told_[self.listened :] if alone else ():
            nothing_of_elsewhere(stored, seat, fact)
        self.listened = len(self.post.told_)

    async def end(self) -> None:
        async with self.store.read() as conn:
            assert await audit.verify(conn) == []
            for seat, id_ in self.acknowledged:
                assert await commands.answer(conn, seat, id_) == {"ok": True}
            for seat in {seat for seat, _, _ in self.post.told_}:
                heard = [n for to, n, _ in self.post.told_ if to == seat]
                before = self.told_before.get(seat, 0)
                rows = [n for n, _, _ in await told.since(conn, seat, before)]
                assert heard == rows == list(range(before + 1, before + len(rows) + 1))


def a_device(session: SessionId, seat: SeatId, own: bool) -> Device:
    """The seat's own, or a stranger's with the same link."""
    device = DeviceId(f"{seat[:30]}{'-own-' if own else '-else'}")
    return Device(device, seat, session, "", 1, NOON)


def nothing_of_elsewhere(stored: Session, seat_id: SeatId, fact: dict[str, Any]) -> None:
    """Rule 3: no name, seat or space in what a page is told but of those who are with it."""
    seat = stored.seats.get(seat_id)
    if seat is None or seat.hosting:
        return
    text, known = json.dumps(fact["view"], ensure_ascii=False), {stored.main_host.name}
    elsewhere = []
    for other in stored.seats.values():
        if other.admitted and seat.admitted and other.space == seat.space:
            known.add(other.name)
        elif other.id != seat.id:
            elsewhere.append(other)
    for other in elsewhere:
        assert other.id not in text
        assert other.name in known or other.name not in text
        assert other.claim_of or other.space is None or other.space not in text
    if not seat.admitted and seat.name != stored.main_host.name:
        assert seat.name not in text


@asynccontextmanager
async def a_life(file: Path, cast: Cast | None = None) -> AsyncIterator[Life]:
    store = BreakingStore(f"sqlite:///{file}")
    try:
        if cast is None:
            async with store.write() as conn:
                world = await make(conn)
            cast = await a_cast(store, world.case)
        keys = KeyStore(file.parent / "keys")
        yield Life(Context(store, Settings(data_dir=file.parent), keys), cast)
    finally:
        await store.close()


@pytest.fixture(scope="module")
def everyone_in(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Cast]:
    """A database in which everyone is in the joint space, to copy; and who they are."""
    file = tmp_path_factory.mktemp("crashes") / "heyi.sqlite3"
    shutil.copy(sqlite_template, file)

    async def live() -> Cast:
        async with a_life(file) as life:
            await life.gather()
            await life.end()
            return life.cast

    return file, asyncio.run(live())


@settings(max_examples=15)
@given(steps=STEPS)
def test_media_are_always_where_the_database_says(
    everyone_in: tuple[Path, Cast], steps: list[Step]
) -> None:
    template, cast = everyone_in

    async def live(file: Path) -> None:
        async with a_life(file, cast) as life:
            await life.go_on()
            for step in steps:
                await life.step(step)
            await life.end()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(live(Path(shutil.copy(template, folder))))
