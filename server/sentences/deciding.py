"""About deciding: taking a matter on, giving it to somebody, asking a side alone."""

from __future__ import annotations

from server.words import N_

REFUSALS: dict[str, str] = {
    "ground_missing": N_("Please choose the reason for refusing."),
    "elsewhere_missing": N_("Please choose at least one place where these people can go instead."),
    "words_missing": N_("Please write the reason."),
    "words_unusable": N_("Please shorten this to 1,000 letters and leave out special characters."),
    "unit_unknown": N_("Please choose one of the units offered."),
    "conflict_found": N_(
        "A name in this matter speaks against this person. If you have made sure that it is "
        "another person of the same name, say so below; else please choose somebody else."
    ),
    "handles_already": N_("This person works on the matter already."),
    "mediator_first": N_("Please give the matter to a mediator first."),
    "mediator_stays": N_("A mediator leaves a matter by handing it over to another one."),
    "hosts_meeting": N_(
        "This person hosts a meeting of this matter. Please cancel or finish the meeting first. "
        "Nothing was changed."
    ),
    "meeting_open": N_("A meeting is under way. Please hand over once it has ended."),
    "offered_already": N_(
        "Somebody is being asked already. Wait for the answer, or take that offer back first."
    ),
    "offer_over": N_(
        "This offer has been answered or taken back meanwhile, so nothing was changed."
    ),
    "agreed_missing": N_("Please confirm that this person has accepted by word of mouth."),
    "declaration_missing": N_("Please say whether you know any of these people."),
    "line_unusable": N_("Please shorten each line to 200 letters."),
    "notes_unusable": N_("Please shorten this to 3,000 letters and leave out special characters."),
}
