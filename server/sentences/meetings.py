"""About meetings and links."""

from __future__ import annotations

from server.words import N_

REFUSALS: dict[str, str] = {
    "unknown_event": N_("This page is out of date. Your place is kept. Please reload it."),
    "unknown_session": N_("There is no such meeting."),
    "unknown_seat": N_(
        "This place does not exist any more. Please ask the mediator for your link."
    ),
    "no_seat": N_("Please open this page with the link you were sent."),
    "session_over": N_("This meeting is over."),
    "session_locked": N_(
        "The mediator has closed the door for now. Please wait a moment and try again, or call."
    ),
    "session_not_planned": N_(
        "This meeting has already begun and can't be changed. End it instead."
    ),
    "link_invalid": N_(
        "This link is not valid. It may have been replaced: please use the newest one, "
        "or call the committee."
    ),
    "link_replaced": N_(
        "This link was replaced by a newer one. Please open the newest message and tap its link."
    ),
    "link_revoked": N_("This link was taken back. Please call the committee."),
    "session_cancelled": N_("This meeting was cancelled."),
    "report_unusable": N_("This page is out of date. Your place is kept. Please reload it."),
    "link_expired": N_("This link has expired. Please call the committee for a new one."),
    "name_missing": N_("Please enter the name first."),
    "name_unusable": N_("Please enter a name of at most 200 letters."),
    "consent_missing": N_("Somebody there has not yet agreed to mediate online."),
    "claim_undecided": N_("The mediator decides first whether you come in with this device."),
    "unknown_person": N_("This person is not at this device any more."),
    "too_many_beside": N_(
        "At most five people can sit at one device. The others need a link of their own."
    ),
    "nobody_beside": N_("Nobody else is at this device."),
    "quiet_now": N_("Everyone is quiet now. The mediator will open the microphones again."),
    "minutes_unusable": N_("Please choose between 1 and 120 minutes."),
    "nobody_waits": N_("None of these people is waiting without a mediator."),
    "no_such_room": N_("There is no such room any more."),
    "already_inside": N_("You are in this room already."),
    "nobody_inside": N_("Nobody is in this room any more."),
    "somebody_knocks": N_("Another mediator is at this door already."),
    "nobody_knocks": N_("The mediator is not at the door any more."),
    "not_a_mediator": N_("Only a mediator of this meeting can be given the chair."),
    "no_other_host": N_("Nobody else is hosting. Give somebody the chair first."),
    "host_stays": N_("The host's link can be replaced, but not taken away."),
    "not_leading": N_("The mediator chooses what is shown here. You may ask for it."),
    "page_missing": N_("There is no such page."),
    "exhibit_missing": N_("This paper can't be shown here. It may have been taken away."),
    "screen_taken": N_("Somebody is showing their screen already."),
    "result_unusable": N_("This result does not fit this kind of meeting."),
    "message_missing": N_("Please write something first."),
    "message_unusable": N_(
        "The message is longer than 2,000 characters or has characters that can't be kept."
    ),
    "moved_meanwhile": N_(
        "You are in another room now, so this was not sent. Please read it once more first."
    ),
    "too_fast": N_("That was quick. Please wait a few seconds, then send it again."),
    "too_quick": N_("That was a lot at once. Please wait a few seconds, then try again."),
    "room_note_unusable": N_(
        "The note is longer than 2,000 characters or has characters that can't be kept."
    ),
    "no_such_note": N_("This note does not belong to the room you are in."),
    "words_fixed": N_("That side was asked about these words, so they stay as they are."),
    "nothing_to_release": N_("This is not there any more."),
    "not_yours_to_answer": N_("Only a party of that side or who speaks for them can answer this."),
    "not_in_private": N_("Please answer this while you are alone with the mediator."),
    "not_asked": N_("This is not asked any more. The mediator may ask again."),
    "not_writer": N_("Only the mediator and the clerk keep the minutes."),
    "not_in_joint": N_("The agenda is shown in the joint meeting."),
    "agenda_unusable": N_(
        "The agenda takes up to 30 points of at most 200 characters, none of them empty."
    ),
    "minutes_too_long": N_(
        "The minutes are longer than 50,000 characters. What you typed is still on your page; "
        "please shorten it."
    ),
    "not_waiting": N_("This person is not waiting in a lobby any more."),
    "not_with_them": N_("This can be asked only while you are alone with that side."),
    "released_already": N_("They have agreed to this already."),
    "nobody_to_ask": N_("Nobody of that side who could agree is here."),
    "unknown_text": N_("The text has changed since this page was opened. Please read it again."),
    "not_admitted": N_("This is possible only after the mediator has let you in."),
    "already_admitted": N_("This person has already been let in."),
    "not_here": N_("This person is not connected at the moment."),
    "not_host": N_("Only the mediator can do this."),
    "not_oneself": N_("You can't remove yourself. Use Leave."),
    "sides_kept_apart": N_(
        "This meeting is shuttle only: the sides never share a room. Please see one side at a time."
    ),
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
    "side_missing": N_("Please choose the side this person is on."),
    "side_unknown": N_("Please choose one of the sides offered."),
    "role_unusable": N_("Please choose one of the roles offered."),
    "not_a_guest": N_(
        "Change this person's telephone on the page of the party or of the colleague."
    ),
    "nobody_booked": N_("Please choose at least one person for the meeting."),
    "too_many_seats": N_("A meeting can have at most 30 people."),
    "no_mediator": N_("This case has no mediator yet, so there is nobody to host the meeting."),
    "starts_in_the_past": N_("This time has already passed. Please choose a later one."),
    "starts_too_far": N_("Please choose a time within the next year."),
    "clash": N_("Somebody would have to be at two meetings at once. Please look below."),
    "one_side_only": N_("In a private talk before the meeting there are people of one side only."),
    "length_unusable": N_("Please choose a length between 10 minutes and 8 hours."),
    "language_unusable": N_("Please name the language in at most 60 letters."),
    "date_missing": N_("Please enter the date."),
    "time_missing": N_("Please enter the time."),
}

CUTS: dict[str, str] = {
    "newer_tab": N_("You opened the meeting in another tab. It goes on there."),
    "seat_taken": N_("Your place is now used on another device. The meeting goes on there."),
    "come_back": N_("One moment: you are being let in."),
    "removed": N_("The mediator has ended your connection."),
    "revoked": N_("Your link was replaced by a new one. Please use the newest link."),
    "session_locked": N_(
        "The mediator has closed the door for now. Please wait a moment and try again, or call."
    ),
    "left": N_("You have left the meeting. You can come back with the same link."),
    "restarting": N_("The service is restarting. You will be back in a moment."),
}
