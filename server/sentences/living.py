"""About what lives in a case: deadlines, extensions, notes, its end, joining and splitting."""

from __future__ import annotations

from server.words import N_

DEADLINES: dict[str, str] = {
    "decide": N_("Accept or refuse the matter"),
    "answer": N_("Answer the offer of the case"),
    "choose": N_("Choose a mediator together"),
    "take": N_("Take the case on"),
    "contact": N_("Contact the other side"),
    "conclude": N_("End the mediation"),
    "confirm": N_("Apply for judicial confirmation"),
}
"""What is due, by the kind of deadline."""

REFUSALS: dict[str, str] = {
    "workdays_missing": N_("Please enter at least one day."),
    "workdays_unusable": N_(
        "One line a day of this year, each day once: date, off or work, and why. For example: "
        "2027-02-08 off Spring Festival. Nothing was changed."
    ),
    "extension_too_early": N_("Please choose a date after the one that holds now."),
    "extension_too_far": N_("Please choose a date within a year of the one that holds now."),
    "extension_why_missing": N_("Please say why more time is needed."),
    "extension_why_unusable": N_(
        "Please shorten the reason to 1,000 letters and leave out special characters."
    ),
    "extension_open": N_("An extension is being asked for already. Write down the answers first."),
    "extension_decided": N_("This extension was decided meanwhile. Nothing was changed."),
    "extension_answer_missing": N_("Please say what the side answered, and how."),
    "nothing_to_extend": N_("This case has no limit that could be extended."),
    "note_missing": N_("Please write something."),
    "note_unusable": N_("Please shorten this to 5,000 letters and leave out special characters."),
    "outcome_missing": N_("Please choose how the case ended."),
    "remedies_missing": N_(
        "There is no agreement, so the parties must be told what else is open to them: the court, "
        "arbitration and an administrative authority. Tick each once they were told."
    ),
    "why_missing": N_("Please give the reason."),
    "why_unusable": N_(
        "Please shorten the reason to 2,000 letters and leave out special characters."
    ),
    "not_agreed": N_(
        "Only an agreement can be confirmed, and only once the case is closed with it. "
        "Nothing was changed."
    ),
    "confirmation_known": N_("It is written down already that confirmation was applied for."),
    "confirmation_in_future": N_("That day has not come yet. Please enter when they applied."),
    "confirmation_too_early": N_("Please choose a day after the matter was accepted."),
    "court_missing": N_("Please say at which court."),
    "court_unusable": N_(
        "Please shorten the court's name to 100 letters and leave out special characters."
    ),
    "meeting_planned": N_(
        "A meeting of this case is still to come or under way. Hold it or cancel it first; "
        "nothing was changed."
    ),
    "not_closed": N_("This case is not closed, so there is nothing to open again."),
    "joined_stays": N_("This case goes on in another one. Please work there."),
    "join_missing": N_("Please enter the number of the other case, or its address."),
    "join_unknown": N_("There is no such case that you may work on."),
    "join_several": N_("There are several such cases. Please enter the address of the one."),
    "join_itself": N_("Please choose another case than this one."),
    "join_apart": N_("Only cases of the same kind and of the same bureau can be joined."),
    "join_over": N_("Only cases that are not closed, declined or withdrawn can be joined."),
    "too_many_sides": N_(
        "A case has four sides at most, and these would be more. Please work on both cases; "
        "nothing was changed."
    ),
    "split_by_another": N_(
        "You can't mediate the new case: you only help with this one, or a name in it is one you "
        "may know. Please let somebody split it who decides about all cases here. "
        "Nothing was changed."
    ),
    "split_over": N_("Only a case that is not closed, declined or withdrawn can be split."),
    "split_nobody_moves": N_("Please choose at least one party for the new case."),
    "split_nobody_stays": N_("Please leave at least one party in this case."),
}
