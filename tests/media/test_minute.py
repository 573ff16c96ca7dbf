"""How a seat's links were in a minute: added up, judged by the domain, told by the plane."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from signaling.media.downlink import Downlink
from signaling.media.member import Member
from signaling.media.minute import FEWEST_LOOKS, LOOKS, Minute
from signaling.media.plane import Quality
from signaling.media.router import Router
from signaling.media.uplink import Uplink
from tests.media.peer import Room, hears


def source(**counted: float) -> SimpleNamespace:
    figures = {"top": -1, "first": 0, "received": 0, "jitter": 0.0, "rate": 48000, "bits": 0.0}
    return SimpleNamespace(**{**figures, **counted})


class Links:
    """What is counted of two links, as it grows."""

    def __init__(self) -> None:
        self.voice, self.picture, self.screen = source(), source(), source()
        self.reception = SimpleNamespace(expected=0, lost=0.0, round_trip=None)
        self.down_bits, self.how = 0, "full"

    def pass_(self, packets: int, *, lost_up: int = 0, lost_down: float = 0.0) -> None:
        """A second, in which so many packets of a voice were to go each way."""
        self.voice.top += packets
        self.voice.received += packets - lost_up
        self.reception.expected += packets
        self.reception.lost += lost_down

    @property
    def both(self) -> tuple[Uplink, Downlink]:
        pictures = (self.picture, self.screen)
        up: Any = SimpleNamespace(voice=self.voice, picture=self.picture, pictures=pictures)
        down: Any = SimpleNamespace(reception=self.reception, bits=self.down_bits, how=self.how)
        return cast(Uplink, up), cast(Downlink, down)


def test_shares_of_what_was_sent_each_way() -> None:
    links, minute = Links(), Minute()
    for _ in range(LOOKS):
        links.pass_(50, lost_up=5, lost_down=10)
        links.reception.round_trip, links.voice.jitter = 0.1, 480.0
        links.picture.bits, links.screen.bits, links.down_bits = 600_000.0, 200_000.0, 900_000
        minute.look(*links.both, held=0.002)
    assert minute.full
    found = minute.take()
    assert found["up_loss"] == pytest.approx(0.1)
    assert found["down_loss"] == pytest.approx(0.2)
    assert found["round_trip"] == pytest.approx(0.1)
    assert found["jitter"] == pytest.approx(0.01)
    assert (found["up_bits"], found["down_bits"]) == pytest.approx((800_000, 900_000))
    assert found["held"] == pytest.approx(0.002)
    assert not minute.full
    assert not minute.tells, "another minute begins"

    for _ in range(FEWEST_LOOKS):
        links.pass_(50)
        minute.look(*links.both, held=0.0)
    assert minute.tells
    again = minute.take()
    assert (again["up_loss"], again["down_loss"]) == (0.0, 0.0), "of the minute before nothing"


def test_who_is_silent_and_hears_nobody_has_no_figures() -> None:
    links, minute = Links(), Minute()
    links.pass_(20, lost_up=10)
    minute.look(*links.both, held=0.0)
    found = minute.take()
    assert (found["up_loss"], found["down_loss"], found["round_trip"]) == (None, None, None)
    minute.look(*links.both, held=0.0)
    assert minute.take()["jitter"] is None, "a voice that does not come has none"


def test_a_packet_that_came_late_was_not_lost() -> None:
    links, minute = Links(), Minute()
    links.pass_(200, lost_up=20)
    minute.look(*links.both, held=0.0)
    links.voice.received += 20
    minute.look(*links.both, held=0.0)
    assert minute.take()["up_loss"] == 0.0


def test_links_that_were_built_anew_count_from_the_beginning() -> None:
    old, new, minute = Links(), Links(), Minute()
    old.pass_(200, lost_up=100, lost_down=100)
    minute.look(*old.both, held=0.0)
    new.pass_(200)
    minute.look(*new.both, held=0.0)
    found = minute.take()
    assert (found["up_loss"], found["down_loss"]) == pytest.approx((0.25, 0.25))


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        ({"full": 46, "none": 14}, "full"),
        ({"full": 45, "none": 15}, "none"),
        ({"full": 45, "none": 5, "stills": 10}, "stills"),
        ({"full": 20, "small": 35, "stills": 5}, "small"),
        ({"full": 60}, "full"),
    ],
)
def test_the_ladder_is_where_it_was_for_a_good_part(seconds: dict[str, int], told: str) -> None:
    links, minute = Links(), Minute()
    for how, looks in seconds.items():
        links.how = how
        for _ in range(looks):
            minute.look(*links.both, held=0.0)
    assert minute.take()["how"] == told


def in_a_space(router: Router, seat: str, links: Links) -> Member:
    member = router._member(seat)
    member.up, member.down = links.both
    member.space = "joint"
    router._spaces.setdefault("joint", []).append(member)
    return member


def test_told_each_minute_and_at_the_end_if_that_says_anything() -> None:
    told: list[dict[str, Any]] = []
    router, links = Router(told.append), Links()
    in_a_space(router, "alice", links)
    waiting = router._member("bob")
    waiting.up, waiting.down = links.both
    for _ in range(2 * LOOKS + FEWEST_LOOKS):
        links.pass_(50)
        router.look(0.0)
    assert [(one["event"], one["seat"]) for one in told] == [("quality", "alice")] * 2
    assert Quality("alice", **told[0]["minute"]).up_loss == 0.0  # type: ignore[arg-type]
    for member in router._members.values():
        member.up = member.down = None
    router.close("alice")
    router.close("bob")
    assert len(told) == 3, "in no space nothing is measured"
    router.close("alice")
    assert len(told) == 3


async def test_with_real_links_what_is_lost_is_found(room: Room) -> None:
    a, b = await room.join("a", "b")
    await a.enter("joint")
    await b.enter("joint")
    await room.until(lambda: hears(a, b) and hears(b, a))
    a.lose(every=5)
    sent = a.sent
    await room.until(lambda: a.sent - sent > 50 * (FEWEST_LOOKS + 5), 240.0)
    for peer in (a, b):
        await room.plane.close(peer.seat)
    await room.until(lambda: len([e for e in room.log if isinstance(e, Quality)]) == 2)
    found = {event.seat: event for event in room.log if isinstance(event, Quality)}
    assert 0.1 < (found[a.seat].up_loss or 0) < 0.3
    assert 0.1 < (found[a.seat].down_loss or 0) < 0.3
    assert found[b.seat].up_loss == 0.0
    assert (found[b.seat].down_loss or 0) < 0.05, "what a lost is not b's network"
    assert found[b.seat].round_trip is not None
    assert found[b.seat].how == "full"
