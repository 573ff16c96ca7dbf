"""The list of cases, its filters and its search."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qsl, urlencode

from aiohttp import web

from server.domain.case import CaseStatus, Difficulty, DisputeType, Source
from server.domain.errors import Refused
from server.domain.listing import BUILT_IN, ME, NOBODY, Column, Due, Sort, Wanted, read, written
from server.domain.rights import Verb
from server.domain.search import of_a_person
from server.domain.user import StaffRole
from server.http.forms import posted, text
from server.http.keys import USER
from server.http.labels.finding import BUILT_IN as NAMES
from server.http.pages.asked import context
from server.http.templates import redirect, render
from server.http.who import Route, Who
from server.security.ids import new_secret_id
from server.services import bulk, finding
from server.services.cases import HANDLERS
from server.services.finding import Found
from server.words import N_

SAID = {
    "saved": N_("The list is saved. You find it above, under its name."),
    "forgotten": N_("The saved list is deleted. The cases in it are as they were."),
    "number": N_(
        "Type ID numbers and telephones into the search box: they are looked for without standing "
        "in an address, where others could read them."
    ),
    "undone": N_("Undone. Cases that somebody has changed since were left as they are."),
    "too_late": N_("This can't be undone any more. Nothing was changed."),
}


def address(pairs: list[tuple[str, str]], path: str = "/cases") -> str:
    return path + (f"?{urlencode(pairs)}" if pairs else "")


async def case_list(request: web.Request) -> web.Response:
    wanted = read(request.query.items())
    if of_a_person(wanted.text):
        # Addresses are kept in many places: such a number is looked for by a form only.
        return redirect("/cases?said=number")
    after = request.query.get("after", "")
    found = await finding.find(context(request), request[USER], wanted, after)
    return await show(request, wanted, found, after=after)


async def find(request: web.Request) -> web.Response:
    """Words become an address to come back to; numbers of persons never do."""
    data = await posted(request)
    wanted = read((name, str(value)) for name, value in data.items())
    number = of_a_person(wanted.text)
    if not number:
        return redirect(address(written(wanted)))
    rest = read(pair for pair in written(wanted) if pair[0] != "text")
    found = await finding.find_number(context(request), request[USER], number, rest)
    return await show(request, rest, found, typed=wanted.text)


async def save(request: web.Request) -> web.Response:
    data = await posted(request)
    name, query = text(data, "name"), text(data, "query")
    wanted = read(parse_qsl(query))
    if of_a_person(wanted.text):
        # A saved list is an address too.
        return redirect("/cases?said=number")
    try:
        await finding.save(context(request), request[USER], name, wanted)
    except Refused as refused:
        found = await finding.find(context(request), request[USER], wanted)
        return await show(request, wanted, found, problem=refused.code, name=name)
    return redirect(address([*written(wanted), ("said", "saved")]))


async def forget(request: web.Request) -> web.Response:
    data = await posted(request)
    await finding.forget(context(request), request[USER], text(data, "filter"))
    return redirect("/cases?said=forgotten")


async def show(
    request: web.Request,
    wanted: Wanted,
    found: Found,
    *,
    after: str = "",
    typed: str = "",
    problem: str = "",
    name: str = "",
    ticked: Collection[str] = (),
    change: str = "",
) -> web.Response:
    """The page. `typed`: the number that was looked for, which stands in no address; `ticked` and
    `change`: what was to be changed, and is not yet.
    """
    return render(
        request,
        "cases.html",
        status=422 if problem else 200,
        wanted=wanted,
        found=found,
        first=not after,
        after=after,
        ticked=ticked,
        change=change,
        typed=typed,
        counted=finding.COUNTED,
        choices=await finding.choices(context(request), request[USER], wanted),
        said_code=SAID.get(request.query.get("said", ""), ""),
        problem_code=problem,
        list_name=name,
        words=WORDS,
        **_addresses(wanted, found),
        **await _deeds(request),
    )


def _addresses(wanted: Wanted, found: Found) -> dict[str, Any]:
    """Of this list, of its next page and of the lists that everybody has."""
    pairs = written(wanted)
    return {
        "query": urlencode(pairs),
        "here": address(pairs),
        "next_page": address([*pairs, ("after", found.after)]) if found.after else "",
        "filters": _filters(wanted),
        "filters_set": sum(name not in ("text", "sort", "column") for name, _ in pairs),
    }


async def _deeds(request: web.Request) -> dict[str, Any]:
    """What this user may do with what is listed, and what was just done."""
    ctx, user = context(request), request[USER]
    done = await bulk.told(ctx, user, request.query.get("bulk", ""))
    return {
        "may_bulk": finding.may_bulk(user),
        "may_export": finding.may_export(user),
        "clerks": await bulk.takers(ctx, user, (StaffRole.CLERK,)),
        "mediators": await bulk.takers(ctx, user, HANDLERS),
        "key": new_secret_id(),
        "done": done,
        "undoable": done is not None and done[0].undoable(ctx.clock()),
    }


WORDS: dict[str, Any] = {
    "statuses": CaseStatus,
    "types": DisputeType,
    "sources": Source,
    "difficulties": Difficulty,
    "dues": Due,
    "sorts": Sort,
    "columns": Column,
    "me": ME,
    "nobody": NOBODY,
}
"""What the template chooses from."""


def _filters(wanted: Wanted) -> list[tuple[str, str, bool]]:
    """Those that everybody has: address, name (not yet translated), whether it is this one."""
    every: dict[str, Wanted] = {"": Wanted()} | BUILT_IN
    names = {"": N_("All cases")} | NAMES
    return [
        (address(written(filter_)), names[key], written(filter_) == written(wanted))
        for key, filter_ in every.items()
    ]


ROUTES = (
    Route("GET", "/cases", case_list, Who.STAFF, Verb.READ_CASE),
    Route("POST", "/cases/find", find, Who.STAFF, Verb.READ_CASE),
    Route("POST", "/cases/filters", save, Who.STAFF, Verb.READ_CASE),
    Route("POST", "/cases/filters/forget", forget, Who.STAFF, Verb.READ_CASE),
)
