"""About accounts and organisations."""

from __future__ import annotations

from server.words import N_

REFUSALS: dict[str, str] = {
    "sign_in_failed": N_("Login or password is not right. Please try again."),
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
}
