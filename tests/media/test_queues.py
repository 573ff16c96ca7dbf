"""What waits has an end, and what happens there is known."""

from __future__ import annotations

import asyncio
import socket

import pytest

from server.domain.ids import SeatId
from signaling.media import control, news
from signaling.media.control import Channel
from signaling.media.news import News
from signaling.media.plane import PlaneEvent, Slots, Speaking

A, B = SeatId("a"), SeatId("b")


def speaking(seat: str, *who: str) -> dict[str, object]:
    return {"event": "speaking", "seat": seat, "speakers": list(who)}


async def read(told: News, count: int) -> list[PlaneEvent]:
    events = told.events()
    return [await asyncio.wait_for(anext(events), 30) for _ in range(count)]


async def test_events_that_nobody_reads_are_kept_once_for_each_seat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(news, "MOST", 2)
    told = News()
    told.hear(speaking("a", "a"))
    told.hear(speaking("a"))
    told.hear(speaking("a", "b"))  # Full: of these two the older one is of no use any more.
    told.hear(speaking("b", "a"))
    told.hear(speaking("b", "b"))
    assert told.dropped == 2
    assert await read(told, 3) == [
        Speaking(A, (A,)),
        Speaking(A, (B,)),
        Speaking(B, (B,)),
    ]
    told.hear(speaking("a"))
    assert await read(told, 1) == [Speaking(A, ())]


async def test_what_was_told_is_taken_back_once() -> None:
    told = News()
    told.hear(speaking("a", "b"))
    slots = ["b", *[None] * 7]
    told.hear({"event": "slots", "seat": "a", "slots": slots, "heard_by": [], "screen": None})
    assert told.speaks([A])
    await read(told, 2)
    told.take_back([A])
    told.take_back([A])
    assert not told.speaks([A])
    told.hear(speaking("b"))
    empty = Slots(A, (None,) * 8, frozenset())
    assert await read(told, 3) == [empty, Speaking(A, ()), Speaking(B, ())]


async def test_an_end_that_does_not_read_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "MOST_WAITING", 100_000)
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    channel = await Channel.over(ours)
    sent = 0
    while channel.write({"n": "x" * 10_000}):
        sent += 1
        assert sent < 100
    assert sent >= 10
    other = await Channel.over(theirs)
    whole = 0
    while await asyncio.wait_for(other.read(), 30) is not None:
        whole += 1
    assert whole < sent
    other.close()
    await asyncio.sleep(0)
