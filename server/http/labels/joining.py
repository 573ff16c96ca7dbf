"""The way to a seat, for who helps somebody there: where they are, what to say to them."""

from __future__ import annotations

from server.domain.progress import Fault
from server.services.helping import Stand
from server.words import N_

STANDS: dict[Stand, tuple[str, str]] = {
    Stand.NOT_OPENED: (
        N_("The link has not been opened yet."),
        N_(
            "Ask them to find the message with the invitation and to tap the link in it. If they "
            "can't find the message, call the number below: it can be sent again."
        ),
    ),
    Stand.LANDING: (
        N_("The link is open, at the first page."),
        N_("Ask them to tap the large button “Join” at the bottom."),
    ),
    Stand.DEVICES: (
        N_("At the check of microphone and camera."),
        N_(
            "The browser asks for the microphone and the camera: ask them to tap “Allow”, and then "
            "the large button “Continue”."
        ),
    ),
    Stand.DOOR: (
        N_("The meeting is locked for now; the page waits outside."),
        N_(
            "Nothing is to be done. The mediator sees it; the page goes in by itself as soon as "
            "the door opens, and must stay open."
        ),
    ),
    Stand.NAME: (
        N_("The page asks for the name."),
        N_("Ask them to type their name and tap “Continue”."),
    ),
    Stand.CONSENT: (
        N_("In the lobby. One thing is left to read there."),
        N_(
            "Ask them to read the text on the page in peace, and to tap “I agree” if they do. They "
            "decide this themselves; nobody can do it for them."
        ),
    ),
    Stand.LOBBY: (
        N_("In the lobby. Everything is ready."),
        N_("Nothing is left to do. The mediator lets them in; the page must stay open."),
    ),
    Stand.INSIDE: (
        N_("Inside the meeting."),
        N_("Everything is done. What is said there is confidential, also for you."),
    ),
    Stand.LOST: (
        N_("The connection is lost, or the page was closed."),
        N_(
            "The place is kept. Ask them to look at the page again, or to tap the link in the "
            "message once more. If it doesn't come back: switch Wi-Fi off and on."
        ),
    ),
    Stand.OVER: (N_("The meeting is over."), N_("Nothing is left to do.")),
    Stand.CANCELLED: (
        N_("The meeting was cancelled."),
        N_("It will not take place. The committee will tell them how it goes on."),
    ),
}
"""What is, and what to say to the person."""

FAULTS: dict[Fault, tuple[str, str]] = {
    Fault.INSECURE: (
        N_("The page was opened without a secure connection, so there is no microphone or camera."),
        N_("Ask them to open the link exactly as it was sent, by tapping it in the message."),
    ),
    Fault.UNSUPPORTED: (
        N_("This browser can't carry voice and picture."),
        N_(
            "Ask them to tap “Copy the link” on the page and to open it in Safari, Chrome or the "
            "newest WeChat; or to use another phone."
        ),
    ),
    Fault.DENIED: (
        N_("The microphone and the camera are blocked."),
        N_(
            "The steps for this phone stand on their page. Read them out one by one, and then ask "
            "them to tap “Try again”."
        ),
    ),
    Fault.MISSING: (
        N_("No microphone was found."),
        N_("Ask them to plug in a headset, or to open the link on a phone."),
    ),
    Fault.BUSY: (
        N_("Another program has the microphone or the camera."),
        N_("Ask them to end other calls, to close other programs, and to tap “Try again”."),
    ),
    Fault.CAMERA_DENIED: (
        N_("The microphone works; the camera is blocked."),
        N_("They can go on with sound only, or follow the steps on their page."),
    ),
    Fault.CAMERA_MISSING: (
        N_("The microphone works; there is no camera."),
        N_("They can go on with sound only."),
    ),
    Fault.CAMERA_BUSY: (
        N_("The microphone works; another program has the camera."),
        N_("They can go on with sound only, or close the other program and tap “Try again”."),
    ),
    Fault.NO_SOUND: (
        N_("The sound that was played was not heard."),
        N_("Ask them to make it louder with the keys at the side, and to unplug headphones."),
    ),
    Fault.NO_WAY: (
        N_("The network lets neither voice nor picture through."),
        N_("Ask them to change between Wi-Fi and mobile data, and then to tap “Try again”."),
    ),
}
"""What stands in the way, and what to say to the person."""
