from __future__ import annotations

import pytest

from server.words import speaking


@pytest.fixture(autouse=True)
def english() -> None:
    speaking.set("en")
