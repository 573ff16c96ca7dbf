from __future__ import annotations

import pytest

from server.domain.errors import Refused
from server.domain.stroke import FINEST, MOST_POINTS, Colour, checked


def test_a_line_is_kept_as_it_was_drawn() -> None:
    shape = checked([0, 0, FINEST, FINEST], Colour.BLUE, 3)
    assert (shape.points, shape.colour, shape.width) == ((0, 0, FINEST, FINEST), Colour.BLUE, 3)
    assert len(checked([1] * 2 * MOST_POINTS, Colour.RED, 1).points) == 2 * MOST_POINTS


@pytest.mark.parametrize(
    ("points", "width"),
    [
        ([], 2),
        ([1, 2], 2),
        ([1, 2, 3], 2),
        ([1, 2, 3, 4, 5], 2),
        ([1] * (2 * MOST_POINTS + 2), 2),
        ([0, 0, FINEST + 1, 0], 2),
        ([0, -1, 0, 0], 2),
        ([0, 0, 1, 1], 0),
        ([0, 0, 1, 1], 4),
    ],
)
def test_what_is_no_line_is_refused(points: list[int], width: int) -> None:
    with pytest.raises(Refused) as caught:
        checked(points, Colour.RED, width)
    assert caught.value.code == "bad_request"
