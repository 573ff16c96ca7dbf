"""The message that brings a link. It says who invites, when and whom to call.

A bare link looks like fraud, and people do well not to open it.
"""

from __future__ import annotations

from datetime import datetime

from server.domain.organisation import Organisation
from server.http import dates
from server.words import gettext as _


def invitation(
    *, to: str, mediator: str, organisation: Organisation, phone: str, at: datetime, link: str
) -> str:
    """Plain text to paste, in the language being spoken."""
    lines = [
        _("Dear %(name)s,", name=to),
        _(
            "%(mediator)s, mediator at %(organisation)s, invites you to a mediation by video.",
            mediator=mediator,
            organisation=organisation.name,
        ),
        _("Time: %(time)s", time=dates.when(at, organisation.zone)),
        _("Open this link on your phone; there is nothing to install:"),
        link,
        _("The link is yours alone; please don't pass it on. You can try it before the day."),
    ]
    if phone:
        lines.append(
            _(
                "Not sure this message is genuine, or need help? Call the committee: %(phone)s",
                phone=phone,
            )
        )
    return "\n".join(lines)
