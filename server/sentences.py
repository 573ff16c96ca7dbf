"""The sentence for every refusal: what happened, and what to do now.

Codes are for programs and stay; sentences are for people and are translated like all others.
"""

from __future__ import annotations

from server.words import N_

REFUSALS: dict[str, str] = {
    "unknown": N_(
        "Something went wrong on our side. Nothing you entered is lost; please try again."
    ),
    "bad_request": N_(
        "This page sent something we do not understand, so nothing was done. Please reload it."
    ),
    "unknown_event": N_("This page is out of date. Your place is kept. Please reload it."),
    "unknown_session": N_("There is no such meeting."),
    "unknown_seat": N_(
        "This place does not exist any more. Please ask the mediator for your link."
    ),
    "no_seat": N_("Please open this page with the link you were sent."),
    "session_over": N_("This meeting is over."),
    "session_not_planned": N_(
        "This meeting has already begun and can't be cancelled. End it instead."
    ),
    "link_invalid": N_(
        "This link is not valid. It may have been replaced: please use the newest one, "
        "or call the committee."
    ),
    "link_expired": N_("This link has expired. Please call the committee for a new one."),
    "too_many": N_("Too many tries. Please wait a minute and try again."),
    "name_missing": N_("Please enter the name first."),
    "name_unusable": N_("Please enter a name of at most 60 letters."),
    "consent_missing": N_("This person has not yet agreed to mediate online."),
    "unknown_text": N_("The text has changed since this page was opened. Please read it again."),
    "not_admitted": N_("This is possible only after the mediator has let you in."),
    "already_admitted": N_("This person has already been let in."),
    "not_here": N_("This person is not connected at the moment."),
    "not_host": N_("Only the mediator can do this."),
    "not_oneself": N_("You can't remove yourself. Use Leave."),
    "host_has_no_side": N_("A mediator has no side's room."),
    "nobody_named": N_("Please choose somebody first."),
    "chair_taken": N_("A mediator is already hosting."),
    "reason_missing": N_("Please write the reason."),
    "reason_unusable": N_("The reason has characters that can't be kept. Please type it again."),
    "reason_too_long": N_("The reason is longer than 2,000 characters. Please shorten it."),
    "adjourned_date": N_("Please give the date of the next meeting (only if adjourned)."),
    "no_ports": N_(
        "The server has no room for another call at the moment. Please try again in a minute."
    ),
    "not_your_link": N_("The connection was renewed in the meantime. It will come back by itself."),
    "bad_sdp": N_("This browser's connection could not be understood. Please try another browser."),
    "out_of_turn": N_("The connection was renewed in the meantime. It will come back by itself."),
    "not_found": N_("There is no such page, or it is not yours to see."),
    "not_allowed": N_("Your role does not allow this. Please ask your administrator."),
    "sign_in_failed": N_("Login or password is not right. Please try again."),
    "title_missing": N_("Please enter a title."),
    "title_unusable": N_("Please enter a title of at most 200 letters, in one line."),
    "parties_missing": N_("Please enter at least one party."),
    "too_many_parties": N_("A case can have at most 200 parties."),
    "party_name_missing": N_("Please enter the party's name."),
    "party_name_unusable": N_("Please enter a name of at most 200 letters."),
    "contact_unusable": N_("Please enter a contact of at most 200 letters, in one line."),
    "side_missing": N_("Please choose the side this person is on."),
    "side_unknown": N_("Please choose one of the sides offered."),
    "role_unusable": N_("Please choose one of the roles offered."),
    "nobody_booked": N_("Please choose at least one person for the meeting."),
    "too_many_seats": N_("A meeting can have at most 30 people."),
    "no_mediator": N_("This case has no mediator yet, so there is nobody to host the meeting."),
    "starts_in_the_past": N_("This time has already passed. Please choose a later one."),
    "starts_too_far": N_("Please choose a time within the next year."),
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
    "sign_in_first": N_(
        "You are signed out. Sign in in a new tab, come back to this one, and use the browser's "
        "Back to send the form again: what you typed is still there."
    ),
    "other_origin": N_(
        "This was not sent from a page of ours, so nothing was done. Please go to the start page "
        "and try again."
    ),
    "too_slow": N_("The connection was too slow, so nothing was done. Please try again."),
    "too_large": N_(
        "That was more than this page accepts, so nothing was saved. Go back and shorten it."
    ),
    "dispute_type_missing": N_("Please choose the type of dispute."),
    "date_missing": N_("Please enter the date."),
    "time_missing": N_("Please enter the time."),
    "time_zone_unknown": N_("This time zone is not known. Example: Asia/Shanghai."),
    "mediator_unknown": N_("Please choose one of the mediators offered."),
}

CUTS: dict[str, str] = {
    "newer_tab": N_("You opened the meeting in another tab. It goes on there."),
    "seat_taken": N_("This seat is now used on another device. The meeting goes on there."),
    "come_back": N_("One moment: you are being let in."),
    "removed": N_("The mediator has ended your connection."),
    "revoked": N_("Your link was replaced by a new one. Please use the newest link."),
    "left": N_("You have left the meeting. You can come back with the same link."),
    "restarting": N_("The service is restarting. You will be back in a moment."),
}


def refusal(code: str) -> str:
    """The untranslated sentence for a code; for an unknown one, that something went wrong here."""
    return REFUSALS.get(code) or CUTS.get(code) or REFUSALS["unknown"]
