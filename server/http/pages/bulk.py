"""One change to all the cases that were ticked in the list, and *Undo*."""

from __future__ import annotations

from urllib.parse import parse_qsl

from aiohttp import web

from server.domain.errors import Refused
from server.domain.listing import read, written
from server.domain.rights import Verb
from server.http.forms import posted, text
from server.http.keys import USER
from server.http.pages.asked import context
from server.http.pages.case_list import address, show
from server.http.templates import redirect
from server.http.who import Route, Who
from server.services import bulk, finding

PROBLEMS = {"nothing_ticked", "too_many_ticked", "change_missing"}


async def change(request: web.Request) -> web.Response:
    data = await posted(request)
    filters = read(parse_qsl(text(data, "query")))
    chosen = [str(case) for case in data.getall("case", [])]
    wanted, key = text(data, "change"), text(data, "key")
    try:
        done = await bulk.do(context(request), request[USER], wanted, chosen, key)
    except Refused as refused:
        if refused.code not in PROBLEMS:
            raise
        after = text(data, "after")
        found = await finding.find(context(request), request[USER], filters, after)
        return await show(
            request, filters, found, after=after, problem=refused.code, ticked=chosen, change=wanted
        )
    return redirect(address([*written(filters), ("bulk", done)]))


async def undo(request: web.Request) -> web.Response:
    data = await posted(request)
    pairs = written(read(parse_qsl(text(data, "query"))))
    bulk_id = text(data, "bulk")
    if not await bulk.undo(context(request), request[USER], bulk_id):
        return redirect(address([*pairs, ("said", "too_late")]))
    return redirect(address([*pairs, ("bulk", bulk_id), ("said", "undone")]))


ROUTES = (
    Route("POST", "/cases/bulk", change, Who.STAFF, Verb.WORK),
    Route("POST", "/cases/bulk/undo", undo, Who.STAFF, Verb.WORK),
)
