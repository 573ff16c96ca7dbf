"""What a verifier names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

What = Literal["changed", "missing", "reordered", "added", "unreadable", "unsigned"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something is not what was written. `n`: which segment, row or entry of it."""

    where: str
    what: What
    n: int | None = None

    def __str__(self) -> str:
        return f"{self.where}{'' if self.n is None else f' {self.n}'}: {self.what}"
