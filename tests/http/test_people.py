"""The pages about organisations and people, as forms are sent to them."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from aiohttp import ClientSession, FormData

from server.domain.organisation import OrganisationKind
from server.domain.user import StaffRole
from server.http.device import in_words
from server.security import passwords
from server.services import second_factor
from server.store import accounts, tables, users
from tests.http.house import House
from tests.services.test_profiles import JPEG
from tests.store import world as worlds

PASSWORD = "correct horse"


async def post(browser: ClientSession, path: str, **data: str) -> tuple[int, str, str]:
    """Status, where to, and the page."""
    async with browser.post(path, data=data, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location", ""), await answer.text()


async def get(browser: ClientSession, path: str) -> tuple[int, str]:
    async with browser.get(path) as answer:
        return answer.status, await answer.text()


@pytest.fixture
async def chief(house: House) -> House:
    """With an administrator of the whole bureau, as `administrator`."""
    async with house.ctx.store.write() as conn:
        who = house.staff["administrator"]
        await users.give(conn, who, StaffRole.ADMINISTRATOR, house.world.bureau.id)
        hashed = await passwords.hash_password(PASSWORD)
        await accounts.set_password(conn, who, hashed)
        await accounts.set_password(conn, house.world.wang, hashed)
    return house


# ---- organisations ------------------------------------------------------------------------------


async def test_an_organisation_is_made_changed_moved_and_closed(chief: House) -> None:
    async with chief.browser("administrator") as browser:
        new = {"name": "河心所", "kind": "station", "time_zone": "Asia/Shanghai", "key": "k"}
        bureau, elsewhere = chief.world.bureau.id, chief.world.elsewhere.id
        status, made, _ = await post(browser, "/organisations", under=bureau, **new)
        assert status == 303
        unit = made.partition("?")[0]
        changed = {**new, "short": "心", "number_form": "{year}-{short}-{word}-{n}"}
        assert (await post(browser, unit, **changed))[0] == 303
        _, page = await get(browser, f"{unit}?done=saved")
        assert "Your changes have been saved." in page
        assert "2026-心-人调字-12" in page
        assert (await post(browser, f"{unit}/move", under=elsewhere))[0] == 303
        _, page = await get(browser, unit)
        assert f'<a href="/organisations/{elsewhere}">河西所</a>' in page
        assert (await post(browser, f"{unit}/close"))[0] == 303
        assert "Not in use" in (await get(browser, unit))[1]
        assert (await post(browser, f"{unit}/reopen"))[0] == 303


async def test_a_form_that_is_not_right_keeps_what_was_typed(chief: House) -> None:
    async with chief.browser("administrator") as browser:
        wrong = {"name": "<b>河", "kind": "", "time_zone": "Mars", "number_form": "{n}"}
        status, _, page = await post(browser, "/organisations", under="", **wrong)
    assert status == 422
    assert 'value="&lt;b&gt;河"' in page
    for sentence in ("Please choose an organisation", "Please choose the kind", "time zone is not"):
        assert sentence in page
    assert "must have {year}" in page


async def test_what_keeps_an_organisation_open_is_said(chief: House) -> None:
    async with chief.browser("administrator") as browser:
        path = f"/organisations/{chief.world.station.id}"
        status, _, page = await post(browser, f"{path}/close")
    assert status == 422
    assert "1 open case" in page
    assert "王敏" in page
    assert chief.world.case.title not in page


async def test_who_would_lose_their_cases_by_a_move_is_named(chief: House) -> None:
    world = chief.world
    async with chief.ctx.store.write() as conn:
        kind = OrganisationKind.COMMITTEE
        below = await worlds.organisation(conn, world.station, kind, "河东调委会")
        await worlds.matter(conn, below, world.wang)
    async with chief.browser("administrator") as browser:
        path = f"/organisations/{below.id}"
        status, _, page = await post(browser, f"{path}/move", under=world.elsewhere.id)
        assert status == 422
        assert "王敏: 1 open case" in page
        assert (await post(browser, f"{path}/move", under=world.station.id))[0] == 303


# ---- people -------------------------------------------------------------------------------------


async def test_from_a_new_person_to_their_first_sign_in(chief: House) -> None:
    async with chief.browser("administrator") as browser:
        new = {"name": "Eve", "login": "eve", "role": "clerk", "key": "k"}
        where = chief.world.station.id
        status, person, _ = await post(browser, "/people", organisation=where, **new)
        assert status == 303
        status, _, page = await post(browser, f"{person}/invite")
        assert status == 200
        link = re.search(r"/invite/[\w-]+", page)
        assert link is not None
        _, again = await get(browser, person)
        assert link[0] not in again
    async with chief.browser() as invited:
        status, page = await get(invited, link[0])
        assert (status, "Welcome, Eve" in page) == (200, True)
        status, _, page = await post(invited, link[0], password=PASSWORD, again="x")
        assert (status, "not the same" in page) == (422, True)
        assert (await post(invited, link[0], password=PASSWORD, again=PASSWORD))[0] == 200
        assert (await get(invited, link[0]))[0] == 410
        status, location, _ = await post(invited, "/sign-in", login="eve", password=PASSWORD)
        assert (status, location) == (303, "/today")


async def test_a_new_person_keeps_what_was_typed(chief: House) -> None:
    async with chief.browser("administrator") as browser:
        new = {"name": "Eve", "login": "wang", "role": "clerk"}
        where = chief.world.station.id
        status, _, page = await post(browser, "/people", organisation=where, **new)
        assert status == 422
        assert "already in use" in page
        assert 'value="Eve"' in page
        bad = {"name": "", "login": "王", "phone": "1", "email": "x"}
        status, _, page = await post(browser, "/people", organisation="", **bad)
        assert (status, page.count('class="problem"')) == (422, 6)


async def test_nobody_gives_themself_a_role_and_everybody_sees_their_own(chief: House) -> None:
    async with chief.browser("administrator") as browser:
        me = f"/people/{chief.staff['administrator']}"
        clerk = {"role": "clerk", "organisation": chief.world.bureau.id}
        status, _, page = await post(browser, f"{me}/roles", **clerk)
        assert (status, "another administrator has to do it" in page) == (422, True)
        assert f'action="{me}/roles"' not in page
        assert (await post(browser, f"/people/{chief.world.wang}/roles", **clerk))[0] == 303
    async with chief.browser("mediator") as browser:
        _, page = await get(browser, "/profile")
        assert page.count("Given by administrator") == 1
        assert chief.world.bureau.name in page


async def test_a_mistyped_telephone_is_put_right(chief: House) -> None:
    path, where = f"/people/{chief.world.wang}", chief.world.station.id
    async with chief.browser("administrator") as browser:
        typed = {"name": "王敏", "organisation": where, "email": "wang@example.com"}
        status, _, page = await post(browser, path, **typed, phone="139")
        assert status == 422
        assert 'value="139"' in page
        assert 'value="wang@example.com"' in page
        assert (await post(browser, path, **typed, phone="139 0000 0009"))[0] == 303
        _, page = await get(browser, path)
    assert 'href="tel:13900000009"' in page
    assert "<dd>wang@example.com</dd>" in page
    assert 'name="name" value="王敏"' in page
    assert 'type="tel" value="13900000009"' in page


async def test_the_last_administrator_is_told_so(chief: House) -> None:
    async with chief.browser("administrator") as browser:
        me = f"/people/{chief.staff['administrator']}"
        role = {"role": "administrator", "organisation": chief.world.bureau.id}
        status, _, page = await post(browser, f"{me}/roles/take", **role)
        assert (status, "last administrator" in page) == (422, True)
        status, _, page = await post(browser, f"{me}/leave")
        assert (status, "last administrator" in page) == (422, True)


async def test_leaving_shows_numbers_and_no_titles(chief: House) -> None:
    async with chief.browser("administrator") as browser:
        wang = f"/people/{chief.world.wang}"
        _, page = await get(browser, f"{wang}/leave")
        assert "1 open case" in page
        assert chief.world.case.title not in page
        status, _, page = await post(browser, f"{wang}/leave", successor=chief.world.zhao)
        assert (status, "not possible" in page) == (422, True)
        status, location, _ = await post(browser, f"{wang}/leave", successor=chief.world.li)
        assert (status, location) == (303, f"{wang}?done=left")
        assert "Has left" in (await get(browser, wang))[1]


# ---- oneself ------------------------------------------------------------------------------------


async def test_sign_in_in_two_steps(chief: House) -> None:
    async with chief.browser("mediator") as browser:
        _, page = await get(browser, "/profile/code")
        spans = re.findall(r"<span>([A-Z2-7]{4})</span>", page)
        phone = pyotp.TOTP("".join(spans))
        status, _, page = await post(browser, "/profile/code", code="12345")
        assert status == 422
        status, _, page = await post(browser, "/profile/code", code=phone.at(chief.clock.now))
        assert status == 200
        assert len(re.findall(r"[A-Z2-9]{5}-[A-Z2-9]{5}", page)) == 10
        assert "recovery codes are left" in (await get(browser, "/profile"))[1]
    chief.clock.now += timedelta(minutes=1)
    async with chief.browser() as browser:
        data = {"login": "wang", "password": PASSWORD, "next": "/cases"}
        status, _, page = await post(browser, "/sign-in", **data)
        half = re.search(r'name="half" value="([^"]+)"', page)
        assert half is not None
        assert (await get(browser, "/today"))[1].count("Staff sign-in")
        step = {"half": half[1], "next": "/cases"}
        status, _, page = await post(browser, "/sign-in/code", code="12345", **step)
        assert (status, "not right" in page) == (401, True)
        code = phone.at(chief.clock.now)
        status, location, _ = await post(browser, "/sign-in/code", code=code, **step)
        assert (status, location) == (303, "/cases")
        chief.clock.now += second_factor.HALF_FOR
        status, _, page = await post(browser, "/sign-in/code", code=code, **step)
        assert (status, "Staff sign-in" in page) == (401, True)


async def test_the_password_once_more(chief: House) -> None:
    async with chief.browser("mediator") as browser:
        status, _, page = await post(browser, "/confirm", password="wrong", next="/cases")
        assert (status, "not your password" in page) == (422, True)
        for target, location in (("/cases?x=1", "/cases?x=1"), ("//elsewhere", "/today")):
            sent = await post(browser, "/confirm", password=PASSWORD, next=target)
            assert sent[:2] == (303, location)


async def test_a_profile_and_its_photo(chief: House) -> None:
    async with chief.browser("mediator") as browser:
        said = {"name": "王敏", "languages": "吴语", "listed": "yes", "expertise": "land"}
        assert (await post(browser, "/profile", **said))[0] == 303
        form = FormData()
        form.add_field("file", JPEG, filename="me.jpg", content_type="image/jpeg")
        async with browser.post("/profile/photo", data=form, allow_redirects=False) as answer:
            assert answer.status == 303
        form = FormData()
        form.add_field("file", b"<svg>", filename="me.jpg", content_type="image/jpeg")
        async with browser.post("/profile/photo", data=form) as answer:
            assert (answer.status, "no photo we can show" in await answer.text()) == (422, True)
        status, _, page = await post(browser, "/profile", name="", phone="x", languages="吴语")
        assert (status, 'value="吴语"' in page) == (422, True)
    async with chief.browser() as visitor:
        _, page = await get(visitor, "/mediators")
        assert "王敏" in page
        assert "13800000001" not in page
        photo = re.search(r'src="(/people/[^"]+/photo)', page)
        assert photo is not None
        async with visitor.get(photo[1]) as answer:
            assert answer.content_type == "image/jpeg"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Forests and land" in (await get(visitor, "/mediators?type=land&language=吴语"))[1]
        assert "Nobody on the list fits" in (await get(visitor, "/mediators?type=labour"))[1]


async def test_ones_own_sign_ins(chief: House) -> None:
    async with chief.browser("mediator") as browser, chief.browser("mediator") as other:
        _, page = await get(browser, "/profile")
        which = re.findall(r'name="which" value="([^"]+)"', page)
        assert len(which) == 1
        assert (await get(other, "/profile"))[1].count("This one") == 1
        await post(browser, "/profile/sign-ins/end", which=which[0])
        assert "Staff sign-in" in (await get(other, "/profile"))[1]
        assert "My profile" in (await get(browser, "/profile"))[1]


async def test_script_in_every_field_is_text(chief: House) -> None:
    script = "<script>alert(1)</script>"
    async with chief.ctx.store.write() as conn:
        where = tables.user.c.id == chief.world.wang
        values = {"name": script, "introduction": script, "languages": [script], "listed": True}
        await conn.execute(tables.user.update().where(where).values(**values))
        unit = tables.organisation.c.id == chief.world.station.id
        named = {"name": script, "address": script, "hours": script}
        await conn.execute(tables.organisation.update().where(unit).values(**named))
    async with chief.browser("administrator") as browser:
        for path in (
            "/organisations",
            f"/organisations/{chief.world.station.id}",
            "/people",
            f"/people/{chief.world.wang}",
            f"/people/{chief.world.wang}/leave",
            "/people/new",
            "/mediators",
        ):
            status, page = await get(browser, path)
            assert status == 200, path
            assert script not in page, path


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14; V2270A) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Version/4.0 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.49",
            "WeChat · Android",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537.36 Edg/120", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17.0 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128", "Firefox · Linux"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_devices_in_words(said: str, words: str) -> None:
    assert in_words(said) == words
