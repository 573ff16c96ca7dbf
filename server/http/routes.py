"""Every route, one row each, page by page. The rights of each row are tested from this table."""

from __future__ import annotations

from server.http import entrance, measures, seat, service
from server.http.pages import (
    apply,
    booking,
    bulk,
    calendar,
    case,
    case_list,
    closing,
    confirm,
    deciding,
    documents,
    exports,
    extensions,
    helper,
    home,
    imports,
    intake,
    invite,
    joining,
    jump,
    leaving,
    mediators,
    meeting,
    notes,
    notice_wordings,
    notices,
    offers,
    organisations,
    parties,
    people,
    profile,
    reports,
    screening,
    statement,
    status,
    timeline,
    today,
    workdays,
)
from server.http.room import exhibits, messages, phone, releases, texts
from server.http.room import mediator as mediator_photo
from server.http.room import notes as room_notes
from server.http.room import progress as room_progress
from server.http.who import Route

PAGES = (
    home,
    entrance,
    apply,
    status,
    confirm,
    today,
    case_list,
    exports,
    jump,
    bulk,
    intake,
    case,
    deciding,
    offers,
    screening,
    parties,
    statement,
    calendar,
    booking,
    meeting,
    seat,
    service,
    measures,
    documents,
    reports,
    notices,
    notice_wordings,
    notes,
    extensions,
    closing,
    joining,
    timeline,
    workdays,
    imports,
    organisations,
    people,
    leaving,
    profile,
    invite,
    mediators,
    helper,
)

ROOM = (exhibits, messages, room_notes, releases, texts, mediator_photo, room_progress, phone)

ROUTES: tuple[Route, ...] = tuple(route for page in (*PAGES, *ROOM) for route in page.ROUTES)
