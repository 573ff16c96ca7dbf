"""About accounts and organisations."""

from __future__ import annotations

from server.words import N_

REFUSALS: dict[str, str] = {
    "sign_in_failed": N_("Login or password is not right. Please try again."),
    "half_over": N_("That took longer than five minutes. Please sign in again."),
    "code_wrong": N_(
        "This code is not right, or was used before. Please wait for the next one and try again."
    ),
    "password_wrong": N_("This is not your password. Nothing was changed; please try again."),
    "second_factor_on": N_("The code at sign-in is already switched on."),
    "login_unusable": N_(
        "A login has 2 to 64 letters (a to z), digits, dots, hyphens or underscores."
    ),
    "login_taken": N_("This login is already in use. Please choose another one."),
    "roles_missing": N_("Please give at least one role."),
    "password_too_short": N_("Please choose a password of at least 8 characters."),
    "password_too_long": N_("Please choose a password of at most 200 characters."),
    "organisation_name_unusable": N_("Please enter a name of at most 200 letters, in one line."),
    "organisation_unknown": N_("There is no organisation of this name or id."),
    "organisation_ambiguous": N_("Several organisations have this name. Please give the id."),
    "time_zone_unknown": N_("This time zone is not known. Example: Asia/Shanghai."),
    "organisation_missing": N_("Please choose an organisation."),
    "organisation_kind_missing": N_("Please choose the kind of organisation."),
    "organisation_is_root": N_("This is the uppermost organisation: it stays where it is."),
    "organisation_below_itself": N_(
        "An organisation can't be moved under itself or under one that is below it."
    ),
    "organisation_elsewhere": N_(
        "These two belong to different bureaus, whose people and cases stay apart."
    ),
    "short_taken": N_(
        "Another organisation here has this short name in its case numbers. "
        "Please choose one of its own, or two numbers would look alike."
    ),
    "organisation_closed": N_("This organisation is closed. Please choose one that is open."),
    "organisation_in_use": N_(
        "This organisation can't be closed yet: what is still there is listed below."
    ),
    "organisation_handled": N_(
        "These people work on its matters by a role further up, and could not open them any more. "
        "Please have them hand these over first; nothing was changed."
    ),
    "hours_unusable": N_("Please shorten the opening hours to 500 letters."),
    "short_unusable": N_("Please enter a short name of at most 4 characters."),
    "number_form_unusable": N_(
        "The form must have {year}, {word} and {n} once each, and may have {short}. "
        "At most 60 characters."
    ),
    "last_administrator": N_(
        "This is the last administrator here. Give somebody else the role first; "
        "nothing was changed."
    ),
    "not_yourself": N_(
        "You can't give yourself a role: another administrator has to do it. Nothing was changed."
    ),
    "role_at_work": N_(
        "This person works on open matters, or hosts meetings, by this role alone. Please have "
        "them hand these over first; nothing was changed."
    ),
    "has_left": N_("This person has left. Nothing was changed."),
    "successor_missing": N_("Please choose who takes on what is still open."),
    "successor_unfit": N_(
        "This person can't take on the cases marked below: their role doesn't reach there, or a "
        "name speaks against it. Nothing was changed; please choose somebody else."
    ),
    "meetings_left": N_(
        "A meeting of this person can't go to the one you chose. "
        "Please have it cancelled and booked anew first; nothing was changed."
    ),
    "invitation_void": N_(
        "This link is not valid any more: it was used, replaced or is older than seven days. "
        "Please ask your administrator for a new one."
    ),
    "passwords_differ": N_("The two passwords are not the same. Please enter them again."),
    "expertise_unusable": N_("Please choose from the types of dispute offered."),
    "languages_unusable": N_("Please enter at most 10 languages of at most 30 letters each."),
    "licence_unusable": N_("Please enter a licence number of at most 60 characters."),
    "introduction_unusable": N_("Please shorten this to 1,000 letters."),
    "photo_missing": N_("Please choose a photo first."),
    "photo_unusable": N_("This is no photo we can show. Please choose a JPEG, PNG or WebP."),
    "photo_too_large": N_("This photo is larger than 5 MB. Please choose a smaller one."),
}
