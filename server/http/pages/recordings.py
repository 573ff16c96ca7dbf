"""What was recorded in a case: listed, looked at with a reason, given out, held and destroyed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import hdrs, web

from server.domain.errors import Refused
from server.domain.ids import CaseId, RecordingId, SeatId
from server.domain.party import Why
from server.domain.rights import Verb
from server.domain.user import User
from server.http.films import send
from server.http.forms import mendable, posted, text
from server.http.keys import USER
from server.http.labels import label
from server.http.pages.asked import case_id, context
from server.http.pages.section import Section
from server.http.templates import redirect, render
from server.http.who import About, Route, Who
from server.services import playing, retention
from server.services.cases import CasePage
from server.services.context import Context
from server.words import N_

DONE = {
    "recording_held": N_("It is held now: nobody destroys it until that is taken back."),
    "recording_released": N_("It is not held any more."),
    "recording_destroyed": N_("It is destroyed. Nobody can read it any more."),
}
PIECE = 256 * 1024

Decide = Callable[[Context, User, CaseId, RecordingId, str], Awaitable[None]]
"""What somebody does to a recording with a reason."""


async def _load(ctx: Context, user: User, page: CasePage) -> Any:
    lines = await playing.of_case(ctx, user, page.case.id)
    return lines if lines.kept else None


SECTION = Section("recordings", "case/recordings.html", _load)


def _id(request: web.Request) -> RecordingId:
    return RecordingId(request.match_info["recording"])


async def one(request: web.Request) -> web.Response:
    return await _page(request)


async def _page(
    request: web.Request, looked: tuple[str, str, str] = ("", "", ""), wrong: str = ""
) -> web.Response:
    ctx, user = context(request), request[USER]
    found = await playing.one(ctx, user, case_id(request), _id(request))
    return render(
        request,
        "recording.html",
        status=422 if looked[2] or wrong else 200,
        page=found,
        held=retention.why_held(ctx, found.kept),
        whys=Why,
        looked=looked,
        wrong=wrong,
        done=DONE.get(request.query.get("done", ""), ""),
        path_here=_path(request),
    )


def _path(request: web.Request) -> str:
    return f"/cases/{case_id(request)}/recordings/{_id(request)}"


async def play(request: web.Request) -> web.Response:
    """Shown in this one answer; its films open with a ticket of this look."""
    ctx, user, data = context(request), request[USER], await posted(request)
    why, words = text(data, "why"), text(data, "words")
    try:
        found = await playing.play(ctx, user, case_id(request), _id(request), why, words)
    except Refused as refused:
        return await _page(request, (why, words, mendable(refused)))
    of = await playing.one(ctx, user, case_id(request), _id(request))
    response = render(
        request, "recording_play.html", page=of, playing=found, path_back=_path(request)
    )
    response.headers["Cache-Control"] = "no-store"
    return response


async def film(request: web.Request) -> web.StreamResponse:
    person, kind = SeatId(request.match_info["person"]), request.match_info["kind"]
    if kind not in ("video", "screen"):
        raise Refused("not_found")
    ticket = request.query.get("ticket", "")
    of = (case_id(request), _id(request))
    found = await playing.film(context(request), request[USER], *of, person, kind, ticket)
    return await send(request, found)


async def bundle(request: web.Request) -> web.StreamResponse:
    ctx, user, data = context(request), request[USER], await posted(request)
    why, words = text(data, "why"), text(data, "words")
    try:
        file = await playing.bundle(ctx, user, case_id(request), _id(request), why, words)
    except Refused as refused:
        return await _page(request, (why, words, mendable(refused)))
    try:
        return await _sent(request, file)
    finally:
        await asyncio.to_thread(file.unlink)


async def _sent(request: web.Request, file: Any) -> web.StreamResponse:
    name = f"evidence-{_id(request)}.zip"
    response = web.StreamResponse(
        headers={
            hdrs.CONTENT_TYPE: "application/zip",
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"',
        }
    )
    response.content_length = (await asyncio.to_thread(file.stat)).st_size
    await response.prepare(request)
    with file.open("rb") as opened:
        while piece := await asyncio.to_thread(opened.read, PIECE):
            await response.write(piece)
    await response.write_eof()
    return response


async def hold(request: web.Request) -> web.Response:
    return await _decided(request, retention.hold, "hold_why", "recording_held")


async def release(request: web.Request) -> web.Response:
    await retention.release(context(request), request[USER], case_id(request), _id(request))
    return redirect(f"{_path(request)}?done=recording_released")


async def destroy(request: web.Request) -> web.Response:
    return await _decided(request, retention.destroy, "destroy_why", "recording_destroyed")


async def _decided(request: web.Request, decide: Decide, field: str, done: str) -> web.Response:
    """With the reason that was typed into this field; `done`: the sentence afterwards."""
    why = text(await posted(request), field)
    try:
        await decide(context(request), request[USER], case_id(request), _id(request), why)
    except Refused as refused:
        return await _page(request, wrong=mendable(refused))
    return redirect(f"{_path(request)}?done={done}")


async def certificate(request: web.Request) -> web.Response:
    ctx, user = context(request), request[USER]
    found = await playing.one(ctx, user, case_id(request), _id(request))
    what = label(found.kept.recording.purpose)
    title = found.case.number or found.case.title
    unit = found.organisation.name
    content = await retention.certificate(ctx, found.kept, unit, title, what)
    headers = {
        hdrs.CONTENT_TYPE: "application/pdf",
        hdrs.CONTENT_DISPOSITION: f'attachment; filename="destroyed-{_id(request)}.pdf"',
    }
    return web.Response(body=content, headers=headers)


_ONE = "/cases/{case}/recordings/{recording}"
_FILM = _ONE + "/film/{person}/{kind}"
_DECIDE = (Who.STAFF, Verb.DECIDE, About.CASE)
ROUTES = (
    Route("GET", _ONE, one, Who.STAFF, Verb.READ_CASE, About.CASE),
    Route("POST", _ONE + "/play", play, Who.STAFF, Verb.SEE_SEALED, About.CASE),
    Route("GET", _FILM, film, Who.STAFF, Verb.SEE_SEALED, About.CASE),
    Route("POST", _ONE + "/bundle", bundle, Who.STAFF, Verb.EXPORT, About.CASE),
    Route("POST", _ONE + "/hold", hold, *_DECIDE),
    Route("POST", _ONE + "/release", release, *_DECIDE),
    Route("POST", _ONE + "/destroy", destroy, *_DECIDE),
    Route("GET", _ONE + "/certificate.pdf", certificate, Who.STAFF, Verb.READ_CASE, About.CASE),
)
