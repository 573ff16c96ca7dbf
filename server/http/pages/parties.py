"""The parties of a case and who speaks for them: listed, changed, and looked at in full."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from aiohttp import web

from server.domain.errors import Refused
from server.domain.ids import PartyId, RepresentativeId
from server.domain.party import SIDES, PartyKind, Power, RepresentativeKind, Sex, Why
from server.domain.rights import Verb, may
from server.domain.user import User
from server.http.forms import mendable, posted, text
from server.http.keys import USER
from server.http.pages.asked import case_id, context
from server.http.pages.section import Section
from server.http.party_form import PartyForm, PartyRow, SeveralForm, SpeakerForm
from server.http.templates import redirect, render
from server.http.who import About, Route, Who
from server.services import cases, looking, parties, speakers
from server.services.cases import CasePage
from server.services.context import Context
from server.services.editing import MEANWHILE
from server.services.parties import PartyLine, SpeakerLine
from server.words import N_

ID = "parties"
FEW = 8
"""So many of a side are shown; the others are folded away."""
DONE = {
    "party_added": N_("The party was added."),
    "party_changed": N_("The change was saved."),
    "party_left": N_("The party has left the matter. It stays in the history."),
    "party_back": N_("The party is back in the matter."),
    "speaker_added": N_("The representative was added."),
    "speaker_changed": N_("The change was saved."),
    "speaker_ended": N_("The power of this representative has ended."),
}


# ---- on the page of the case -----------------------------------------------------------------


async def _load(ctx: Context, user: User, page: CasePage) -> dict[str, Any]:
    lines = await parties.listed(ctx, page.case, page.organisation)
    reads_audit = may(user, Verb.READ_AUDIT, page.thing)
    looks = await looking.listed(ctx, page.case) if reads_audit else []
    here = sorted((line for line in lines if line.party.left_at is None), key=_by_side)
    return {
        "sides": [(side, list(those)) for side, those in groupby(here, _by_side)],
        "gone": [line for line in lines if line.party.left_at is not None],
        "few": FEW,
        "looks": looks,
        "may_work": page.may_work,
    }


def _by_side(line: PartyLine) -> str:
    return line.party.side


PARTIES = Section(ID, "case/parties.html", _load)


# ---- one party -------------------------------------------------------------------------------


async def party_page(request: web.Request) -> web.Response:
    return await _party(request)


async def change(request: web.Request) -> web.Response:
    ctx, user, case = context(request), request[USER], case_id(request)
    form = PartyForm.read(await posted(request))
    try:
        await parties.change(ctx, user, case, _id(request), form.typed(), form.stamp)
    except Refused as refused:
        mendable(refused)
        form.note(refused)
        return await _party(request, form)
    return _back(request, "party_changed")


async def leave(request: web.Request) -> web.Response:
    ctx, user = context(request), request[USER]
    why = text(await posted(request), "why")
    try:
        await parties.leave(ctx, user, case_id(request), _id(request), why)
    except Refused as refused:
        return await _party(request, leaving=(why, mendable(refused)))
    return redirect(f"/cases/{case_id(request)}?done=party_left#{ID}")


async def come_back(request: web.Request) -> web.Response:
    ctx, user = context(request), request[USER]
    try:
        await parties.come_back(ctx, user, case_id(request), _id(request))
    except Refused as refused:
        return await _party(request, coming=mendable(refused))
    return _back(request, "party_back")


async def seen(request: web.Request) -> web.Response:
    """Shown in this one answer only: there is no address under which it could be found again."""
    ctx, user, data = context(request), request[USER], await posted(request)
    why, words = text(data, "why"), text(data, "words")
    try:
        full = await looking.full(ctx, user, case_id(request), _id(request), why, words)
    except Refused as refused:
        return await _party(request, looked=(why, words, mendable(refused)))
    response = render(request, "party_full.html", full=full, path_back=_path(request))
    response.headers["Cache-Control"] = "no-store"
    return response


async def _party(
    request: web.Request,
    form: PartyForm | None = None,
    *,
    leaving: tuple[str, str] = ("", ""),
    coming: str = "",
    looked: tuple[str, str, str] = ("", "", ""),
    speaker: tuple[RepresentativeId | None, SpeakerForm] | None = None,
) -> web.Response:
    """The party's page, with the form that was not right open on it."""
    ctx, user = context(request), request[USER]
    page = await parties.page(ctx, user, case_id(request), _id(request))
    line = page.line
    wrong = bool((form and form.errors) or leaving[1] or coming or looked[2] or speaker)
    shown = form or _fresh(line)
    meanwhile = shown.errors.get("form") == MEANWHILE
    if meanwhile:
        # Both are on the page now: who saves again has seen them.
        shown.stamp = line.stamp
    return render(
        request,
        "party.html",
        status=422 if wrong else 200,
        case=page.case,
        zone=page.organisation.zone,
        line=line,
        form=shown,
        opened=form is not None,
        meanwhile=meanwhile,
        leaving=leaving,
        coming=coming,
        looked=looked,
        speaker_forms=_speaker_forms(line, speaker),
        new_speaker=speaker[1] if speaker and speaker[0] is None else SpeakerForm(),
        may_work=page.may_work,
        may_look=page.may_look,
        done=DONE.get(request.query.get("done", ""), ""),
        **_words(),
    )


