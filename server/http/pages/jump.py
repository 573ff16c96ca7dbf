"""What the box that `/` or Ctrl-K opens finds while one types."""

from __future__ import annotations

from aiohttp import web

from server.domain.rights import Verb, scope
from server.domain.text import keepable
from server.http import nav
from server.http.forms import sent
from server.http.keys import USER
from server.http.pages.asked import context
from server.http.who import Route, Who
from server.services import jump
from server.words import gettext

MOST = 8
MOST_PAGES = 4


async def look(request: web.Request) -> web.Response:
    """`{"q": …}` → `{cases, people, pages}`, each a list of `{href, text, note}`.

    By POST: what is typed may be a number of somebody, which must not stand in an address.
    """
    typed = (await sent(request)).get("q", "")
    typed = typed.strip() if isinstance(typed, str) and keepable(typed) else ""
    user = request[USER]
    found = await jump.look(context(request), user, typed)
    cases = [_line(f"/cases/{case}", title, number) for case, title, number in found.cases]
    people = [_line(f"/cases?handler={person}", name, "") for person, name in found.people]
    places = [(place.path, gettext(place.text)) for place in nav.places(user)]
    if scope(user, Verb.CREATE_CASE):
        places.append(("/cases/new", gettext("New case")))
    here = [_line(path, text, "") for path, text in places if typed.lower() in text.lower()]
    pages = here[: min(MOST_PAGES, MOST - len(cases) - len(people))]
    return web.json_response({"cases": cases, "people": people, "pages": pages})


def _line(href: str, text: str, note: str) -> dict[str, str]:
    return {"href": href, "text": text, "note": note}


ROUTES = (Route("POST", "/jump", look, Who.STAFF, json=True),)
