"""One's own profile, password, code at sign-in, and where one is signed in."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiohttp import hdrs, web

from server.domain import profile as rules
from server.domain.case import DisputeType
from server.domain.errors import Refused
from server.domain.identity import email_or_none, phone_or_none
from server.domain.ids import UserId
from server.domain.profile import LARGEST_PHOTO, Profile
from server.http import uploads
from server.http.cookies import staff_token
from server.http.forms import Data, Form, posted, text
from server.http.keys import USER
from server.http.pages.asked import context
from server.http.templates import redirect, render
from server.http.who import Route, Who, signed_in
from server.services import organisations, profiles, second_factor, users
from server.services.profiles import Said
from server.words import N_

DONE = {
    "saved": N_("Your profile has been saved."),
    "photo": N_("Your photo has been saved."),
    "photo_gone": N_("Your photo has been removed."),
    "password": N_("Your password has been changed. All your other sign-ins have ended."),
    "code_off": N_("The code at sign-in is switched off."),
    "ended": N_("The sign-in has ended."),
}


@dataclass(slots=True)
class ProfileForm(Form):
    name: str = ""
    phone: str = ""
    email: str = ""
    expertise: set[str] = field(default_factory=set)
    languages: str = ""
    licence: str = ""
    introduction: str = ""
    listed: bool = False

    @classmethod
    def read(cls, data: Data) -> ProfileForm:
        return cls(
            name=text(data, "name"),
            phone=text(data, "phone"),
            email=text(data, "email"),
            expertise=set(data.getall("expertise", [])),
            languages=text(data, "languages"),
            licence=text(data, "licence"),
            introduction=text(data, "introduction"),
            listed=text(data, "listed") == "yes",
        )

    @classmethod
    def of(cls, profile: Profile) -> ProfileForm:
        return cls(
            name=profile.name,
            phone=profile.phone,
            email=profile.email,
            expertise={str(kind) for kind in profile.expertise},
            languages="、".join(profile.languages),
            licence=profile.licence,
            introduction=profile.introduction,
            listed=profile.listed,
        )

    def checked(self) -> Said | None:
        """None with `errors` filled."""
        found = {
            "name": self.check("name", lambda: users.checked_name(self.name)),
            "phone": self.check("phone", lambda: phone_or_none(self.phone)),
            "email": self.check("email", lambda: email_or_none(self.email)),
            "expertise": self.check("expertise", lambda: rules.checked_expertise(self.expertise)),
            "languages": self.check("languages", lambda: rules.checked_languages(self.languages)),
            "licence": self.check("licence", lambda: rules.checked_licence(self.licence)),
            "introduction": self.check(
                "introduction", lambda: rules.checked_introduction(self.introduction)
            ),
        }
        return None if self.errors else Said(**found, listed=self.listed)  # type: ignore[arg-type]


async def page(request: web.Request) -> web.Response:
    return await _page(request)


async def change(request: web.Request) -> web.Response:
    form = ProfileForm.read(await posted(request))
    good = form.checked()
    if good is None:
        return await _page(request, form)
    await profiles.change(context(request), request[USER], good)
    return redirect("/profile?done=saved")


async def set_photo(request: web.Request) -> web.Response:
    try:
        _, files = await uploads.read(request, LARGEST_PHOTO)
        if not files:
            raise Refused("photo_missing")
        await profiles.set_photo(context(request), request[USER], files[0].chunks())
    except Refused as refused:
        code = "photo_too_large" if refused.code == "file_too_large" else refused.code
        return await _page(request, errors={"photo": code})
    return redirect("/profile?done=photo#photo")


async def remove_photo(request: web.Request) -> web.Response:
    await profiles.remove_photo(context(request), request[USER])
    return redirect("/profile?done=photo_gone#photo")


async def photo(request: web.Request) -> web.Response:
    """Of anybody; the service says who may see it."""
    who = UserId(request.match_info["user"])
    found = await profiles.photo(context(request), await signed_in(request), who)
    headers = {hdrs.CACHE_CONTROL: "private, max-age=300"}
    return web.Response(body=found.content, content_type=found.type, headers=headers)


async def change_password(request: web.Request) -> web.Response:
    data = await posted(request)
    old, new = text(data, "old"), text(data, "new")
    try:
        await profiles.change_password(
            context(request), request[USER], staff_token(request) or "", old, new
        )
    except Refused as refused:
        field_name = "new" if refused.code.startswith("password_too") else "old"
        return await _page(request, errors={field_name: refused.code})
    return redirect("/profile?done=password#password")


async def second_factor_page(request: web.Request) -> web.Response:
    return await _second_factor(request)


async def second_factor_on(request: web.Request) -> web.Response:
    data = await posted(request)
    try:
        codes = await second_factor.switch_on(
            context(request),
            request[USER],
            text(data, "code"),
        )
    except Refused as refused:
        if refused.code == "second_factor_on":
            return redirect("/profile#code")
        return await _second_factor(request, refused.code)
    return render(request, "people/recovery_codes.html", codes=codes)


async def second_factor_off(request: web.Request) -> web.Response:
    data = await posted(request)
    try:
        await profiles.second_factor_off(
            context(request),
            request[USER],
            text(data, "password"),
        )
    except Refused as refused:
        return await _page(request, errors={"password": refused.code})
    return redirect("/profile?done=code_off#code")


async def end_sign_in(request: web.Request) -> web.Response:
    data = await posted(request)
    which = text(data, "which")
    if which:
        await profiles.end_sign_in(context(request), request[USER], which)
    else:
        token = staff_token(request) or ""
        await profiles.end_other_sign_ins(context(request), request[USER], token)
    return redirect("/profile?done=ended#sign-ins")


async def _page(
    request: web.Request, form: ProfileForm | None = None, errors: dict[str, str] | None = None
) -> web.Response:
    """`errors`: of the smaller forms on the page, by field."""
    ctx, user = context(request), request[USER]
    found = await profiles.own(ctx, user, staff_token(request) or "")
    return render(
        request,
        "people/profile.html",
        status=422 if form or errors else 200,
        page=found,
        form=form or ProfileForm.of(found.profile),
        errors=errors or {},
        types=DisputeType,
        zone=(await organisations.of(ctx, user.organisation)).zone,
        done=DONE.get(request.query.get("done", ""), ""),
    )


async def _second_factor(request: web.Request, error: str = "") -> web.Response:
    try:
        found = await second_factor.set_up(context(request), request[USER])
    except Refused:
        return redirect("/profile#code")
    status = 422 if error else 200
    return render(request, "people/second_factor.html", status=status, setup=found, error=error)


ROUTES = (
    Route("GET", "/profile", page, Who.STAFF),
    Route("POST", "/profile", change, Who.STAFF),
    Route("POST", "/profile/photo", set_photo, Who.STAFF, upload=True),
    Route("POST", "/profile/photo/remove", remove_photo, Who.STAFF),
    Route("GET", "/people/{user}/photo", photo, Who.ANYONE),
    Route("POST", "/profile/password", change_password, Who.STAFF),
    Route("GET", "/profile/code", second_factor_page, Who.STAFF),
    Route("POST", "/profile/code", second_factor_on, Who.STAFF),
    Route("POST", "/profile/code/off", second_factor_off, Who.STAFF),
    Route("POST", "/profile/sign-ins/end", end_sign_in, Who.STAFF),
)
