"""How long the absent are waited for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the absent are waited for. A host: silence, then dispersal. A seat: its place."""

    host_silence: timedelta = timedelta(seconds=5)
    host_grace: timedelta = timedelta(seconds=30)
    seat_grace: timedelta = timedelta(seconds=30)
    caucus: timedelta = timedelta(minutes=10)
    """How long those left behind by a private talk are told that it takes, at first."""
