"""What was sent to whom: the log, and a case's own part of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from aiohttp import web

from server.domain.errors import Refused
from server.domain.ids import PartyId
from server.domain.notice import Channel, Filter, NoticeName, NoticeState
from server.domain.rights import Verb, scope
from server.domain.user import User
from server.http.forms import posted, text
from server.http.keys import USER
from server.http.pages.asked import case_id, context
from server.http.pages.section import Section
from server.http.templates import redirect, render
from server.http.who import About, Route, Who
from server.security.ids import new_secret_id
from server.services import notice_log
from server.services.cases import CasePage
from server.services.context import Context
from server.services.notice_log import OfCase
from server.words import N_

E = TypeVar("E", bound=StrEnum)

DONE: dict[str, str] = {
    "notice_again": N_("The notice is sent once more."),
    "notice_told": N_("It is written down that they have been told."),
    "notice_language": N_("The language is kept; the next notice is written in it."),
}


async def log(request: web.Request) -> web.Response:
    """For those who read cases, what was sent; for administrators, how sending does."""
    ctx, user = context(request), request[USER]
    reads, manages = scope(user, Verb.READ_CASE), scope(user, Verb.MANAGE)
    if not reads and not manages:
        raise Refused("not_allowed")
    wanted = Filter(
        state=_word(request, "state", NoticeState),
        channel=_word(request, "channel", Channel),
        template=_word(request, "template", NoticeName),
    )
    page = None
    if reads:
        page = await notice_log.listing(ctx, user, wanted, request.query.get("before", ""))
    ways, given_up = await notice_log.health(ctx)
    return render(
        request,
        "notices/log.html",
        found=page,
        wanted=wanted,
        older=_older(request, page.older) if page and page.older else "",
        ways=ways,
        given_up=given_up,
        manages=bool(manages),
        states=NoticeState,
        channels=Channel,
        templates=NoticeName,
    )


def _word(request: web.Request, name: str, words: type[E]) -> E | None:
    """A word that was chosen; what is none of them counts as none."""
    value = request.query.get(name, "")
    return words(value) if value in set(words) else None


def _older(request: web.Request, before: str) -> str:
    query = {name: value for name, value in request.query.items() if value and name != "before"}
    return "?" + urlencode(query | {"before": before})


async def again(request: web.Request) -> web.Response:
    data = await posted(request)
    case, notice = case_id(request), request.match_info["notice"]
    key = text(data, "key")
    await notice_log.again(context(request), request[USER], case, notice, key)
    return redirect(f"/cases/{case}?done=notice_again#notices")


async def told(request: web.Request) -> web.Response:
    case, notice = case_id(request), request.match_info["notice"]
    await notice_log.told(context(request), request[USER], case, notice)
    return redirect(f"/cases/{case}?done=notice_told#notices")


async def language(request: web.Request) -> web.Response:
    data, case = await posted(request), case_id(request)
    party = PartyId(request.match_info["party"])
    chosen = text(data, "language")
    await notice_log.choose_language(context(request), request[USER], case, party, chosen)
    return redirect(f"/cases/{case}?done=notice_language#notices")


@dataclass(frozen=True, slots=True)
class CaseNotices:
    """`key` makes each form on the page one thing, however often it is sent."""

    found: OfCase
    key: str = field(default_factory=new_secret_id)


async def _of_case(ctx: Context, user: User, page: CasePage) -> CaseNotices | None:
    found = await notice_log.of_case(ctx, user, page)
    return CaseNotices(found) if found.notices or found.may_send else None


SECTION = Section("notices", "case/notices.html", _of_case)

ROUTES = (
    Route("GET", "/notices", log, Who.STAFF),
    Route(
        "POST",
        "/cases/{case}/notices/{notice}/again",
        again,
        Who.STAFF,
        Verb.WORK,
        About.CASE,
    ),
    Route(
        "POST",
        "/cases/{case}/notices/{notice}/told",
        told,
        Who.STAFF,
        Verb.WORK,
        About.CASE,
    ),
    Route(
        "POST",
        "/cases/{case}/notices/language/{party}",
        language,
        Who.STAFF,
        Verb.WORK,
        About.CASE,
    ),
)
