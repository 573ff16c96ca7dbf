"""The words of notices, as an organisation wants them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from server.domain.errors import Refused
from server.domain.notice import FORMS, checked_wording, missing, strange
from server.domain.rights import Verb
from server.http.forms import Data, Form, posted, text
from server.http.keys import USER
from server.http.pages.asked import context
from server.http.templates import redirect, render
from server.http.who import Route, Who
from server.services import notice_wordings
from server.services.notice_wordings import OneWording


@dataclass(slots=True)
class WordingForm(Form):
    """`version`: the one that is being edited."""

    fields: ClassVar[dict[str, str]] = {
        "notice_subject": "subject",
        "notice_body": "body",
        "notice_place": "body",
        "notice_template": "provider_template",
    }
    subject: str = ""
    body: str = ""
    provider_template: str = ""
    version: int = 0

    @classmethod
    def of(cls, found: OneWording) -> WordingForm:
        words = found.words
        return cls(
            subject=words.subject,
            body=words.body,
            provider_template=words.provider_template,
            version=found.version,
        )

    @classmethod
    def read(cls, data: Data) -> WordingForm:
        version = text(data, "version")
        return cls(
            subject=text(data, "subject"),
            body=text(data, "body"),
            provider_template=text(data, "provider_template"),
            version=int(version[:6]) if version.isascii() and version.isdigit() else 0,
        )


async def wordings(request: web.Request) -> web.Response:
    found = await notice_wordings.listing(
        context(request), request[USER], request.query.get("org", "")
    )
    return render(
        request,
        "notices/wordings.html",
        found=found,
        done=request.query.get("done", ""),
    )


async def wording(request: web.Request) -> web.Response:
    found = await _asked(request)
    return _page(request, found, WordingForm.of(found))


async def change(request: web.Request) -> web.Response:
    """Three buttons: look at it, save it, back to the words that would be used without it."""
    ctx, user, found = context(request), request[USER], await _asked(request)
    data = await posted(request)
    form = WordingForm.read(data)
    action = text(data, "action")
    subject, body = ("", "") if action == "back" else (form.subject, form.body)
    try:
        if action == "look":
            checked_wording(found.name, subject, body)
            return _page(request, found, form)
        if action == "save":
            checked_wording(found.name, subject, body)
        await notice_wordings.save(
            ctx, user, found, subject, body, form.provider_template, form.version
        )
    except Refused as refused:
        form.refuse(refused.code)
        if refused.code == "edited_meanwhile":
            # Whoever sends it again has seen the other's words beside the form.
            form.version = found.version
        return _page(request, found, form)
    return redirect(f"/notices/templates?org={found.organisation.id}&done=saved#{found.name}")


async def _asked(request: web.Request) -> OneWording:
    return await notice_wordings.one(
        context(request),
        request[USER],
        request.query.get("org", ""),
        request.match_info["template"],
        request.match_info["language"],
    )


def _page(request: web.Request, found: OneWording, form: WordingForm) -> web.Response:
    words = form.subject, form.body
    return render(
        request,
        "notices/wording.html",
        status=422 if form.errors else 200,
        found=found,
        form=form,
        holds=FORMS[found.name],
        unknown=strange(found.name, "".join(words)),
        lacking=missing(found.name, form.body),
        shown=notice_wordings.preview(context(request), found, *words),
    )


ROUTES = (
    Route("GET", "/notices/templates", wordings, Who.STAFF, Verb.MANAGE),
    Route("GET", "/notices/templates/{template}/{language}", wording, Who.STAFF, Verb.MANAGE),
    Route("POST", "/notices/templates/{template}/{language}", change, Who.STAFF, Verb.MANAGE),
)
