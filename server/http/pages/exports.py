"""The list of cases as a file."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl

from aiohttp import web

from server.domain.errors import Refused
from server.domain.export import ExportWhy, checked_why
from server.domain.listing import Column, Wanted, read, written
from server.domain.party import Details
from server.domain.rights import Verb
from server.domain.search import of_a_person
from server.http.confirm import ask, confirmed
from server.http.forms import posted, text
from server.http.keys import USER
from server.http.labels import label
from server.http.pages.asked import context
from server.http.pages.case_list import address
from server.http.sheet import KINDS, Sheet, Xlsx
from server.http.templates import redirect, render
from server.http.who import Route, Who
from server.services import exports, finding
from server.services.exports import Exported
from server.words import gettext as _

PATH = "/cases/export"


async def export_page(request: web.Request) -> web.Response:
    wanted = read(request.query.items())
    if of_a_person(wanted.text):
        return redirect("/cases?said=number")
    if not await confirmed(request):
        return ask(address(written(wanted), PATH))
    return await _form(request, wanted)


async def export(request: web.Request) -> web.StreamResponse:
    data = await posted(request)
    ctx, user = context(request), request[USER]
    asked = [pair for pair in parse_qsl(text(data, "query")) if pair[0] != "column"]
    columns = [("column", str(column)) for column in data.getall("column", [])]
    wanted = read([*asked, *columns])
    if of_a_person(wanted.text):
        return redirect("/cases?said=number")
    if not await confirmed(request):
        return ask(address(written(wanted), PATH))
    sealed = "sealed" in data
    kind = KINDS.get(text(data, "kind"), Xlsx)
    try:
        why = checked_why(text(data, "why"))
        await exports.begin(ctx, user, wanted, why, kind.ending, sealed)
    except Refused as refused:
        if refused.code == "not_allowed":
            raise
        return await _form(request, wanted, refused.code)
    with kind() as sheet:
        return await _send(request, wanted, why, sheet, sealed)


async def _send(
    request: web.Request, wanted: Wanted, why: ExportWhy, sheet: Sheet, sealed: bool
) -> web.StreamResponse:
    ctx, user = context(request), request[USER]
    name = f"heyi-cases-{await exports.today(ctx, user):%Y-%m-%d}.{sheet.ending}"
    response = web.StreamResponse(
        headers={
            "Content-Type": f"{sheet.media_type}; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{name}"',
        }
    )
    await response.prepare(request)
    await response.write(sheet.rows([_head(wanted, sealed)]))
    async for chunk in exports.lines(ctx, user, wanted, why, sealed):
        rows = (row for exported in chunk for row in _rows(exported, wanted, sealed))
        await response.write(sheet.rows(rows))
    await response.write(sheet.end())
    await response.write_eof()
    return response


async def _form(request: web.Request, wanted: Wanted, problem: str = "") -> web.Response:
    ctx, user = context(request), request[USER]
    return render(
        request,
        "export.html",
        status=422 if problem else 200,
        wanted=wanted,
        query=address(written(wanted), ""),
        here=address(written(wanted)),
        count=await exports.count(ctx, user, wanted),
        counted=finding.COUNTED,
        columns=Column,
        reasons=ExportWhy,
        kinds=list(KINDS),
        may_see_sealed=exports.may_see_sealed(user),
        problem_code=problem,
    )


# ---- what stands in the file --------------------------------------------------------------------


def _head(wanted: Wanted, sealed: bool) -> list[str]:
    names = [_("Case"), *(label(column) for column in wanted.columns)]
    if sealed:
        names += [_("Party"), _("ID number"), _("Telephone"), _("Address")]
    return names


def _rows(exported: Exported, wanted: Wanted, sealed: bool) -> Iterator[list[str]]:
    """One row a case; with what is sealed, one row a party."""
    line = exported.line
    cells = [line.title, *(_cell(exported, column) for column in wanted.columns)]
    if not sealed:
        yield cells
        return
    for name, details in exported.people or (("", Details()),):
        yield [*cells, name, details.id_number, details.phone, details.address]


def _cell(exported: Exported, column: Column) -> str:
    line = exported.line
    match column:
        case Column.NUMBER:
            return line.number
        case Column.PARTIES:
            return "、".join(line.parties)
        case Column.TYPE:
            return label(line.dispute_type)
        case Column.STATUS:
            return label(line.status)
        case Column.DIFFICULTY:
            return label(line.difficulty)
        case Column.SOURCE:
            return label(line.source)
        case Column.HANDLERS:
            return "、".join(line.handlers)
        case Column.ORGANISATION:
            return line.place
        case Column.CAME_IN:
            return f"{line.came_in.astimezone(line.zone):%Y-%m-%d}"
        case Column.ACCEPTED:
            return line.accepted_on.isoformat() if line.accepted_on else ""
        case Column.DUE:
            return line.due_on.isoformat() if line.due_on else ""
        case Column.MEETING:
            at = line.next_meeting
            return f"{at.astimezone(line.zone):%Y-%m-%d %H:%M}" if at else ""


ROUTES = (
    Route("GET", PATH, export_page, Who.STAFF, Verb.EXPORT),
    Route("POST", PATH, export, Who.STAFF, Verb.EXPORT),
)
