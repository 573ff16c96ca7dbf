"""About requests as such."""

from __future__ import annotations

from server.words import N_

REFUSALS: dict[str, str] = {
    "unknown": N_(
        "Something went wrong on our side. Nothing you entered is lost; please try again."
    ),
    "disk_full": N_(
        "The server has no room left, so nothing was kept. Please tell whoever looks after it, and "
        "try again later."
    ),
    "bad_request": N_(
        "This page sent something we do not understand, so nothing was done. Please reload it."
    ),
    "too_many": N_("Too many tries. Please wait a minute and try again."),
    "not_found": N_("There is no such page, or it is not yours to see."),
    "not_allowed": N_("Your role does not allow this. Please ask your administrator."),
    "sign_in_first": N_(
        "You are signed out, so nothing was done. Sign in in a new tab, then come back to this one."
    ),
    "other_origin": N_(
        "This was not sent from a page of ours, so nothing was done. Please go to the start page "
        "and try again."
    ),
    "too_slow": N_("The connection was too slow, so nothing was done. Please try again."),
    "too_large": N_(
        "That was more than this page accepts, so nothing was saved. Go back and shorten it."
    ),
}
