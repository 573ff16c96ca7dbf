"""Staff as an administrator sees them: the list, a person with their roles, a new one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from aiohttp import web

from server.domain.errors import Refused
from server.domain.identity import email_or_none, phone_or_none
from server.domain.ids import OrganisationId, UserId
from server.domain.organisation import Organisation
from server.domain.rights import Verb
from server.domain.user import StaffRole
from server.http.forms import Data, Form, mendable, posted, text
from server.http.keys import USER
from server.http.pages.asked import context
from server.http.pages.organisations import depths
from server.http.templates import redirect, render
from server.http.who import About, Route, Who
from server.services import invitations, organisations, users
from server.services.users import Known, NewPerson, PersonPage
from server.words import N_

DONE = {
    "saved": N_("Your changes have been saved."),
    "given": N_("The role has been given. It counts at once."),
    "taken": N_("The role has been taken away. It counts at once."),
    "code_off": N_("The code at sign-in is switched off for this person."),
    "left": N_("This person has left. Nothing opens with the account any more."),
    "back": N_("This person is back. Give them a role and invite them."),
}


@dataclass(slots=True)
class PersonForm(Form):
    fields: ClassVar[dict[str, str]] = {"login_": "login", "organisation_": "organisation"}
    name: str = ""
    login: str = ""
    phone: str = ""
    email: str = ""
    organisation: str = ""
    roles: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, data: Data) -> PersonForm:
        form = cls(
            name=text(data, "name"),
            login=text(data, "login"),
            phone=text(data, "phone"),
            email=text(data, "email"),
            organisation=text(data, "organisation"),
            roles=set(data.getall("role", [])),
        )
        form.key = text(data, "key")[:64] or form.key
        return form

    @classmethod
    def of(cls, found: PersonPage) -> PersonForm:
        person = found.user
        return cls(
            name=person.name,
            login=found.login,
            phone=found.phone,
            email=found.email,
            organisation=person.organisation,
        )

    def checked(self, units: list[Organisation]) -> NewPerson | None:
        """None with `errors` filled."""
        name = self.check("name", lambda: users.checked_name(self.name))
        login = self.check("login", lambda: users.checked_login(self.login))
        phone = self.check("phone", lambda: phone_or_none(self.phone))
        email = self.check("email", lambda: email_or_none(self.email))
        roles = self.check("role", lambda: users.checked_roles(self.roles))
        if self.organisation not in {unit.id for unit in units}:
            self.errors["organisation"] = "organisation_missing"
        if self.errors or name is None or login is None or roles is None:
            return None
        where = OrganisationId(self.organisation)
        return NewPerson(login, name, where, roles, phone or "", email or "")

    def known(self) -> Known:
        """Of who is there already. Raises Refused."""
        name, phone = users.checked_name(self.name), phone_or_none(self.phone)
        email = email_or_none(self.email)
        if not self.organisation:
            raise Refused("organisation_missing")
        return Known(name, OrganisationId(self.organisation), phone or "", email or "")


def user_id(request: web.Request) -> UserId:
    return UserId(request.match_info["user"])


async def listing(request: web.Request) -> web.Response:
    words, role = request.query.get("q", "").strip()[:100], request.query.get("role", "")
    number = request.query.get("page", "1")
    number_of = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 1
    wanted = StaffRole(role) if role in set(StaffRole) else None
    at = max(1, number_of)
    lines, more = await users.listing(context(request), request[USER], words, wanted, at)
    return render(
        request,
        "people/people.html",
        lines=lines,
        more=more,
        number=at,
        words=words,
        role=wanted or "",
        roles=StaffRole,
    )


async def new(request: web.Request) -> web.Response:
    units = await organisations.mine(context(request), request[USER])
    return _new(request, PersonForm(organisation=request.query.get("at", "")), units)


async def make(request: web.Request) -> web.Response:
    ctx, user = context(request), request[USER]
    form = PersonForm.read(await posted(request))
    units = await organisations.mine(ctx, user)
    good = form.checked(units)
    if good is None:
        return _new(request, form, units)
    try:
        made = await users.make(ctx, user, good, form.key)
    except Refused as refused:
        form.refuse(refused.code)
        return _new(request, form, units)
    return redirect(f"/people/{made}")


async def page(request: web.Request) -> web.Response:
    return await _page(request)


async def change(request: web.Request) -> web.Response:
    who, form = user_id(request), PersonForm.read(await posted(request))
    try:
        await users.change(context(request), request[USER], who, form.known())
    except Refused as refused:
        return await _page(request, mendable(refused), form)
    return redirect(f"/people/{who}?done=saved")


async def give(request: web.Request) -> web.Response:
    who, data = user_id(request), await posted(request)
    try:
        await users.give(context(request), request[USER], who, *_role(data))
    except Refused as refused:
        return await _refused(request, refused)
    return redirect(f"/people/{who}?done=given#roles")


async def revoke(request: web.Request) -> web.Response:
    who, data = user_id(request), await posted(request)
    try:
        await users.revoke(context(request), request[USER], who, *_role(data))
    except Refused as refused:
        return await _refused(request, refused)
    return redirect(f"/people/{who}?done=taken#roles")


async def invite(request: web.Request) -> web.Response:
    """The page itself shows the link: nobody, not even we, can look it up again."""
    try:
        sent = await invitations.invite(context(request), request[USER], user_id(request))
    except Refused as refused:
        return await _refused(request, refused)
    found = await users.page(context(request), request[USER], user_id(request))
    return render(request, "people/invited.html", sent=sent, page=found)


async def reset_second_factor(request: web.Request) -> web.Response:
    who = user_id(request)
    await users.reset_second_factor(context(request), request[USER], who)
    return redirect(f"/people/{who}?done=code_off")


async def _refused(request: web.Request, refused: Refused) -> web.Response:
    """On the page, unless it is that they may not be there at all."""
    return await _page(request, mendable(refused))


async def _page(
    request: web.Request, refusal: str = "", typed: PersonForm | None = None
) -> web.Response:
    """`typed`: what could not be saved of their name, workplace and how they are reached."""
    ctx, user = context(request), request[USER]
    found = await users.page(ctx, user, user_id(request))
    units = await organisations.mine(ctx, user)
    return render(
        request,
        "people/person.html",
        status=422 if refusal else 200,
        page=found,
        units=units,
        depths=depths(units),
        roles=StaffRole,
        refusal=refusal,
        typed=typed,
        form=typed or PersonForm.of(found),
        zone=found.organisation.zone,
        done=DONE.get(request.query.get("done", ""), ""),
    )


def _new(request: web.Request, form: PersonForm, units: list[Organisation]) -> web.Response:
    return render(
        request,
        "people/person_new.html",
        status=422 if form.errors else 200,
        form=form,
        units=units,
        depths=depths(units),
        roles=StaffRole,
    )


def _role(data: Data) -> tuple[StaffRole, OrganisationId]:
    role, where = text(data, "role"), text(data, "organisation")
    if role not in set(StaffRole):
        raise Refused("roles_missing")
    if not where:
        raise Refused("organisation_missing")
    return StaffRole(role), OrganisationId(where)


ROUTES = (
    Route("GET", "/people", listing, Who.STAFF, Verb.MANAGE),
    Route("POST", "/people", make, Who.STAFF, Verb.MANAGE),
    Route("GET", "/people/new", new, Who.STAFF, Verb.MANAGE),
    *(
        Route(method, path, handler, Who.STAFF, Verb.MANAGE, About.PERSON)
        for method, path, handler in (
            ("GET", "/people/{user}", page),
            ("POST", "/people/{user}", change),
            ("POST", "/people/{user}/roles", give),
            ("POST", "/people/{user}/roles/take", revoke),
            ("POST", "/people/{user}/invite", invite),
            ("POST", "/people/{user}/code", reset_second_factor),
        )
    ),
)
