"""About notices and their words."""

from __future__ import annotations

from server.words import N_

REFUSALS: dict[str, str] = {
    "notice_subject_missing": N_("Please enter the subject of the mail."),
    "notice_subject_unusable": N_("Please enter a subject of at most 80 letters, in one line."),
    "notice_body_missing": N_("Please enter the words of the notice."),
    "notice_body_unusable": N_(
        "Please shorten this to 1,000 letters and leave out special characters."
    ),
    "notice_place_unknown": N_(
        "Something in curly brackets is not known here. Below is the list of what can stand there."
    ),
    "notice_place_missing": N_(
        "Something is missing that the notice must tell. Please put it in; the list is below."
    ),
    "notice_template_unusable": N_("A template's id has at most 64 letters and digits."),
    "notice_went_out": N_("This notice has been sent; there is nothing to be told by hand."),
    "notice_unreadable": N_(
        "The words of this notice no longer exist, so it can't be sent again. Nothing was sent."
    ),
}
