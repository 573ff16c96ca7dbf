"""Deciding: why a matter is refused, who is proposed and why, what a side said."""

from __future__ import annotations

from enum import StrEnum

from server.domain.assignment import Answer
from server.domain.conflict import Ground
from server.domain.proposal import Reason
from server.domain.refusal import Elsewhere, RefusalGround
from server.domain.screening import Advice, Authority, Capacity, Equipment, Told
from server.services.refusing import GROUNDS, REMEDIES
from server.words import N_

LABELS: dict[type[StrEnum], dict[str, str]] = {
    RefusalGround: {**GROUNDS},
    Elsewhere: {**REMEDIES},
    Reason: {
        Reason.ALL_WISH: N_("All sides wish for this person"),
        Reason.ONE_WISHES: N_("One side wishes for this person"),
        Reason.EXPERT: N_("Knows this type of dispute"),
        Reason.SPEAKS: N_("Speaks the language wanted"),
        Reason.SAME_UNIT: N_("Works at the unit of this matter"),
        Reason.NEAR: N_("Works nearby"),
        Reason.FREE: N_("Has no open case"),
    },
    Ground: {
        Ground.SAME_NAME: N_("Has the same name as"),
        Ground.OWN_UNIT: N_("Works at"),
        Ground.COLLEAGUE: N_("Has a colleague with the same name as"),
        Ground.REPRESENTED: N_("Spoke in another matter for"),
        Ground.ADVISED: N_("Has advised"),
        Ground.HANDLED: N_("Has handled another matter of"),
    },
    Answer: {
        Answer.ACCEPTED: N_("Took it on"),
        Answer.DECLINED: N_("Declined"),
        Answer.DISCLOSED: N_("Knows one of the people"),
        Answer.TAKEN_BACK: N_("Taken back"),
    },
    Told: {
        Told.NOT_ASKED: N_("Not asked yet"),
        Told.NO: N_("No"),
        Told.UNSURE: N_("Unsure, or evasive"),
        Told.YES: N_("Yes"),
    },
    Capacity: {
        Capacity.NOT_ASKED: N_("Not asked yet"),
        Capacity.FULL: N_("Follows and decides well"),
        Capacity.HELPED: N_("With somebody's help"),
        Capacity.DOUBTFUL: N_("Doubtful"),
    },
    Authority: {
        Authority.NOT_ASKED: N_("Not asked yet"),
        Authority.OWN: N_("Decides alone"),
        Authority.ASKS: N_("Has to ask somebody first"),
        Authority.NONE: N_("May not settle"),
    },
    Equipment: {
        Equipment.NOT_ASKED: N_("Not asked yet"),
        Equipment.OWN: N_("Has a phone or computer with camera, and a network"),
        Equipment.HELPED: N_("Somebody lends or holds the phone"),
        Equipment.PUBLIC_PLACE: N_("Has none: needs a public place"),
    },
    Advice: {
        Advice.SHUTTLE: N_("Make this case shuttle-only: the sides then never share a room."),
        Advice.POLICE: N_(
            "Violence was mentioned. Ask whether this person is safe now, and tell them of 110 and "
            "the help there is here. They can ask the court for a protection order."
        ),
        Advice.ASK_AGAIN: N_("Ask again at another time, when nobody is near."),
        Advice.GUARDIAN: N_(
            "See that somebody is there who may help or speak for this person, and go slowly."
        ),
        Advice.AUTHORISE: N_(
            "See that whoever decides is there, or gives a written authority, before the meeting."
        ),
        Advice.PLACE: N_(
            "Offer a public place with the equipment, at your office or the village office, "
            "or another time."
        ),
        Advice.INTERPRETER: N_("Book an interpreter for the meeting."),
        Advice.ALONE: N_("Ask before the meeting who is in the room, and agree on the code word."),
    },
}
