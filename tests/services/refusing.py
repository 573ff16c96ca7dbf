from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from server.domain.errors import Refused


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What is done inside is refused with this code."""
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.code == code
