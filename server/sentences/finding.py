"""About lists, what is done to many cases at once, and exports."""

from __future__ import annotations

from server.words import N_

REFUSALS: dict[str, str] = {
    "filter_name_missing": N_("Please enter a name for this list."),
    "filter_name_unusable": N_("Please enter a name of at most 60 letters, in one line."),
    "too_many_filters": N_("You have saved 50 lists, which is the most. Please delete one first."),
    "nothing_ticked": N_("Please tick the cases that this is about."),
    "change_missing": N_("Please choose what is to be changed."),
    "too_many_ticked": N_("Please tick at most 200 cases at a time."),
    "clerk_unknown": N_("Please choose one of the clerks offered."),
    "already_so": N_("It was so already."),
    "export_reason_missing": N_("Please say what the export is for."),
    "export_too_large": N_(
        "With ID numbers, telephones and addresses at most 2,000 cases can be exported at once. "
        "Nothing was exported; please narrow the list."
    ),
}
