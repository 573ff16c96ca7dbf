"""About the papers that are shown in a meeting."""

from __future__ import annotations

from server.words import N_

REFUSALS: dict[str, str] = {
    "moved_meanwhile": N_(
        "You were moved to another room while the paper was on its way, so it was not kept. "
        "Please add it again if the people here may see it."
    ),
    "too_many_exhibits": N_(
        "There are 60 papers in this meeting already. Please remove one before you add another."
    ),
    "too_many_of_yours": N_(
        "You have added 20 papers. Please remove one before you add another, or ask the mediator."
    ),
    "too_many_uploads": N_(
        "You have added many papers in a short time. Please wait a while, or ask the mediator."
    ),
    "not_yours": N_("Only the person who added this paper, or the mediator, can take it away."),
    "kept_by_its_side": N_(
        "This paper belongs to one side. It can be kept in the file only when they have agreed."
    ),
    "in_the_file": N_("This paper is in the case's file already."),
    "not_shown_here": N_("This paper is not shown here any more."),
    "page_full": N_("This page is full of drawings. Please wipe some of them first."),
}
