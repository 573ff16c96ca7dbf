"""A matter that a court sends: what its parties see of it, and what the court is answered."""

from __future__ import annotations

import re

from aiohttp import ClientSession

from server.store import profiles
from tests.http.house import House
from tests.http.test_forms import send
from tests.http.test_intake import COURT

REFERENCE = "（2026）云0101民诉前调12号"


async def page(browser: ClientSession, path: str) -> str:
    async with browser.get(path) as answer:
        assert answer.status == 200
        return await answer.text()


def words(page: str) -> str:
    found = re.search(r'<textarea id="answer-words"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return found[1]


async def test_the_court_is_answered_in_words_to_copy(house: House) -> None:
    async with house.browser("clerk") as clerk:
        _, location = await send(clerk, "/cases", COURT)
        case = location.partition("?")[0]
        answer = words(await page(clerk, case))
        assert "云溪县人民法院" in answer
        assert REFERENCE in answer
        assert "we have accepted it. Number: （2026）人调字第1号" in answer
    async with house.browser("supervisor") as supervisor:
        assert "answer-words" not in await page(supervisor, case)


async def test_refused_it_says_why_and_no_party_is_said_to_be_told(house: House) -> None:
    fields = [(n, v) for n, v in COURT if n != "accept"]
    async with house.browser("clerk") as clerk:
        _, location = await send(clerk, "/cases", fields)
        case = location.partition("?")[0]
        assert "answer-words" not in await page(clerk, case)
        assert "to be passed on to 云溪县人民法院" in await page(clerk, f"{case}/refuse")
        said = [("key", "k9"), ("ground", "other"), ("words", "<本院已判>"), ("elsewhere", "court")]
        assert (await send(clerk, f"{case}/refuse", said))[0] == 303
        answer = words(await page(clerk, case))
    # Ours are in the language of the office, and so is the reason.
    assert "take it up: " in answer
    assert "&lt;本院已判&gt;" in answer


async def test_its_parties_see_whom_they_may_choose_until_when(house: House) -> None:
    async with house.ctx.store.write() as conn:
        await profiles.set_fields(conn, house.world.li, {"listed": True, "languages": ["吴语"]})
    async with house.browser("clerk") as clerk:
        _, location = await send(clerk, "/cases", COURT)
        case = location.partition("?")[0]
        async with clerk.post(f"{case}/code") as answer:
            code = "".join(re.findall(r"<span>(\w{2,4})</span>", await answer.text()))
    async with house.browser() as party:
        assert await send(party, "/status", [("code", code)]) == (303, "/status/view")
        shown = await page(party, "/status/view")
    assert "until Wed 25 Nov 2026" in shown
    assert "李" in shown
    assert "吴语" in shown
    assert "You need not do anything" not in shown
    assert '<a href="tel:12348">' in shown
