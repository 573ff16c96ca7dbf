from __future__ import annotations

from aiohttp import ClientSession

from server.domain.case import Case
from server.services import notices, sealed
from server.store import cases
from tests.http.house import House

ONE = "/notices/templates/case_accepted/en"
OWN = {
    "subject": "Accepted",
    "body": "{organisation} takes your matter under {number}.",
    "provider_template": "SMS_7",
    "version": "0",
}


async def told(house: House) -> Case:
    """Alice was told that her matter is open again."""
    ctx, case_id = house.ctx, house.world.case.id
    await sealed.new_key(ctx, case_id, house.world.bureau.id)
    async with ctx.store.write() as conn:
        case = await cases.load(conn, case_id)
        assert case is not None
        values = {"mediator": "<b>王敏</b>"}
        await notices.to_party(ctx, conn, case, case.parties[0].id, "handed_over", values, "k")
    return case


async def text(browser: ClientSession, path: str, status: int = 200) -> str:
    async with browser.get(path) as answer:
        assert answer.status == status
        return await answer.text()


async def post(browser: ClientSession, path: str, status: int, **data: str) -> str:
    async with browser.post(path, data=data, allow_redirects=False) as answer:
        assert answer.status == status
        return answer.headers.get("Location") or await answer.text()


async def test_the_log_and_the_case_show_what_was_not_sent(house: House) -> None:
    case = await told(house)
    async with house.browser("mediator") as browser:
        log = await text(browser, "/notices?state=no_address&channel=copy&template=handed_over")
        assert "Handed over" in log
        assert "Not sent: no telephone or e-mail" in log
        assert "No notices here." in await text(browser, "/notices?state=sent")
        assert "Alice" in await text(browser, "/notices?state=nonsense")
        page = await text(browser, f"/cases/{case.id}")
        assert "Copy text for WeChat" in page
        assert "&lt;b&gt;王敏&lt;/b&gt; is your mediator" in page
    async with house.browser("supervisor") as browser:
        page = await text(browser, f"/cases/{case.id}")
        assert "Handed over" in page
        assert "Copy text for WeChat" not in page
        assert "is your mediator" not in page


async def test_administrators_see_how_sending_goes_and_no_notices(house: House) -> None:
    await told(house)
    async with house.browser("administrator") as browser:
        log = await text(browser, "/notices")
    assert "Not set up" in log
    assert "Alice" not in log
    assert "漏水" not in log


async def test_sent_again_and_in_another_language(house: House) -> None:
    case = await told(house)
    alice = case.parties[0].id
    async with house.browser("mediator") as browser:
        page = await text(browser, f"/cases/{case.id}")
        again = page.partition(f'action="/cases/{case.id}/notices/')[2].partition('"')[0]
        to = await post(browser, f"/cases/{case.id}/notices/language/{alice}", 303, language="en")
        assert to == f"/cases/{case.id}?done=notice_language#notices"
        for _ in range(2):
            to = await post(browser, f"/cases/{case.id}/notices/{again}", 303, key="form")
            assert to == f"/cases/{case.id}?done=notice_again#notices"
        page = await text(browser, to.partition("#")[0])
    assert "The notice is sent once more." in page
    assert page.count("Copy text for WeChat") == 2


async def test_without_a_provider_it_is_told_by_hand(house: House) -> None:
    case = await told(house)
    async with house.browser("mediator") as browser:
        page = await text(browser, f"/cases/{case.id}")
        path = next(p for p in page.split('action="') if p.partition('"')[0].endswith("/told"))
        to = await post(browser, path.partition('"')[0], 303)
        page = await text(browser, to.partition("#")[0])
    assert "It is written down that they have been told." in page
    assert "Told by hand" in page
    assert 'told">' not in page


async def test_words_are_looked_at_and_saved(house: House) -> None:
    async with house.browser("administrator") as browser:
        assert "Matter accepted" in await text(browser, "/notices/templates")
        assert "has accepted your matter" in await text(browser, ONE)
        looked = await post(browser, ONE, 200, **OWN, action="look")
        assert "takes your matter under (2026) No. 12." in looked
        assert "has accepted your matter" in await text(browser, "/notices/templates")
        assert "done=saved" in await post(browser, ONE, 303, **OWN, action="save")
        assert "takes your matter" in await text(browser, "/notices/templates")
        page = await text(browser, ONE)
        assert "Back to the usual words" in page
        assert "SMS_7" in page
        # Somebody who began before that.
        late = await post(browser, ONE, 422, **OWN | {"subject": "Late"}, action="save")
        assert "Somebody else has changed this meanwhile." in late
        assert 'value="Late"' in late
        await post(browser, ONE, 303, **OWN | {"version": "1"}, action="back")
        page = await text(browser, ONE)
    assert "has accepted your matter" in page
    assert "Back to the usual words" not in page
    assert "version 2" in page


async def test_words_that_can_not_be_used_stay_in_the_form(house: House) -> None:
    async with house.browser("administrator") as browser:
        for action in ("look", "save"):
            wrong = OWN | {"body": "{organisation} {number} {id_number} <script>"}
            page = await post(browser, ONE, 422, **wrong, action=action)
            assert "Something in curly brackets is not known here." in page
            assert '<p class="problem">id_number</p>' in page
            assert "{id_number} &lt;script&gt;" in page
        page = await post(browser, ONE, 422, **OWN | {"body": "Hello"}, action="save")
        assert "Something is missing that the notice must tell." in page
        assert "{number}" in page
        page = await post(browser, ONE, 422, **OWN | {"subject": ""}, action="save")
        assert "Please enter the subject of the mail." in page
        long = OWN | {"provider_template": "x" * 65}
        page = await post(browser, ONE, 422, **long, action="save")
        assert "A template&#39;s id has at most 64" in page


async def test_words_that_there_are_none_of(house: House) -> None:
    async with house.browser("administrator") as browser:
        await text(browser, "/notices/templates/nothing/en", 404)
        await text(browser, "/notices/templates/case_accepted/fr", 404)
        await text(browser, f"{ONE}?org=nowhere", 404)
        # The administrator of a station has no say in its neighbour.
        await text(browser, f"{ONE}?org={house.world.elsewhere.id}", 403)
