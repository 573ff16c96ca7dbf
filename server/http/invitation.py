"""The message that brings a link. It says who invites, when and whom to call.

A bare link looks like fraud, and people do well not to open it.
"""

from __future__ import annotations

from datetime import timedelta

from server.domain.seating import SessionPurpose
from server.http import dates
from server.services.meetings import SessionPage
from server.services.seat_lines import SeatLine
from server.words import gettext as _


def invitation(page: SessionPage, seat: SeatLine, *, mediator: str, phone: str) -> str:
    """Plain text to paste, in the language being spoken."""
    lines = [_("Dear %(name)s,", name=seat.name), *_what(page, mediator)]
    lines += [
        _(
            "Time: %(time)s, about %(minutes)s minutes",
            time=dates.when(page.starts_at, page.organisation.zone),
            minutes=page.length // timedelta(minutes=1),
        ),
        _("Open this link on your phone; there is nothing to install:"),
        seat.link or "",
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


def _what(page: SessionPage, mediator: str) -> list[str]:
    where = page.organisation.name
    if page.purpose is SessionPurpose.PREPARATION:
        return [
            _(
                "%(mediator)s, mediator at %(organisation)s, invites you to a private talk "
                "by video before the meeting. The other side is not there.",
                mediator=mediator,
                organisation=where,
            )
        ]
    return [
        _(
            "%(mediator)s, mediator at %(organisation)s, invites you to a mediation by video.",
            mediator=mediator,
            organisation=where,
        )
    ]
