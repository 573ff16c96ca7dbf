"""The organisations an administrator looks after: the tree, one of them, a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from server.domain import organisation as rules
from server.domain.case import CaseKind, Regime
from server.domain.errors import Refused
from server.domain.identity import email_or_none, phone_or_none
from server.domain.ids import OrganisationId
from server.domain.number import written
from server.domain.organisation import Organisation, OrganisationKind, Particulars
from server.domain.rights import Verb
from server.http.forms import Data, Form, mendable, posted, text
from server.http.keys import USER
from server.http.pages.asked import context
from server.http.templates import redirect, render
from server.http.who import About, Route, Who
from server.services import organisations
from server.services.organisations import Branch, HandledFromAbove
from server.words import N_

FEW = 60
"""So many can be shown all open; of more, only the uppermost are."""

ZONES = (
    "Asia/Shanghai",
    "Asia/Urumqi",
    "Asia/Hong_Kong",
    "Asia/Macau",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Europe/London",
    "Europe/Paris",
    "America/New_York",
    "UTC",
)
"""Suggested; any IANA name is right."""

DONE = {
    "added": N_("The organisation has been added."),
    "saved": N_("Your changes have been saved."),
    "moved": N_("The organisation has been moved. Its cases are still its own."),
    "closed": N_("The organisation is closed. It takes in nothing new."),
    "reopened": N_("The organisation is open again."),
}


@dataclass(slots=True)
class OrganisationForm(Form):
    name: str = ""
    kind: str = ""
    time_zone: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    hours: str = ""
    short: str = ""
    number_form: str = ""

    @classmethod
    def read(cls, data: Data) -> OrganisationForm:
        form = cls()
        for name in _FIELDS:
            setattr(form, name, text(data, name))
        form.key = text(data, "key")[:64] or form.key
        return form

    @classmethod
    def of(cls, unit: Organisation) -> OrganisationForm:
        form = cls()
        for name in _FIELDS:
            setattr(form, name, str(getattr(unit, name)))
        return form

    def checked(self) -> Particulars | None:
        """None with `errors` filled."""
        found = {
            "name": self.check("name", lambda: rules.checked_name(self.name)),
            "kind": self.check("kind", lambda: rules.checked_kind(self.kind)),
            "time_zone": self.check("time_zone", lambda: rules.checked_zone(self.time_zone)),
            "phone": self.check("phone", lambda: phone_or_none(self.phone)),
            "email": self.check("email", lambda: email_or_none(self.email)),
            "address": self.check("address", lambda: rules.checked_address(self.address)),
            "hours": self.check("hours", lambda: rules.checked_hours(self.hours)),
            "short": self.check("short", lambda: rules.checked_short(self.short)),
            "number_form": self.check(
                "number_form", lambda: rules.checked_number_form(self.number_form)
            ),
        }
        return None if self.errors else Particulars(**found)  # type: ignore[arg-type]


_FIELDS = (
    "name",
    "kind",
    "time_zone",
    "phone",
    "email",
    "address",
    "hours",
    "short",
    "number_form",
)


def organisation_id(request: web.Request) -> OrganisationId:
    return OrganisationId(request.match_info["organisation"])


async def tree(request: web.Request) -> web.Response:
    wanted = request.query.get("q", "").strip()[:100]
    branches = await organisations.tree(context(request), request[USER], wanted)
    count = _count(branches)
    return render(
        request,
        "people/organisations.html",
        branches=branches,
        wanted=wanted,
        count=count,
        open_to=99 if wanted or count <= FEW else 1,
    )


async def page(request: web.Request) -> web.Response:
    return await _page(request)


async def change(request: web.Request) -> web.Response:
    unit, ctx = organisation_id(request), context(request)
    form = OrganisationForm.read(await posted(request))
    good = form.checked()
    if good is None:
        return await _page(request, form)
    try:
        await organisations.change(ctx, request[USER], unit, good)
    except Refused as refused:
        if refused.code != "short_taken":
            raise
        form.errors["short"] = refused.code
        return await _page(request, form)
    return redirect(f"/organisations/{unit}?done=saved")


async def new(request: web.Request) -> web.Response:
    ctx, user = context(request), request[USER]
    above = await _above(request, request.query.get("under", ""))
    units = await organisations.mine(ctx, user)
    zone = above.time_zone if above else next((unit.time_zone for unit in units), "")
    form = OrganisationForm(time_zone=zone)
    return await _new(request, form, above.id if above else "", units)


async def make(request: web.Request) -> web.Response:
    ctx, user = context(request), request[USER]
    data = await posted(request)
    form = OrganisationForm.read(data)
    above = text(data, "under")
    units = await organisations.mine(ctx, user)
    if above not in {unit.id for unit in units}:
        form.errors["under"] = "organisation_missing"
    good = form.checked()
    if good is None:
        return await _new(request, form, above, units)
    try:
        made = await organisations.make(ctx, user, OrganisationId(above), good, form.key)
    except Refused as refused:
        if refused.code != "short_taken":
            raise
        form.errors["short"] = refused.code
        return await _new(request, form, above, units)
    return redirect(f"/organisations/{made}?done=added")


async def move(request: web.Request) -> web.Response:
    unit, data = organisation_id(request), await posted(request)
    under = text(data, "under")
    try:
        if not under:
            raise Refused("organisation_missing")
        await organisations.move(context(request), request[USER], unit, OrganisationId(under))
    except HandledFromAbove as refused:
        return await _page(request, refusal=refused.code, handled=refused.people)
    except Refused as refused:
        return await _page(request, refusal=mendable(refused))
    return redirect(f"/organisations/{unit}?done=moved")


async def close(request: web.Request) -> web.Response:
    unit = organisation_id(request)
    try:
        await organisations.close(context(request), request[USER], unit)
    except Refused as refused:
        return await _page(request, refusal=mendable(refused))
    return redirect(f"/organisations/{unit}?done=closed")


async def reopen(request: web.Request) -> web.Response:
    unit = organisation_id(request)
    try:
        await organisations.reopen(context(request), request[USER], unit)
    except Refused as refused:
        return await _page(request, refusal=mendable(refused))
    return redirect(f"/organisations/{unit}?done=reopened")


async def _page(
    request: web.Request,
    form: OrganisationForm | None = None,
    refusal: str = "",
    handled: Sequence[tuple[str, int, int]] = (),
) -> web.Response:
    found = await organisations.page(context(request), request[USER], organisation_id(request))
    unit, year = found.organisation, context(request).clock().year
    return render(
        request,
        "people/organisation.html",
        status=422 if form or refusal else 200,
        page=found,
        form=form or OrganisationForm.of(unit),
        kinds=OrganisationKind,
        zones=ZONES,
        refusal=refusal,
        handled=handled,
        example=written(unit, CaseKind.MEDIATION, Regime.PEOPLES, year, 12),
        done=DONE.get(request.query.get("done", ""), ""),
        depths=depths(found.targets),
    )


async def _new(
    request: web.Request, form: OrganisationForm, above: str, units: list[Organisation]
) -> web.Response:
    return render(
        request,
        "people/organisation_new.html",
        status=422 if form.errors else 200,
        form=form,
        under=above,
        units=units,
        depths=depths(units),
        kinds=OrganisationKind,
        zones=ZONES,
    )


async def _above(request: web.Request, wanted: str) -> Organisation | None:
    """The one a new one is to come under, when it is known from the page before."""
    if not wanted:
        return None
    found = await organisations.page(context(request), request[USER], OrganisationId(wanted))
    return None if found.organisation.closed else found.organisation


def depths(units: Sequence[Organisation]) -> dict[str, str]:
    """How far each is moved in, in a list that is a tree."""
    least = min((len(unit.above) for unit in units), default=0)
    # Figure spaces: ordinary ones at the beginning of an option are not shown.
    return {unit.id: "\u2007" * 2 * (len(unit.above) - least) for unit in units}


def _count(branches: Sequence[Branch]) -> int:
    return sum(1 + _count(branch.branches) for branch in branches)


ROUTES = (
    Route("GET", "/organisations", tree, Who.STAFF, Verb.MANAGE),
    Route("POST", "/organisations", make, Who.STAFF, Verb.MANAGE),
    Route("GET", "/organisations/new", new, Who.STAFF, Verb.MANAGE),
    *(
        Route(method, path, handler, Who.STAFF, Verb.MANAGE, About.ORGANISATION)
        for method, path, handler in (
            ("GET", "/organisations/{organisation}", page),
            ("POST", "/organisations/{organisation}", change),
            ("POST", "/organisations/{organisation}/move", move),
            ("POST", "/organisations/{organisation}/close", close),
            ("POST", "/organisations/{organisation}/reopen", reopen),
        )
    ),
)
