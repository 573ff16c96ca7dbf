"""About the papers that are shown in a meeting."""

from __future__ import annotations

from server.words import N_

REFUSALS: dict[str, str] = {
    "moved_meanwhile": N_(
        "You were moved to another room while the paper was on its way, so it was not kept. "
        "Please add it again if the people here may see it."
    ),
    "too_many_exhibits": N_("60 papers have been added in this meeting, and no more can be."),
    "not_yours": N_("Only the person who added this paper, or the mediator, can take it away."),
    "kept_by_its_side": N_(
        "This paper belongs to one side. It can be kept in the file only when they have agreed."
    ),
    "in_the_file": N_("This paper is in the case's file already."),
    "not_shown_here": N_("This paper is not shown here any more."),
    "page_full": N_("This page is full of drawings. Please wipe some of them first."),
}
