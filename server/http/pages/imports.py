"""Importing: send a table, see what is wrong with it, bring the good rows in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiohttp import web

from server.domain.errors import Refused
from server.domain.ids import ImportId
from server.domain.importing import GOING, LARGEST, ImportKind
from server.http import uploads
from server.http.keys import USER
from server.http.pages.asked import context
from server.http.pages.documents import attachment
from server.http.templates import redirect, render, sentence
from server.http.who import Route, Who
from server.security.ids import new_secret_id
from server.services import imports
from server.services.importing import tables
from server.services.importing.columns import REASON, Column, ColumnsMissing
from server.services.imports import BadRow
from server.words import gettext as _

WRITERS = {
    "csv": ("text/csv; charset=utf-8", tables.as_csv),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        tables.as_excel,
    ),
}


async def overview(request: web.Request) -> web.Response:
    ctx, user = context(request), request[USER]
    jobs = await imports.listing(ctx, user)
    return render(request, "imports.html", jobs=jobs, kinds=imports.kinds(user))


async def new(request: web.Request) -> web.Response:
    return _form(request, _kind(request.query.get("what", "")))


async def send(request: web.Request) -> web.Response:
    ctx, user = context(request), request[USER]
    if not imports.kinds(user):
        raise Refused("not_allowed")
    try:
        fields, files = await uploads.read(request, LARGEST)
    except uploads.UploadRefused as refused:
        what = _kind(refused.fields.get("what", ""))
        return _form(request, what, wrong=refused.code)
    what, key = _kind(fields.get("what", "")), fields.get("key", "")
    if what is None:
        return _form(request, None, wrong="import_kind_missing", key=key)
    if not files:
        return _form(request, what, wrong="file_missing", key=key)
    try:
        job = await imports.make(ctx, user, what, files[0].chunks(), key)
    except ColumnsMissing as missing:
        return _form(request, what, wrong=missing.code, missing=missing.columns, key=key)
    except Refused as refused:
        return _form(request, what, wrong=refused.code, key=key)
    return redirect(f"/imports/{job}")


def _form(
    request: web.Request,
    what: ImportKind | None,
    *,
    wrong: str = "",
    missing: Sequence[Column] = (),
    key: str = "",
) -> web.Response:
    kinds = imports.kinds(request[USER])
    if not kinds or (what is not None and what not in kinds):
        raise Refused("not_allowed")
    return render(
        request,
        "import_new.html",
        status=422 if wrong else 200,
        kinds=kinds,
        what=what or kinds[0],
        columns=imports.columns(what or kinds[0]),
        wrong=wrong,
        missing=missing,
        key=key[:64] or new_secret_id(),
    )


async def job_page(request: web.Request) -> web.Response:
    found = await imports.page(context(request), request[USER], _job_id(request))
    going = found.job.state in GOING
    headings = {c.name: c.heading for c in imports.columns(found.job.what)}
    return render(request, "import_job.html", page=found, going=going, headings=headings)


async def start(request: web.Request) -> web.Response:
    await imports.start(context(request), request[USER], _job_id(request))
    return redirect(f"/imports/{_job_id(request)}")


async def template(request: web.Request) -> web.Response:
    """A table with nothing but the headings, in the reader's language."""
    what, form = _kind(request.match_info["what"]), request.match_info["form"]
    if what is None:
        raise Refused("not_found")
    imports.require(request[USER], what)
    headings = [_(column.heading) for column in imports.columns(what)]
    return await _table(f"{what}-template", form, [headings])


async def errors(request: web.Request) -> web.Response:
    """The bad rows, each with what is wrong with it: to be mended and sent again."""
    ctx, user, form = context(request), request[USER], request.match_info["form"]
    columns, rows = await imports.bad_rows(ctx, user, _job_id(request))
    headings = {column.name: _(column.heading) for column in columns}
    lines = [[*headings.values(), _(REASON)]]
    lines += [[*row.cells, _reasons(row, headings)] for row in rows]
    return await _table("bad-rows", form, lines)


def _reasons(row: BadRow, headings: dict[str, str]) -> str:
    said = [
        f"{headings.get(column, column)}: {sentence(code)}" for column, code in row.wrong.items()
    ]
    return " ".join(said)


async def _table(name: str, form: str, lines: Sequence[Sequence[str]]) -> web.Response:
    if form not in WRITERS:
        raise Refused("not_found")
    media_type, write = WRITERS[form]
    body = await asyncio.to_thread(write, lines)
    return web.Response(body=body, headers=attachment(f"{name}.{form}", media_type))


def _kind(said: str) -> ImportKind | None:
    return ImportKind(said) if said in set(ImportKind) else None


def _job_id(request: web.Request) -> ImportId:
    return ImportId(request.match_info["job"])


ROUTES = (
    Route("GET", "/imports", overview, Who.STAFF),
    Route("GET", "/imports/new", new, Who.STAFF),
    Route("POST", "/imports", send, Who.STAFF, upload=True),
    Route("GET", "/imports/templates/{what}.{form}", template, Who.STAFF),
    Route("GET", "/imports/{job}", job_page, Who.STAFF),
    Route("POST", "/imports/{job}/start", start, Who.STAFF),
    Route("GET", "/imports/{job}/errors.{form}", errors, Who.STAFF),
)
