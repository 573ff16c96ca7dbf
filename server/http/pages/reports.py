"""Active discovery: a grid worker tells of a dispute from a telephone, and sees how it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from server.domain.case import OVER, DisputeType, checked_title
from server.domain.errors import Refused
from server.domain.identity import checked_phone
from server.domain.ids import CaseId, PartyId
from server.domain.party import Details, checked_party
from server.domain.report import checked_place, checked_position
from server.domain.rights import Verb
from server.domain.statement import checked_statement
from server.domain.user import User
from server.http import uploads
from server.http.forms import Data, Form, text
from server.http.headers import PERMISSIONS
from server.http.keys import USER
from server.http.pages.asked import context
from server.http.pages.section import Section
from server.http.templates import redirect, render
from server.http.who import Route, Who
from server.services import reports
from server.services.cases import CasePage
from server.services.context import Context
from server.services.opening import NewParty
from server.services.reports import NewReport
from server.words import gettext as _

SIDES = ("A", "B")
WITH_POSITION = PERMISSIONS.replace("geolocation=()", "geolocation=(self)")
"""On this page alone a telephone may be asked where it is, when its owner taps the button."""


@dataclass(slots=True)
class ReportForm(Form):
    title: str = ""
    dispute_type: str = ""
    place: str = ""
    position: str = ""
    names: list[str] = field(default_factory=lambda: ["", ""])
    phones: list[str] = field(default_factory=lambda: ["", ""])
    facts: str = ""
    danger: bool = False

    @classmethod
    def read(cls, data: Data) -> ReportForm:
        form = cls(
            title=text(data, "title"),
            dispute_type=text(data, "dispute_type"),
            place=text(data, "place"),
            position=text(data, "position"),
            names=[text(data, f"name{side}") for side in SIDES],
            phones=[text(data, f"phone{side}") for side in SIDES],
            facts=text(data, "facts"),
            danger=text(data, "danger") == "yes",
        )
        form.key = text(data, "key")[:64] or form.key
        return form

    def checked(self) -> NewReport | None:
        """None with `errors` filled."""
        title = self.check("title", lambda: checked_title(self.title))
        kind = self.check("dispute_type", self._type)
        position = self.check("position", lambda: checked_position(self.position))
        place = self.check("place", lambda: checked_place(self.place, position))
        statement = self.check("facts", lambda: checked_statement(self.facts, "", place or ""))
        parties = [p for n, side in enumerate(SIDES) if (p := self._party(n, side))]
        if self.errors or title is None or kind is None or statement is None:
            return None
        # A matter has parties: whoever they are is found out by the station.
        return NewReport(kind, title, statement, parties or [self._nobody()], self.danger)

    def _type(self) -> DisputeType:
        if self.dispute_type not in set(DisputeType):
            raise Refused("dispute_type_missing")
        return DisputeType(self.dispute_type)

    def _party(self, n: int, side: str) -> NewParty | None:
        name, phone = self.names[n].strip(), self.phones[n].strip()
        if not name and not phone:
            return None
        number = self.check(f"phone{side}", lambda: checked_phone(phone)) if phone else ""
        rule = lambda: checked_party(PartyId(""), side, name or _("Name not known"))  # noqa: E731
        party = self.check(f"name{side}", rule)
        if party is None:
            return None
        return NewParty(party.name, side, details=Details(phone=number or ""))

    @staticmethod
    def _nobody() -> NewParty:
        return NewParty(_("Name not known"), SIDES[0])


async def mine(request: web.Request) -> web.Response:
    return await _mine(request)


async def _mine(request: web.Request, wrong: str = "") -> web.Response:
    ctx, user = context(request), request[USER]
    organisation = await reports.place_of(ctx, user)
    found = await reports.mine(ctx, user)
    return render(
        request,
        "reports.html",
        status=422 if wrong else 200,
        reports=found,
        organisation=organisation,
        wrong=wrong,
        done=request.query.get("done", ""),
        danger=request.query.get("danger") == "yes",
        known=request.query.get("known") == "yes",
    )


async def new(request: web.Request) -> web.Response:
    return await _form(request, ReportForm())


async def send(request: web.Request) -> web.Response:
    ctx, user = context(request), request[USER]
    await reports.place_of(ctx, user)
    try:
        fields, files = await uploads.read(request)
    except uploads.UploadRefused as refused:
        form = ReportForm.read(refused.fields)
        form.errors["photos"] = refused.code
        return await _form(request, form)
    form = ReportForm.read(fields)
    good = form.checked()
    if good is None:
        return await _form(request, form)
    photos = [(file.name, file.chunks()) for file in files]
    try:
        made = await reports.make(ctx, user, good, photos, form.key)
    except Refused as refused:
        form.errors["photos"] = refused.code
        return await _form(request, form)
    known = await reports.known_already(ctx, user, good, made, _("Name not known"))
    flags = f"{'&danger=yes' if good.danger else ''}{'&known=yes' if known else ''}"
    return redirect(f"/reports?done=reported{flags}")


async def add_photos(request: web.Request) -> web.Response:
    """More photographs of a report of one's own."""
    ctx, user = context(request), request[USER]
    await reports.place_of(ctx, user)
    try:
        fields, files = await uploads.read(request)
        photos = [(file.name, file.chunks()) for file in files]
        await reports.add_photos(ctx, user, CaseId(fields.get("report", "")), photos)
    except Refused as refused:
        return await _mine(request, refused.code)
    return redirect("/reports?done=photos")


async def _form(request: web.Request, form: ReportForm) -> web.Response:
    organisation = await reports.place_of(context(request), request[USER])
    response = render(
        request,
        "report_new.html",
        status=422 if form.errors else 200,
        form=form,
        types=DisputeType,
        sides=SIDES,
        organisation=organisation,
    )
    response.headers["Permissions-Policy"] = WITH_POSITION
    return response


async def _load(ctx: Context, user: User, page: CasePage) -> Any:
    return await reports.found(ctx, page.case.id)


async def _danger(ctx: Context, user: User, page: CasePage) -> Any:
    """With the telephone of who said so: for those who are to do something about it."""
    if not page.may_work:
        return None
    found = await reports.found(ctx, page.case.id)
    return found if found and found.danger and page.case.status not in OVER else None


DANGER = Section("danger", "case/danger.html", _danger)
REPORTED = Section("reported", "case/reported.html", _load, side=True)

ROUTES = (
    Route("GET", "/reports", mine, Who.STAFF, Verb.REPORT),
    Route("GET", "/reports/new", new, Who.STAFF, Verb.REPORT),
    Route("POST", "/reports", send, Who.STAFF, Verb.REPORT, upload=True),
    Route("POST", "/reports/photos", add_photos, Who.STAFF, Verb.REPORT, upload=True),
)
