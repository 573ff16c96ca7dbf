from __future__ import annotations

from enum import StrEnum

from server.domain.quality import Cause, Grade
from server.words import N_

LABELS: dict[type[StrEnum], dict[str, str]] = {
    Grade: {
        Grade.GOOD: N_("Good connection"),
        Grade.WEAK: N_("Weak connection"),
        Grade.AUDIO_ONLY: N_("Audio only"),
    },
    Cause: {
        Cause.SERVER: N_("The server is busy."),
        Cause.BREAKS: N_("The connection breaks off again and again."),
        Cause.UP_LOSS: N_("The network loses part of what is sent."),
        Cause.DOWN_LOSS: N_("The network loses part of what is received."),
        Cause.DOWN_SLOW: N_("The network is slow at receiving."),
        Cause.UP_SLOW: N_("The network is slow at sending."),
        Cause.UNEVEN: N_("The network is uneven: sound comes in bursts."),
        Cause.FAR: N_("The way is long: every answer takes a moment."),
        Cause.OTHERS: N_("Somebody else's network: there were gaps before it came here."),
        Cause.DEVICE: N_("The device is slow: pictures stand still though nothing is lost."),
    },
}
