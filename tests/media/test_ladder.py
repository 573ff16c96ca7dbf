"""How much of each picture is sent: pure decisions, without a network."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from signaling.media.budget import LEAST, PATIENCE_S, Budget
from signaling.media.ladder import LARGE_FROM, STILL, Picture, Rung, climb, told, wanted
from signaling.media.reception import Reception
from signaling.media.rtcp import Block, Heard

BIG, LITTLE = 700_000.0, 150_000.0
FOUR = [Picture(Rung.LARGE, BIG, LITTLE, Rung.LARGE)] * 4


def now_on(pictures: list[Picture], rungs: list[Rung]) -> list[Picture]:
    return [Picture(p.wanted, p.large, p.small, r) for p, r in zip(pictures, rungs, strict=True)]


def test_without_a_limit_everybody_gets_what_the_page_can_show() -> None:
    heights = [None, LARGE_FROM, LARGE_FROM - 1, 0]
    asked = [Picture(wanted(height), BIG, LITTLE, Rung.NONE) for height in heights]
    rungs = climb(None, asked)
    assert rungs == [Rung.LARGE, Rung.LARGE, Rung.SMALL, Rung.NONE]
    assert told(asked, rungs) == "full"


@pytest.mark.parametrize(
    ("bits", "rungs", "how"),
    [
        (4 * BIG, "LLLL", "full"),
        (2 * BIG + 2 * LITTLE, "LLSS", "small"),
        (4 * LITTLE, "SSSS", "small"),
        (2 * LITTLE + 2 * STILL, "SS··", "small"),
        (4 * STILL, "····", "stills"),
        (STILL / 2, "    ", "none"),
        (0, "    ", "none"),
    ],
)
def test_everybody_gets_a_step_before_anybody_gets_the_next(
    bits: float, rungs: str, how: str
) -> None:
    found = climb(bits, FOUR)
    assert "".join(" ·SL"[rung] for rung in found) == rungs
    assert told(FOUR, found) == how
    spent = sum((0.0, STILL, LITTLE, BIG)[rung] for rung in found)
    assert spent <= bits


def test_up_takes_more_room_than_staying() -> None:
    one = [Picture(Rung.LARGE, BIG, LITTLE, Rung.SMALL)]
    assert climb(1.05 * BIG, one) == [Rung.SMALL]
    assert climb(1.2 * BIG, one) == [Rung.LARGE]
    assert climb(1.05 * BIG, now_on(one, [Rung.LARGE])) == [Rung.LARGE]


def test_a_layer_that_does_not_come_or_is_worse_than_the_small_one_is_not_chosen() -> None:
    assert climb(None, [Picture(Rung.LARGE, None, LITTLE, Rung.LARGE)]) == [Rung.SMALL]
    assert climb(None, [Picture(Rung.LARGE, LITTLE / 2, LITTLE, Rung.LARGE)]) == [Rung.SMALL]
    assert climb(None, [Picture(Rung.SMALL, BIG, None, Rung.LARGE)]) == [Rung.LARGE]
    assert climb(LITTLE, [Picture(Rung.LARGE, BIG, None, Rung.LARGE)]) == [Rung.STILL]
    assert told([], climb(0, [])) == "full"


class Path:
    """A network that carries so much, of four people's pictures, and a receiver that tells."""

    def __init__(self, carries: float, *, air: float = 0.0, estimates: bool = False) -> None:
        self.carries, self.air, self.estimates = carries, air, estimates
        self.budget, self.now = Budget(), 100.0
        self.rungs = [Rung.LARGE] * 4
        self.estimate = 3_000_000.0

    @property
    def sent(self) -> float:
        return sum((0.0, STILL, LITTLE, BIG)[rung] for rung in self.rungs)

    def second(self) -> None:
        sent = self.sent
        arrived = min(sent, self.carries) * (1 - self.air)
        if self.estimates:
            if sent > self.carries:
                self.estimate = min(self.estimate, 0.85 * self.carries)
            self.budget.hear(0.0, self.estimate, sent, self.now)
        else:
            self.budget.hear(1 - arrived / sent if sent else None, None, sent, self.now)
        self.rungs = climb(self.budget.bits, now_on(FOUR, self.rungs))
        self.now += 1

    def run(self, seconds: int) -> list[list[Rung]]:
        seen = []
        for _ in range(seconds):
            self.second()
            seen.append(self.rungs)
        return seen


