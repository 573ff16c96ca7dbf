"""Recordings: which moment, and how they ended."""

from __future__ import annotations

from enum import StrEnum

from server.domain.consent import Purpose
from server.domain.recorded import Ended
from server.words import N_

LABELS: dict[type[StrEnum], dict[str, str]] = {
    Purpose: {
        Purpose.RECORD_RIGHTS: N_("Explaining rights and duties"),
        Purpose.RECORD_CONSENT: N_("What everyone agrees to"),
        Purpose.RECORD_READING: N_("Reading out the agreement"),
        Purpose.RECORD_SIGNING: N_("The signing"),
        Purpose.RECORD_CONSULTATION: N_("The consultation"),
    },
    Ended: {
        Ended.STOPPED: N_("Stopped by the mediator"),
        Ended.DECLINED: N_("Somebody did not want it"),
        Ended.WITHDRAWN: N_("Somebody took back their consent"),
        Ended.LEFT: N_("People went to other rooms"),
        Ended.OVER: N_("The meeting ended"),
        Ended.FAILED: N_("Broken off by a fault"),
    },
}
