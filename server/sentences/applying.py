"""About applications from the public, and the page that says how a matter stands."""

from __future__ import annotations

from server.words import N_

REFUSALS: dict[str, str] = {
    "apply_about_missing": N_("Please choose what comes closest. You can change it later."),
    "apply_where_missing": N_("Please choose one of the places shown."),
    "apply_nowhere": N_(
        "No place takes applications here yet. Nothing was sent; please call instead."
    ),
    "apply_facts_missing": N_("Please write down what happened, in a few sentences."),
    "apply_request_missing": N_("Please write down what you would like to have."),
    "apply_kind_missing": N_("Please choose: a person, or a company or other organisation."),
    "apply_name_missing": N_("Please enter a name."),
    "apply_phone_missing": N_("Please enter a telephone number, or nobody can call you back."),
    "apply_same_person": N_(
        "You and the other side have the same name here. Please look at it again; if it is "
        "somebody else of that name, enter a telephone number of each."
    ),
    "apply_named_twice": N_("This person is entered twice. Please leave one of them out."),
    "apply_other_missing": N_(
        "Please say who the other side is. If you don't know the name, write what you know."
    ),
    "apply_helper_phone_missing": N_("Please enter their telephone number, or leave both empty."),
    "apply_helper_kind_missing": N_("Please choose who they are."),
    "apply_wish_gone": N_("Please choose one of the mediators shown, or none."),
    "apply_truth_missing": N_("Please confirm that what you wrote is true as far as you know."),
    "apply_data_missing": N_(
        "Please confirm that your data may be used for this matter; without them it can't be "
        "dealt with."
    ),
    "apply_gone": N_(
        "This application was already sent or deleted on this device. If you have a matter code, "
        "look at how it stands; if not, please begin again."
    ),
    "apply_unanswered": N_("A question is still open. What you answered is kept; please go on."),
    "code_unknown": N_(
        "There is no matter with this code. Please compare it letter by letter. If you have lost "
        "it, call the place where you applied."
    ),
    "status_over": N_("Please enter your matter code again."),
    "withdraw_reason_unusable": N_("Please shorten the reason to 500 letters."),
}
