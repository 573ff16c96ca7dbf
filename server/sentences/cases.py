"""About cases and parties."""

from __future__ import annotations

from server.words import N_

REFUSALS: dict[str, str] = {
    "title_missing": N_("Please enter a title."),
    "title_unusable": N_("Please enter a title of at most 200 letters, in one line."),
    "parties_missing": N_("Please enter at least one party."),
    "too_many_parties": N_("A case can have at most 200 parties."),
    "party_name_missing": N_("Please enter the party's name."),
    "party_name_unusable": N_("Please enter a name of at most 200 letters."),
    "dispute_type_missing": N_("Please choose the type of dispute."),
    "mediator_unknown": N_("Please choose one of the mediators offered."),
    "status_changed": N_(
        "This matter has moved on meanwhile, so this step is not possible any more. "
        "Nothing was changed; please look at it again."
    ),
    "not_bookable": N_(
        "A meeting can be booked once the matter is accepted and has a mediator, "
        "and until it is closed."
    ),
    "facts_unusable": N_("Please shorten this to 5,000 letters and leave out special characters."),
    "request_unusable": N_(
        "Please shorten this to 5,000 letters and leave out special characters."
    ),
    "place_unusable": N_("Please enter a place of at most 200 letters, in one line."),
    "code_unusable": N_("A matter code has 10 letters and digits, like 7K3M-9QX2-4D."),
}
