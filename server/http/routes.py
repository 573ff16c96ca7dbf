"""Every route, one row each, page by page. The rights of each row are tested from this table."""

from __future__ import annotations

from server.http import entrance, seat, service
from server.http.pages import booking, case, case_list, intake, meeting, today
from server.http.who import Route

PAGES = (
    entrance,
    today,
    case_list,
    intake,
    case,
    booking,
    meeting,
    seat,
    service,
)

ROUTES: tuple[Route, ...] = tuple(route for page in PAGES for route in page.ROUTES)
