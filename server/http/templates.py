"""Pages from templates: what every page knows, in the language of the request."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aiohttp import hdrs, web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from yarl import URL

from server.domain.rights import Verb, scope
from server.http import dates, labels, nav, sizes
from server.http.keys import ASSETS, CTX, LANGUAGE, NONCE, TEMPLATES, USER
from server.http.qr import qr
from server.sentences import refusal
from server.words import gettext, ngettext

FOLDER = Path(__file__).parents[2] / "web/templates"


def environment() -> Environment:
    """Everything is escaped; a name that isn't given is an error and not an empty place."""
    env = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(qr=qr, label=labels.label, said=said, sentence=sentence)
    env.filters.update(when=dates.when, day=dates.day, clock=dates.clock, minutes=dates.minutes)
    env.filters["short_day"] = dates.short_day
    env.filters["week_day"] = dates.week_day
    env.filters["zone_name"] = dates.zone_name
    env.filters["size"] = sizes.size
    return env


def said(text: str) -> str:
    """A message that was kept in a table, in the reader's language."""
    return gettext(text)


def sentence(code: str) -> str:
    """What a refusal's code means, in the reader's language."""
    return gettext(refusal(code))


def render(request: web.Request, name: str, *, status: int = 200, **values: Any) -> web.Response:
    text = request.app[TEMPLATES].get_template(name).render(_common(request) | values)
    return web.Response(text=text, content_type="text/html", status=status)


def redirect(location: str) -> web.Response:
    """After a form: see the page that shows what it did."""
    return web.Response(status=303, headers={hdrs.LOCATION: location})


def _common(request: web.Request) -> dict[str, Any]:
    ctx, user = request.app[CTX], request.get(USER)
    return {
        "assets": request.app[ASSETS],
        "nonce": request[NONCE],
        "language": request[LANGUAGE],
        "user": user,
        "may_read": user is not None and bool(scope(user, Verb.READ_CASE)),
        "may_create": user is not None and bool(scope(user, Verb.CREATE_CASE)),
        "places": nav.places(user) if user is not None else [],
        "path": request.path,
        "other_language": _switched(request),
        "help_phone": ctx.settings.help_phone,
        "now": ctx.clock(),
    }


def _switched(request: web.Request) -> str:
    """This page in the other language; where a form was sent, its address shows the form again."""
    other = "zh" if request[LANGUAGE] == "en" else "en"
    return str(URL(request.path).with_query({**request.query, "lang": other}))
