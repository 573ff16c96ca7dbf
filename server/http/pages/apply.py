"""The public application, one question a page. Works without script; nothing is lost on the way.

A form that comes without an application of its own (it expired, the cookie is gone) begins one
with what was typed, so that nobody has to type it again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from server.domain import application as answers
from server.domain import matter_code
from server.domain.application import MOST_OTHERS, AnswerRefused, Application, Step, Unit
from server.domain.case import DisputeType
from server.domain.errors import Refused
from server.domain.ids import DocumentId
from server.domain.organisation import DEFAULT_ZONE
from server.domain.party import PartyKind, RepresentativeKind, Sex
from server.http import uploads
from server.http.address import client_address
from server.http.cookies import APPLICATION, keep_visitor, visitor
from server.http.forms import posted, text
from server.http.keys import LANGUAGE
from server.http.labels import applying, label
from server.http.pages.asked import context
from server.http.templates import redirect, render
from server.http.who import Route, Who
from server.services import applications, units
from server.services.applications import Draft
from server.services.refusing import in_language
from server.words import N_, gettext

TITLE = N_("%(applicant)s and %(other)s: %(type)s")
TITLE_OF_MANY = N_("%(applicant)s and %(other)s and others: %(type)s")
DECLARED = {"truth": "apply_truth_missing", "data": "apply_data_missing"}
"""What is ticked before sending, and what is said if not; nothing is ticked beforehand."""
_STEPS = list(Step)


@dataclass(slots=True)
class Question:
    """What is asked and what was typed; `rows`: how many others there is room for."""

    step: Step
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    rows: int = 1

    @property
    def number(self) -> int:
        return _STEPS.index(self.step) + 1

    @property
    def of(self) -> int:
        return len(_STEPS)

    @property
    def before(self) -> Step | None:
        return _STEPS[self.number - 2] if self.number > 1 else None


# ---- the way through --------------------------------------------------------------------------


async def start_page(request: web.Request) -> web.Response:
    draft = await _draft(request)
    return render(request, "apply/start.html", draft=draft, next=_next(draft) if draft else "")


async def start(request: web.Request) -> web.Response:
    """Goes on where one was; what is sent is sent, so after that it is a new one."""
    draft, secret = await _draft(request), visitor(request, APPLICATION)
    if draft is None or draft.sent or secret is None:
        secret = await applications.begin(context(request), client_address(request))
        draft = await applications.of(context(request), secret)
    assert draft is not None
    return _keep(request, redirect(_next(draft)), secret)


async def question_page(request: web.Request) -> web.Response:
    step, draft = _step(request), await _draft(request)
    if draft is None or draft.sent:
        return redirect("/apply/sent" if draft else "/apply")
    typed = answers.typed(draft.answers, step)
    question = Question(step, typed, rows=max(1, len(draft.answers.others)))
    return await _ask(request, draft, question)


async def answer(request: web.Request) -> web.Response:
    step = _step(request)
    # Before anything is read: whose it is, or whether from here another may be begun.
    secret = await _secret(request)
    if secret is None:
        return redirect("/apply/sent")
    data, files = await uploads.read(request)
    typed = {name: text(data, name) for name in data}
    wrong = await _keep_files(request, secret, files) if step is Step.FILES else {}
    if not wrong and text(data, "action") not in ("more", "add"):
        wrong = await _save(request, secret, step, typed)
        if not wrong:
            draft = await applications.of(context(request), secret)
            assert draft is not None
            return _keep(request, redirect(_next(draft)), secret)
    draft = await applications.of(context(request), secret)
    assert draft is not None
    question = Question(step, typed, wrong, _rows(data))
    return _keep(request, await _ask(request, draft, question), secret)


async def remove_file(request: web.Request) -> web.Response:
    draft = await _draft(request)
    if draft is not None and not draft.sent:
        file = DocumentId(request.match_info["file"])
        await applications.remove_file(context(request), draft, file)
    return redirect("/apply/files")


async def review(request: web.Request) -> web.Response:
    return await _review(request, {})


async def send(request: web.Request) -> web.Response:
    data = await posted(request)
    missing = {name: code for name, code in DECLARED.items() if data.get(name) != "yes"}
    draft, secret = await _draft(request), visitor(request, APPLICATION)
    if draft is None or secret is None:
        raise Refused("apply_gone")
    if not draft.sent:
        if missing or draft.answers.first_open is not None:
            return await _review(request, missing)
        ctx, many = context(request), len(draft.answers.others) > 1
        with in_language(ctx.settings.default_language):
            kind = label(draft.answers.dispute_type or DisputeType.OTHER)
            pattern = gettext(TITLE_OF_MANY if many else TITLE)
        try:
            await applications.send(ctx, secret, pattern, kind, request[LANGUAGE])
        except Refused as refused:
            if refused.code != "apply_where_missing":
                raise
            # The unit was closed since it was chosen.
            return redirect("/apply/where")
    return redirect("/apply/sent")


async def sent(request: web.Request) -> web.Response:
    draft = await _draft(request)
    if draft is None or not draft.sent:
        return redirect("/apply")
    receipt = await applications.receipt(context(request), draft)
    return render(
        request, "apply/sent.html", receipt=receipt, code=matter_code.written(receipt.code)
    )


async def forget_page(request: web.Request) -> web.Response:
    draft = await _draft(request)
    if draft is None:
        return redirect("/apply")
    return render(request, "apply/forget.html", draft=draft)


async def forget(request: web.Request) -> web.Response:
    await applications.forget(context(request), visitor(request, APPLICATION))
    response = redirect("/")
    keep_visitor(request, response, APPLICATION, "", 0)
    return response


# ---- inside -----------------------------------------------------------------------------------


def _step(request: web.Request) -> Step:
    asked = request.match_info.get("step", Step.FILES)
    if asked not in set(Step):
        raise Refused("not_found")
    return Step(asked)


async def _draft(request: web.Request) -> Draft | None:
    return await applications.of(context(request), visitor(request, APPLICATION))


async def _secret(request: web.Request) -> str | None:
    """Of the application at hand, or of one begun now; None: it was sent already."""
    draft = await _draft(request)
    if draft is None:
        return await applications.begin(context(request), client_address(request))
    return None if draft.sent else visitor(request, APPLICATION)


def _keep(request: web.Request, response: web.Response, secret: str) -> web.Response:
    seconds = int(applications.KEPT.total_seconds())
    keep_visitor(request, response, APPLICATION, secret, seconds)
    return response


def _next(draft: Draft) -> str:
    if draft.sent:
        return "/apply/sent"
    step = draft.answers.first_open
    return f"/apply/{step}" if step else "/apply/review"


def _rows(data: Any) -> int:
    """As many others as were on the page, and one more when that was asked for."""
    shown = sum(1 for name in data if name.startswith("name") and name != "name")
    return max(1, min(MOST_OTHERS, shown + (text(data, "action") == "more")))


async def _save(
    request: web.Request, secret: str, step: Step, typed: dict[str, str]
) -> dict[str, str]:
    """What is wrong with it, by field."""
    today = context(request).clock().astimezone(ZoneInfo(DEFAULT_ZONE)).date()

    def change(before: Application) -> Application:
        return answers.answer(before, step, typed, today)

    try:
        await applications.save(context(request), secret, change)
    except AnswerRefused as refused:
        return refused.fields
    except Refused as refused:
        return {_FIELD.get(refused.code, "form"): refused.code}
    return {}


_FIELD = {"apply_where_missing": "organisation", "apply_wish_gone": "mediator"}


async def _keep_files(
    request: web.Request, secret: str, files: list[uploads.Upload]
) -> dict[str, str]:
    ctx = context(request)
    draft = await applications.of(ctx, secret)
    assert draft is not None
    for file in files:
        try:
            await applications.add_file(ctx, draft, file.name, file.media_type, file.chunks())
        except Refused as refused:
            return {"files": refused.code}
    return {}


async def _ask(request: web.Request, draft: Draft, question: Question) -> web.Response:
    values = await _needed(request, draft, question)
    return render(
        request,
        f"apply/{question.step}.html",
        status=422 if question.errors else 200,
        question=question,
        draft=draft,
        **values,
    )


async def _needed(request: web.Request, draft: Draft, question: Question) -> dict[str, Any]:
    """What the page of this question shows besides what was typed."""
    ctx = context(request)
    match question.step:
        case Step.ABOUT:
            return {"types": DisputeType, "examples": applying.EXAMPLES}
        case Step.WHERE:
            words, inside = request.query.get("q", ""), request.query.get("in", "")
            chosen = await _chosen(request, draft)
            found = await units.choice(ctx, inside, words)
            return {"choice_of": found, "words": words, "chosen": chosen}
        case Step.YOU:
            return {"kinds": PartyKind}
        case Step.MORE:
            person = draft.answers.you.kind is PartyKind.PERSON
            return {"sexes": Sex, "person": person, "today": ctx.clock().date()}
        case Step.OTHER:
            return {"kinds": PartyKind, "most": MOST_OTHERS}
        case Step.FILES:
            return {"files": await applications.files(ctx, draft)}
        case Step.WISH:
            return {"mediators": await applications.mediators(ctx, draft)}
        case Step.HELPER:
            return {"kinds": RepresentativeKind}
        case _:
            return {}


async def _chosen(request: web.Request, draft: Draft) -> Unit | None:
    if draft.answers.organisation is None:
        return None
    return await units.named(context(request), draft.answers.organisation)


async def _review(request: web.Request, missing: dict[str, str]) -> web.Response:
    draft = await _draft(request)
    if draft is None or draft.sent or draft.answers.first_open is not None:
        return redirect(_next(draft) if draft else "/apply")
    ctx = context(request)
    known = {one.user: one.name for one in await applications.mediators(ctx, draft)}
    return render(
        request,
        "apply/review.html",
        status=422 if missing else 200,
        draft=draft,
        asked=draft.answers,
        unit=await _chosen(request, draft),
        files=await applications.files(ctx, draft),
        wish=known.get(draft.answers.wish) if draft.answers.wish else None,
        errors=missing,
    )


ROUTES = (
    Route("GET", "/apply", start_page, Who.ANYONE),
    Route("POST", "/apply", start, Who.ANYONE),
    Route("GET", "/apply/review", review, Who.ANYONE),
    Route("POST", "/apply/send", send, Who.ANYONE),
    Route("GET", "/apply/sent", sent, Who.ANYONE),
    Route("GET", "/apply/forget", forget_page, Who.ANYONE),
    Route("POST", "/apply/forget", forget, Who.ANYONE),
    Route("POST", "/apply/files", answer, Who.ANYONE, upload=True),
    Route("POST", "/apply/files/{file}/remove", remove_file, Who.ANYONE),
    Route("GET", "/apply/{step}", question_page, Who.ANYONE),
    Route("POST", "/apply/{step}", answer, Who.ANYONE),
)
