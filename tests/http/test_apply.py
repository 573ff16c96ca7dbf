"""The public application and the status page, as browsers send and see them."""

from __future__ import annotations

import re

import pytest
from aiohttp import ClientSession, FormData
from sqlalchemy import update

from server.domain.application import Step
from server.http.cookies import APPLICATION, STATUS
from server.services import applications
from server.store import tables
from tests.http.house import House
from tests.services.applying import answered
from tests.store.world import NOON

SCRIPT = "<script>alert(1)</script>"


async def post(browser: ClientSession, path: str, **fields: str) -> tuple[int, str, str]:
    async with browser.post(path, data=fields, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location", ""), await answer.text()


async def page(browser: ClientSession, path: str) -> str:
    async with browser.get(path) as answer:
        assert answer.status == 200
        return await answer.text()


async def fill_in(house: House, browser: ClientSession, **instead: dict[str, str]) -> None:
    steps = answered(house.world.station.id)
    for step, fields in steps.items():
        status, _, _ = await post(browser, f"/apply/{step}", **instead.get(step, fields))
        assert status == 303, step


async def sent(house: House, browser: ClientSession) -> str:
    """Applied; returns the code as it is shown."""
    await post(browser, "/apply")
    await fill_in(house, browser)
    assert (await post(browser, "/apply/send", truth="yes", data="yes"))[1] == "/apply/sent"
    shown = re.search(r'class="matter-code"[^>]*>(.*?)</p>', await page(browser, "/apply/sent"))
    assert shown is not None
    return "-".join(re.findall(r"<span>(\w+)</span>", shown[1]))


async def test_one_goes_on_at_the_first_open_question(house: House) -> None:
    async with house.browser() as browser:
        assert (await post(browser, "/apply"))[1] == "/apply/about"
        assert (await post(browser, "/apply/about", dispute_type="land"))[1] == "/apply/where"
        assert (await post(browser, "/apply"))[1] == "/apply/where"
        assert (await post(browser, "/apply/request", request="Peace"))[1] == "/apply/where"
        async with browser.get("/apply/review", allow_redirects=False) as answer:
            assert answer.headers["Location"] == "/apply/where"


async def test_nothing_is_read_of_whoever_may_begin_no_more(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []

    async def put(*_: object) -> None:
        read.append("a file")

    monkeypatch.setattr(type(house.ctx.blobs), "put", put)
    object.__setattr__(house.ctx.settings, "apply_limit", "1/hour")
    async with house.browser() as browser:
        assert (await post(browser, "/apply"))[0] == 303
    for path in ("/apply/files", "/status/files"):
        form = FormData()
        form.add_field("files", b"%PDF-1.7", filename="a.pdf")
        async with (
            house.browser() as browser,
            browser.post(path, data=form, allow_redirects=False) as answer,
        ):
            assert answer.status == (429 if path.startswith("/apply") else 303)
    assert read == []


async def test_what_was_typed_stays_when_it_is_not_right(house: House) -> None:
    async with house.browser() as browser:
        await post(browser, "/apply")
        status, _, text = await post(browser, "/apply/contact", phone="12", address=SCRIPT)
        assert status == 422
        assert 'value="12"' in text
        assert "&lt;script&gt;" in text
        assert SCRIPT not in text


async def test_script_and_rare_characters_in_every_field(house: House) -> None:
    nasty = f"𠮷㼆{SCRIPT}\"'"
    async with house.browser() as browser:
        await post(browser, "/apply")
        await fill_in(
            house,
            browser,
            facts={"facts": nasty},
            request={"request": nasty},
            you={"kind": "person", "name": nasty},
            contact={"phone": "13800000001", "address": nasty},
            other={"kind0": "person", "name0": "㼆" * 200, "address0": nasty},
            helper={"name": nasty, "phone": "13800000002", "kind": "other"},
        )
        for path in ("/apply/review", *(f"/apply/{step}" for step in Step)):
            assert "<script>alert" not in await page(browser, path), path
        review = await page(browser, "/apply/review")
        assert review.count("𠮷㼆&lt;script&gt;") >= 6
        assert "㼆" * 200 in review
        await post(browser, "/apply/send", truth="yes", data="yes")
    async with house.browser("clerk") as clerk:
        found = await page(clerk, "/cases")
        assert "<script>alert" not in found
        assert "𠮷㼆" in found


async def test_nothing_is_declared_beforehand_and_both_are_needed(house: House) -> None:
    async with house.browser() as browser:
        await post(browser, "/apply")
        await fill_in(house, browser)
        assert "checked" not in await page(browser, "/apply/review")
        assert (await post(browser, "/apply/send", truth="yes"))[0] == 422
        assert (await post(browser, "/apply/send", data="yes"))[0] == 422
        assert (await post(browser, "/apply/send", truth="yes", data="yes"))[0] == 303


async def test_a_form_without_its_application_begins_one_with_what_was_typed(
    house: House,
) -> None:
    async with house.browser() as browser:
        assert (await post(browser, "/apply/facts", facts="A long story"))[0] == 303
        assert "A long story" in await page(browser, "/apply/facts")
    async with (
        house.browser() as other,
        other.get("/apply/facts", allow_redirects=False) as answer,
    ):
        assert answer.headers["Location"] == "/apply"


async def test_after_sending_old_pages_change_nothing(house: House) -> None:
    async with house.browser() as browser:
        code = await sent(house, browser)
        for path in ("/apply/facts", "/apply/send", "/apply/files"):
            assert (await post(browser, path, facts="other"))[1] == "/apply/sent", path
        assert code.split("-")[0] in await page(browser, "/apply/sent")
        assert (await post(browser, "/apply/forget"))[1] == "/"
        async with browser.get("/apply/sent", allow_redirects=False) as answer:
            assert answer.headers["Location"] == "/apply"


async def test_the_cookie_is_not_for_scripts_and_the_database_has_its_hash(house: House) -> None:
    async with house.browser() as browser:
        async with browser.post("/apply", allow_redirects=False) as answer:
            cookie = answer.cookies[APPLICATION]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
        assert int(cookie["max-age"]) == 30 * 24 * 3600
        assert await applications.of(house.ctx, cookie.value) is not None


async def test_a_file_that_is_none_is_refused_and_the_rest_is_kept(house: House) -> None:
    async with house.browser() as browser:
        await post(browser, "/apply")
        form = FormData()
        form.add_field("action", "next")
        form.add_field("files", b"MZ\x90\0", filename="bill.exe", content_type="image/png")
        async with browser.post("/apply/files", data=form, allow_redirects=False) as answer:
            assert answer.status == 422
        form = FormData()
        form.add_field("action", "add")
        form.add_field("files", b"a receipt", filename="bill.txt", content_type="text/plain")
        async with browser.post("/apply/files", data=form, allow_redirects=False) as answer:
            assert "bill.txt" in await answer.text()


async def test_the_code_is_in_no_address_and_no_answer_tells_it_from_another(
    house: House,
) -> None:
    async with house.browser() as browser:
        code = await sent(house, browser)
    async with house.browser() as other:
        answers = {
            (status, re.sub(r' (nonce|value)="[^"]*"', "", text))
            for status, _, text in [
                await post(other, "/status", code=typed) for typed in ("0000-0000-00", "?", "")
            ]
        }
        assert len(answers) == 1
        assert answers.pop()[0] == 422
        assert 'value="7K3M-&#34;x"' in (await post(other, "/status", code='7K3M-"x'))[2]
        status, location, _ = await post(other, "/status", code=code)
        assert (status, location) == (303, "/status/view")
        async with other.get(location) as answer:
            shown = await answer.text()
            assert answer.headers["X-Robots-Tag"] == "noindex"
        assert code not in shown
        assert not [word for word in ("安居", "电梯", "冯") if word in shown]
        kept = {cookie.key: cookie.value for cookie in other.cookie_jar}
        assert code.replace("-", "") not in kept[STATUS]
        assert (await post(other, "/status/leave"))[1] == "/status"
        async with other.get("/status/view", allow_redirects=False) as answer:
            assert answer.headers["Location"] == "/status?over=1"
        assert "enter your matter code again" in await page(other, "/status?over=1")


async def test_taken_back_and_papers_added_by_the_status_page(house: House) -> None:
    async with house.browser() as browser:
        code = await sent(house, browser)
        await post(browser, "/status", code=code)
        form = FormData()
        form.add_field("files", b"a receipt", filename="bill.txt", content_type="text/plain")
        async with browser.post("/status/files", data=form, allow_redirects=False) as answer:
            assert answer.headers["Location"] == "/status/view?done=added"
        assert (await post(browser, "/status/files"))[0] == 422
        assert (await post(browser, "/status/withdraw", reason="a" * 501))[0] == 422
        _, location, _ = await post(browser, "/status/withdraw", reason="Peace")
        assert location == "/status/view?done=withdrawn"
        assert "Take the application back" not in await page(browser, "/status/view")


async def test_staff_tell_the_code_again_and_print_it(house: House) -> None:
    async with house.browser() as browser:
        code = await sent(house, browser)
    async with house.browser("clerk") as clerk:
        found = re.search(r'/cases/([0-9a-f-]{36})"[^>]*>[^<]*冯志明', await page(clerk, "/cases"))
        assert found is not None
        assert f'action="/cases/{found[1]}/code"' in await page(clerk, f"/cases/{found[1]}")
        status, _, slip = await post(clerk, f"/cases/{found[1]}/code")
        assert status == 200
        assert f"<span>{code.split('-')[0]}</span>" in slip
        key = re.search(r'name="key" value="([^"]+)"', slip)
        assert key is not None
        where = f"/cases/{found[1]}/code/renew"
        assert f'action="{where}"' in await page(clerk, f"/cases/{found[1]}")
        first, again = [(await post(clerk, where, key=key[1]))[2] for _ in range(2)]
        shown = "<span>{}</span>".format
        # Loaded again it is still the same new one.
        codes = [re.findall(r"<span>(\w{2,4})</span>", one) for one in (first, again)]
        assert codes[0] == codes[1]
        assert [shown(part) in first for part in code.split("-")] != [True] * 3
    async with house.browser("supervisor") as supervisor:
        assert (await post(supervisor, f"/cases/{found[1]}/code"))[0] == 403


async def test_a_unit_that_was_closed_meanwhile_is_asked_for_again(house: House) -> None:
    async with house.browser() as browser:
        await post(browser, "/apply")
        await fill_in(house, browser)
        here = tables.organisation.c.id == house.world.station.id
        async with house.ctx.store.write() as conn:
            await conn.execute(update(tables.organisation).where(here).values(closed_at=NOON))
        _, location, _ = await post(browser, "/apply/send", truth="yes", data="yes")
        assert location == "/apply/where"
        assert "河西所" in await page(browser, location)


async def test_where_nothing_is_found_one_looks_again(house: House) -> None:
    async with house.browser() as browser:
        await post(browser, "/apply")
        await post(browser, "/apply/about", dispute_type="land")
        nothing = await page(browser, "/apply/where?q=nowhere")
        assert 'class="button main" href="/apply/where"' in nothing
        assert 'value="next"' not in nothing
        assert 'value="next"' in await page(browser, "/apply/where?q=河东所")