def _speaker_forms(
    line: PartyLine, sent: tuple[RepresentativeId | None, SpeakerForm] | None
) -> dict[RepresentativeId, SpeakerForm]:
    """One for each; of the one that was sent, what was typed."""
    found = {one.representative.id: _fresh_speaker(one) for one in line.speakers}
    who, form = sent or (None, None)
    if who in found and form is not None:
        if form.errors.get("form") == MEANWHILE:
            form.stamp = found[who].stamp
        found[who] = form
    return found


def _fresh(line: PartyLine) -> PartyForm:
    """What is covered isn't typed into it: left empty, it stays."""
    party, known = line.party, line.details
    row = PartyRow(party.side, party.kind, party.name)
    row.sex, row.ethnicity, row.occupation = known.sex or "", known.ethnicity, known.occupation
    return PartyForm(row=row, stamp=line.stamp)


def _words() -> dict[str, Any]:
    return {
        "sides": SIDES,
        "kinds": PartyKind,
        "sexes": Sex,
        "whys": Why,
        "powers": Power,
        "speaker_kinds": RepresentativeKind,
    }


# ---- another party ---------------------------------------------------------------------------


async def new(request: web.Request) -> web.Response:
    return await _new(request, PartyForm())


async def add(request: web.Request) -> web.Response:
    ctx, user, case = context(request), request[USER], case_id(request)
    form = PartyForm.read(await posted(request))
    try:
        await parties.add(ctx, user, case, form.typed(), form.key)
    except Refused as refused:
        mendable(refused)
        form.note(refused)
        return await _new(request, form)
    return redirect(f"/cases/{case}?done=party_added#{ID}")


async def add_several(request: web.Request) -> web.Response:
    ctx, user, case = context(request), request[USER], case_id(request)
    form = SeveralForm.read(await posted(request))
    try:
        await parties.add_several(ctx, user, case, form.typed(), form.key)
    except Refused as refused:
        mendable(refused)
        form.note(refused)
        return await _new(request, PartyForm(), form)
    return redirect(f"/cases/{case}?done=party_added#{ID}")


async def _new(
    request: web.Request, form: PartyForm, several: SeveralForm | None = None
) -> web.Response:
    page = await cases.working_page(context(request), request[USER], case_id(request))
    several = several or SeveralForm()
    status = 422 if form.errors or several.errors else 200
    return render(
        request,
        "party_new.html",
        status=status,
        case=page.case,
        form=form,
        several=several,
        **_words(),
    )


# ---- who speaks for them ---------------------------------------------------------------------


async def add_speaker(request: web.Request) -> web.Response:
    ctx, user, case = context(request), request[USER], case_id(request)
    form = SpeakerForm.read(await posted(request))
    try:
        await speakers.add(ctx, user, case, _id(request), form.speaker(), form.key)
    except Refused as refused:
        mendable(refused)
        form.note(refused)
        return await _party(request, speaker=(None, form))
    return _back(request, "speaker_added")


async def change_speaker(request: web.Request) -> web.Response:
    ctx, user, case = context(request), request[USER], case_id(request)
    who = RepresentativeId(request.match_info["speaker"])
    form = SpeakerForm.read(await posted(request))
    try:
        await speakers.change(ctx, user, case, _id(request), who, form.speaker(), form.stamp)
    except Refused as refused:
        mendable(refused)
        form.note(refused)
        return await _party(request, speaker=(who, form))
    return _back(request, "speaker_changed")


async def end_speaker(request: web.Request) -> web.Response:
    who = RepresentativeId(request.match_info["speaker"])
    await speakers.end(context(request), request[USER], case_id(request), _id(request), who)
    return _back(request, "speaker_ended")


def _fresh_speaker(line: SpeakerLine) -> SpeakerForm:
    found = line.representative
    return SpeakerForm(
        row=PartyRow(name=found.name),
        stamp=line.stamp,
        speaker_kind=found.kind,
        power=found.power,
        until=line.last_day.isoformat() if line.last_day else "",
    )


# ---- all of them -----------------------------------------------------------------------------


def _id(request: web.Request) -> PartyId:
    return PartyId(request.match_info["party"])


def _path(request: web.Request) -> str:
    return f"/cases/{case_id(request)}/parties/{_id(request)}"


def _back(request: web.Request, done: str) -> web.Response:
    return redirect(f"{_path(request)}?done={done}")


_ONE = "/cases/{case}/parties/{party}"
_SPEAKER = f"{_ONE}/speakers/{{speaker}}"
ROUTES = (
    Route("GET", "/cases/{case}/parties/new", new, Who.STAFF, Verb.WORK, About.CASE),
    Route("POST", "/cases/{case}/parties", add, Who.STAFF, Verb.WORK, About.CASE),
    Route("POST", "/cases/{case}/parties/several", add_several, Who.STAFF, Verb.WORK, About.CASE),
    Route("GET", _ONE, party_page, Who.STAFF, Verb.READ_CASE, About.CASE),
    Route("POST", _ONE, change, Who.STAFF, Verb.WORK, About.CASE),
    Route("POST", f"{_ONE}/leave", leave, Who.STAFF, Verb.WORK, About.CASE),
    Route("POST", f"{_ONE}/back", come_back, Who.STAFF, Verb.WORK, About.CASE),
    Route("POST", f"{_ONE}/full", seen, Who.STAFF, Verb.SEE_SEALED, About.CASE),
    Route("POST", f"{_ONE}/speakers", add_speaker, Who.STAFF, Verb.WORK, About.CASE),
    Route("POST", _SPEAKER, change_speaker, Who.STAFF, Verb.WORK, About.CASE),
    Route("POST", f"{_SPEAKER}/end", end_speaker, Who.STAFF, Verb.WORK, About.CASE),
)
