"""Notes, calls and visits of a case, on its page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from server.domain.errors import Refused
from server.domain.ids import NoteId
from server.domain.note import NoteKind, Readers
from server.domain.rights import Verb
from server.domain.user import User
from server.http.forms import Data, Form, key_of, posted, text
from server.http.keys import USER
from server.http.pages.asked import case_id, context
from server.http.pages.section import Section
from server.http.templates import redirect, render
from server.http.who import About, Route, Who
from server.services import cases, notes
from server.services.cases import CasePage
from server.services.context import Context
from server.words import N_

ID = "notes"
FIRST = 5
"""How many are shown at once; the others open below them."""

DONE = {
    "noted": N_("It is written down."),
    "note_struck": N_("The note is struck out. It can still be read."),
}


@dataclass(slots=True)
class NoteForm(Form):
    kind: str = NoteKind.NOTE
    readers: str = Readers.HANDLERS
    body: str = ""
    kinds: tuple[NoteKind, ...] = field(default=tuple(NoteKind))
    circles: tuple[Readers, ...] = field(default=tuple(Readers))

    @classmethod
    def read(cls, data: Data) -> NoteForm:
        return cls(
            key=key_of(data),
            kind=text(data, "kind"),
            readers=text(data, "readers"),
            body=text(data, "body"),
        )


async def _load(ctx: Context, user: User, page: CasePage) -> dict[str, Any]:
    found = await notes.listed(ctx, user, page.case.id)
    return {"notes": found, "first": FIRST, "form": NoteForm() if page.may_work else None}


NOTES = Section(ID, "case/notes.html", _load)


async def new(request: web.Request) -> web.Response:
    return await _form(request, NoteForm())


async def write(request: web.Request) -> web.Response:
    ctx, user, case = context(request), request[USER], case_id(request)
    form = NoteForm.read(await posted(request))
    if form.kind not in set(NoteKind) or form.readers not in set(Readers):
        raise Refused("bad_request")
    kind, readers = NoteKind(form.kind), Readers(form.readers)
    try:
        await notes.write(ctx, user, case, kind, readers, form.body, form.key)
    except Refused as refused:
        if not refused.code.startswith("note_"):
            raise
        form.errors["body"] = refused.code
        return await _form(request, form)
    return redirect(f"/cases/{case}?done=noted#{ID}")


async def strike(request: web.Request) -> web.Response:
    case, note = case_id(request), NoteId(request.match_info["note"])
    await notes.strike(context(request), request[USER], case, note)
    return redirect(f"/cases/{case}?done=note_struck#{ID}")


async def _form(request: web.Request, form: NoteForm) -> web.Response:
    page = await cases.working_page(context(request), request[USER], case_id(request))
    status = 422 if form.errors else 200
    return render(request, "case/note_new.html", status=status, page=page, form=form)


_CASE, _WORK = About.CASE, Verb.WORK
ROUTES = (
    Route("GET", "/cases/{case}/notes/new", new, Who.STAFF, _WORK, _CASE),
    Route("POST", "/cases/{case}/notes/new", write, Who.STAFF, _WORK, _CASE),
    Route("POST", "/cases/{case}/notes/{note}/strike", strike, Who.STAFF, _WORK, _CASE),
)
