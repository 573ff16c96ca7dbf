"""About who takes part in a matter, how it came in, and what it is about."""

from __future__ import annotations

from server.words import N_

REFUSALS: dict[str, str] = {
    "same_person_twice": N_(
        "This person is in the matter already: the ID number, or the name and the telephone, "
        "is the same. Please correct it, or leave one of the two out."
    ),
    "party_has_left": N_("This party has left the matter. Nothing was changed."),
    "party_booked": N_(
        "This party has a seat in a meeting that is planned or under way. Please cancel or finish "
        "the meeting first, then change the side. Nothing was changed."
    ),
    "last_party": N_(
        "This is the only party left. Please add another one first, or close the matter."
    ),
    "phone_unusable": N_(
        "This is no telephone number. Examples: 138 0000 0001, 0571-8888 6666, +852 9123 4567."
    ),
    "id_number_wrong": N_(
        "The last digit doesn't fit the others, so something is mistyped. "
        "Please compare the ID number with the card."
    ),
    "id_number_miscounted": N_("A resident's ID number has 18 digits. Please count again."),
    "id_number_birthday": N_(
        "Digits 7 to 14 are the birthday, and there is no such day. "
        "Please compare the ID number with the card."
    ),
    "id_number_unborn": N_("By this ID number the person is not born yet. Please look again."),
    "id_number_disagrees": N_("This ID number says something else than what is typed below."),
    "id_number_unusable": N_(
        "The number of an identity document has 4 to 20 letters and digits. "
        "Please type it as it stands there."
    ),
    "credit_code_wrong": N_(
        "The last character doesn't fit the others, so something is mistyped. "
        "Please compare the credit code with the licence."
    ),
    "born_in_future": N_("This day has not come yet. Please enter the day of birth."),
    "born_unusable": N_("Please enter the day of birth, like 1980-05-01."),
    "born_disagrees": N_("The ID number says another day of birth."),
    "sex_disagrees": N_("The ID number says otherwise."),
    "sex_unusable": N_("Please choose one of the two, or leave it open."),
    "email_unusable": N_("An e-mail address looks like name@example.com."),
    "address_unusable": N_("Please enter an address of at most 200 letters, in one line."),
    "ethnicity_unusable": N_("Please enter at most 50 letters."),
    "occupation_unusable": N_("Please enter at most 50 letters."),
    "only_of_persons": N_("Organisations have none. Please leave it empty, or choose Person."),
    "speaker_kind_missing": N_("Please choose what they are to the party."),
    "power_missing": N_("Please choose what they may do."),
    "until_unusable": N_("Please enter a day that has not passed, or leave it empty."),
    "power_has_ended": N_("This person doesn't speak for the party any more. Add them again."),
    "source_missing": N_("Please choose how the matter came in."),
    "reference_missing": N_("Please enter the reference of whoever passed it on."),
    "reference_unusable": N_("Please enter a reference of at most 100 letters."),
    "reference_known": N_("This reference has come in before. Nothing new was made of it."),
    "referred_by_missing": N_("Please enter who passed it on."),
    "referred_by_unusable": N_("Please enter a name of at most 200 letters."),
    "received_unusable": N_("Please enter a day within the last year, not after today."),
    "mediator_elsewhere": N_(
        "This mediator doesn't work at the organisation chosen. Please choose another of the two."
    ),
    "you_may_know": N_(
        "A name in this matter is one you may know. If you have made sure that it is another "
        "person of the same name, say so below; else somebody else has to take the matter in."
    ),
    "mediator_may_know": N_(
        "A name in this matter is one this mediator may know. Please decide about the mediator "
        "later: on the case's page you can say that it is somebody else of that name."
    ),
    "accept_first": N_(
        "A matter is given to a mediator when it is accepted. "
        "Please tick “Accept at once”, or decide about the mediator later."
    ),
    "organisation_not_yours": N_("Please choose one of the organisations offered."),
    "regime_numbered": N_(
        "The number of this matter says which kind of mediation it is, so this stays as it is."
    ),
    "edited_meanwhile": N_(
        "Somebody else has changed this meanwhile. Nothing of yours is lost: both versions are "
        "shown side by side. Please decide and save again."
    ),
}
