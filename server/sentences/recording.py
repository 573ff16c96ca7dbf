"""About recording."""

from __future__ import annotations

from server.words import N_

REFUSALS: dict[str, str] = {
    "never_recorded": N_(
        "Nothing is ever recorded here: not in a private talk, not in a side's own room, "
        "and not in a preparation."
    ),
    "recording_already": N_("A recording is under way or being asked for already. Stop it first."),
    "recording_over": N_("Nobody asks for a recording any more."),
    "recording_absent": N_("This server can't record."),
    "recording_gone": N_("This recording was destroyed, or it can't be read."),
    "look_over": N_("This look is over. Please say again why you need to see it."),
    "recording_held": N_("It is being held, and can't be destroyed. Take back the hold first."),
    "purpose_unusable": N_("Please choose what is to be recorded."),
}
