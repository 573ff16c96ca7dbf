from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.quality import (
    DROPPED,
    FAR_MS,
    FROZEN_MS,
    HELD_MS,
    LOSSY,
    STARVED_S,
    UNEVEN_MS,
    Carried,
    Cause,
    Grade,
    Judgement,
    Minute,
    Pictures,
    Shown,
    judge,
)

FINE, SMOOTH = Carried(), Shown()


def of(carried: Carried = FINE, shown: Shown = SMOOTH, breaks: int = 0) -> Minute:
    return Minute(carried, shown, breaks)


WEAK = [
    (of(Carried(held_ms=HELD_MS)), Cause.SERVER),
    (of(breaks=1), Cause.BREAKS),
    (of(Carried(up_loss=LOSSY)), Cause.UP_LOSS),
    (of(Carried(down_loss=LOSSY)), Cause.DOWN_LOSS),
    (of(Carried(pictures=Pictures.SMALL)), Cause.DOWN_SLOW),
    (of(shown=Shown(starved_s=STARVED_S)), Cause.UP_SLOW),
    (of(Carried(jitter_ms=UNEVEN_MS)), Cause.UNEVEN),
    (of(Carried(round_trip_ms=FAR_MS)), Cause.FAR),
    (of(shown=Shown(frozen_ms=FROZEN_MS)), Cause.DEVICE),
    (of(shown=Shown(dropped=DROPPED)), Cause.DEVICE),
    (of(shown=Shown(concealed_ms=2_000)), Cause.UNEVEN),
]


@pytest.mark.parametrize(("minute", "cause"), WEAK)
def test_each_figure_has_its_cause(minute: Minute, cause: Cause) -> None:
    assert judge(minute) == Judgement(Grade.WEAK, cause)


JUST_GOOD = [
    of(),
    of(Carried(up_loss=0.049, down_loss=0.049, jitter_ms=59, round_trip_ms=399, held_ms=39)),
    of(shown=Shown(freezes=3, frozen_ms=2_999, concealed_ms=1_499, dropped=0.19, starved_s=29)),
    of(Carried(up_loss=None, down_loss=None), Shown()),
]


@pytest.mark.parametrize("minute", JUST_GOOD)
def test_what_is_hardly_noticed_is_good(minute: Minute) -> None:
    assert judge(minute) == Judgement(Grade.GOOD)
    assert judge(minute, sent_to_it=0.5).grade is Grade.GOOD, "of others' trouble nothing came here"


@pytest.mark.parametrize("pictures", [Pictures.STILLS, Pictures.NONE])
def test_without_moving_pictures_it_is_the_voice_alone(pictures: Pictures) -> None:
    slow = judge(of(Carried(pictures=pictures)))
    assert slow == Judgement(Grade.AUDIO_ONLY, Cause.DOWN_SLOW)
    lossy = judge(of(Carried(pictures=pictures, down_loss=0.2)))
    assert lossy == Judgement(Grade.AUDIO_ONLY, Cause.DOWN_LOSS)


def test_gaps_that_came_with_the_others_are_not_this_ones_device() -> None:
    frozen, concealed = of(shown=Shown(frozen_ms=9_000)), of(shown=Shown(concealed_ms=9_000))
    for minute in (frozen, concealed):
        assert judge(minute, sent_to_it=0.1) == Judgement(Grade.WEAK, Cause.OTHERS)
    assert judge(frozen, sent_to_it=0.01).cause is Cause.DEVICE
    own = of(Carried(down_loss=0.2), Shown(frozen_ms=9_000))
    assert judge(own, sent_to_it=0.2).cause is Cause.DOWN_LOSS, "its own network comes first"


def test_a_busy_server_explains_all_the_rest() -> None:
    worst = of(
        Carried(0.3, 0.3, 200, 900, pictures=Pictures.NONE, held_ms=200), Shown(9, 9_000), breaks=2
    )
    assert judge(worst) == Judgement(Grade.AUDIO_ONLY, Cause.SERVER)


share = st.none() | st.floats(0, 1)
number = st.none() | st.integers(0, 60_000)
minutes = st.builds(
    Minute,
    st.builds(
        Carried,
        up_loss=share,
        down_loss=share,
        jitter_ms=number,
        round_trip_ms=number,
        pictures=st.sampled_from(Pictures),
        held_ms=st.integers(0, 1_000),
    ),
    st.builds(Shown, number, number, number, share, number),
    st.integers(0, 5),
)


@given(minutes, st.floats(0, 1))
def test_whatever_is_not_good_has_a_cause_and_nothing_else_has(
    minute: Minute, sent_to_it: float
) -> None:
    found = judge(minute, sent_to_it)
    assert (found.grade is Grade.GOOD) == (found.cause is None)
    bare = minute.carried.pictures in (Pictures.STILLS, Pictures.NONE)
    assert (found.grade is Grade.AUDIO_ONLY) == bare