@pytest.mark.parametrize("estimates", [False, True])
@pytest.mark.parametrize(
    ("carries", "best"), [(1_500_000, Rung.LARGE), (700_000, Rung.SMALL), (60_000, Rung.STILL)]
)
def test_a_narrow_network_gets_what_it_carries_in_seconds(
    carries: float, best: Rung, estimates: bool
) -> None:
    path = Path(carries, estimates=estimates)
    path.run(4)
    assert path.sent <= carries
    assert max(path.rungs) == best


def test_nothing_flaps() -> None:
    """Tries to go up that fail become rarer; most of the time it stays."""
    path = Path(700_000)
    seen = path.run(600)
    changes = sum(a != b for a, b in pairwise(seen))
    assert changes < 40
    over = sum(sum((0.0, STILL, LITTLE, BIG)[r] for r in rungs) > 700_000 for rungs in seen)
    assert over < 30


@pytest.mark.parametrize("estimates", [False, True])
def test_it_comes_back_by_itself(estimates: bool) -> None:
    path = Path(50_000, estimates=estimates)
    path.run(20)
    assert max(path.rungs) <= Rung.STILL
    path.carries, path.estimate = 10_000_000, 3_000_000.0
    took = next(n for n, rungs in enumerate(path.run(200)) if rungs == [Rung.LARGE] * 4)
    assert took < 120
    path.run(60)
    assert path.budget.bits is None
    assert path.rungs == [Rung.LARGE] * 4


@pytest.mark.parametrize("air", [0.12, 0.2, 0.28])
def test_loss_that_does_not_get_less_takes_nothing_away(air: float) -> None:
    path = Path(10_000_000, air=air)
    seen = path.run(60)
    assert seen[-1] == [Rung.LARGE] * 4
    assert all(rungs == [Rung.LARGE] * 4 for rungs in seen[8:])


def test_what_is_nearly_all_lost_is_no_air() -> None:
    path = Path(10_000_000, air=0.6)
    path.run(60)
    assert path.budget.bits == LEAST


def test_a_limit_waits_before_it_grows() -> None:
    budget = Budget()
    budget.hear(0.5, None, 1_000_000, 10.0)
    limit = budget.bits
    assert limit == pytest.approx(425_000)
    for second in range(1, int(PATIENCE_S)):
        budget.hear(0.0, None, 100_000, 10.0 + second)
    assert budget.bits == limit
    budget.hear(None, None, 100_000, 10.0 + PATIENCE_S)
    assert limit is not None
    assert budget.bits is not None
    assert budget.bits > limit


def upstream(share: float) -> Callable[[int], float | None]:
    return lambda ssrc: share if ssrc == 7 else None


def block(highest: int, lost: int, ssrc: int = 7) -> Heard:
    return Heard(blocks=[Block(ssrc, 0, lost, highest, 0, 0, 0)])


def test_what_was_lost_before_us_is_not_the_receivers() -> None:
    reception = Reception()
    assert reception.take() == (None, None)
    reception.hear(block(1000, 5), upstream(0.0), 1.0)
    assert reception.take() == (None, None)  # The first is where counting begins.
    reception.hear(block(1200, 25), upstream(0.0), 2.0)
    assert reception.take()[0] == pytest.approx(0.1)
    reception.hear(block(1400, 45), upstream(0.05), 3.0)
    assert reception.take()[0] == pytest.approx(0.05)
    reception.hear(block(99, 99, ssrc=9), upstream(0.0), 3.5)  # Of a stream that is not ours.
    assert reception.take() == (None, None)
    wrapped = block((1 << 32) - 100 + 1500, (1 << 24) + 44 & 0xFFFFFF)
    reception.hear(wrapped, upstream(0.0), 4.0)  # What came after all makes less lost.
    heard = Heard(bits=300_000)
    reception.hear(heard, upstream(0.0), 4.0)
    assert reception.take()[1] == 300_000
