"""The papers of a case: listed, added, opened, removed and put back."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from aiohttp import hdrs, web

from server.domain.document import DocumentKind
from server.domain.errors import Refused
from server.domain.ids import DocumentId
from server.domain.rights import Verb
from server.domain.user import User
from server.http import uploads
from server.http.keys import USER
from server.http.pages.asked import case_id, context
from server.http.pages.section import Section
from server.http.templates import redirect, render
from server.http.who import About, Route, Who
from server.services import cases, documents
from server.services.cases import CasePage
from server.services.context import Context
from server.words import N_

ID = "papers"
DONE = {
    "papers_added": N_("The papers were added."),
    "paper_removed": N_("The paper was removed. You can put it back below."),
    "paper_put_back": N_("The paper is back."),
}
ACCEPT = (
    "image/*,application/pdf,.doc,.docx,.xls,.xlsx,text/plain,audio/mpeg,audio/mp4,.m4a,.mp3,"
    "video/mp4,.mov"
)
SANDBOX = "sandbox; default-src 'none'"


async def _load(ctx: Context, user: User, page: CasePage) -> dict[str, Any]:
    lines = await documents.listed(ctx, page.case.id)
    return {
        "papers": [line for line in lines if line.removed_at is None],
        "removed": [line for line in lines if line.removed_at is not None],
        "may_work": page.may_work,
        "kinds": DocumentKind,
        "accept": ACCEPT,
    }


PAPERS = Section(ID, "case/papers.html", _load)


async def new(request: web.Request) -> web.Response:
    return await _form(request, DocumentKind.EVIDENCE, "")


async def add(request: web.Request) -> web.Response:
    ctx, user, case = context(request), request[USER], case_id(request)
    await documents.require(ctx, user, Verb.WORK, case)
    kind = ""
    try:
        fields, files = await uploads.read(request)
        kind = fields.get("kind", "")
        if kind not in set(DocumentKind):
            raise Refused("document_kind_unusable")
        if not files:
            raise Refused("file_missing")
        given = [(file.name, file.chunks()) for file in files]
        await documents.add_all(ctx, case, DocumentKind(kind), given, user.id)
    except Refused as refused:
        return await _form(request, kind, refused.code)
    return redirect(f"/cases/{case}?done=papers_added#{ID}")


async def _form(request: web.Request, kind: str, wrong: str) -> web.Response:
    ctx, user, case = context(request), request[USER], case_id(request)
    await documents.require(ctx, user, Verb.WORK, case)
    page = await cases.page(ctx, user, case)
    status = 422 if wrong else 200
    values = {"page": page, "kind": kind, "wrong": wrong}
    return render(
        request, "papers_new.html", status=status, kinds=DocumentKind, accept=ACCEPT, **values
    )


async def open_document(request: web.Request) -> web.StreamResponse:
    """The file itself, to be saved: never shown as a page of ours, whatever is in it."""
    found = await documents.opened(
        context(request), request[USER], case_id(request), _document_id(request)
    )
    response = web.StreamResponse(headers=attachment(found.name, found.type))
    response.content_length = found.size
    await response.prepare(request)
    async for chunk in found.chunks:
        await response.write(chunk)
    await response.write_eof()
    return response


def attachment(name: str, media_type: str) -> dict[str, str]:
    """The headers of a file to save under this name (RFC 6266)."""
    plain = "".join(c if (c.isascii() and c.isalnum()) or c in "._-" else "_" for c in name)
    return {
        hdrs.CONTENT_TYPE: media_type,
        hdrs.CONTENT_DISPOSITION: (
            f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
        ),
        hdrs.CONTENT_SECURITY_POLICY: SANDBOX,
    }


async def remove(request: web.Request) -> web.Response:
    case, document = case_id(request), _document_id(request)
    await documents.remove(context(request), request[USER], case, document)
    return redirect(f"/cases/{case}?done=paper_removed#{ID}")


async def put_back(request: web.Request) -> web.Response:
    case, document = case_id(request), _document_id(request)
    await documents.put_back(context(request), request[USER], case, document)
    return redirect(f"/cases/{case}?done=paper_put_back#{ID}")


def _document_id(request: web.Request) -> DocumentId:
    return DocumentId(request.match_info["document"])


_ONE = "/cases/{case}/documents/{document}"
ROUTES = (
    Route("GET", "/cases/{case}/documents/new", new, Who.STAFF, Verb.WORK, About.CASE),
    Route("POST", "/cases/{case}/documents", add, Who.STAFF, Verb.WORK, About.CASE, upload=True),
    Route("GET", _ONE, open_document, Who.STAFF, Verb.READ_CASE, About.CASE),
    Route("POST", _ONE + "/remove", remove, Who.STAFF, Verb.WORK, About.CASE),
    Route("POST", _ONE + "/put-back", put_back, Who.STAFF, Verb.WORK, About.CASE),
)
