"""The pages of lists: no number of a person in an address, files that do no harm, no leaks."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import openpyxl
import pytest
from aiohttp import ClientResponse, ClientSession
from multidict import MultiDict

from server.domain.case import DisputeType
from server.domain.ids import CaseId
from server.domain.party import Details
from server.http.sheet import Csv, Xlsx, harmless
from server.security.ids import new_id
from server.services import intake
from server.services.intake import Intake
from server.services.opening import NewParty
from server.store import saved_filters, users
from tests.http.house import House

ID_NUMBER = "11010519491231002X"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
async def case(house: House) -> CaseId:
    people = [
        NewParty("=cmd|x", "A", details=Details(id_number=ID_NUMBER, phone="13800000001")),
        NewParty(SCRIPT, "B"),
    ]
    async with house.ctx.store.read() as conn:
        wang = await users.find(conn, house.staff["mediator"])
    assert wang is not None
    return await intake.create(
        house.ctx, wang, Intake("租赁押金", DisputeType.HOUSING, people), new_id()
    )


@pytest.fixture
async def clerk(house: House) -> AsyncIterator[ClientSession]:
    async with house.browser("clerk") as browser:
        yield browser


async def post(browser: ClientSession, path: str, **form: str) -> ClientResponse:
    return await browser.post(path, data=form, allow_redirects=False)


async def test_words_become_an_address_and_numbers_do_not(
    clerk: ClientSession, case: CaseId
) -> None:
    words = await post(
        clerk, "/cases/find", text=" 租赁 ", status="", sort="came_in", type="housing"
    )
    assert words.status == 303
    assert words.headers["Location"] == "/cases?type=housing&text=%E7%A7%9F%E8%B5%81"
    for typed in (ID_NUMBER, "138 0000 0001"):
        number = await post(clerk, "/cases/find", text=typed)
        assert number.status == 200
        page = await number.text()
        assert f'href="/cases/{case}"' in page
        addresses = re.findall(r'(?:href|action)="([^"]*)"', page)
        assert not any(
            ID_NUMBER in address or "0001" in address for address in addresses if "?" in address
        )
        assert not re.search(r'name="query" value="[^"]*text=', page)


async def test_a_number_in_an_address_is_not_looked_for(clerk: ClientSession, case: CaseId) -> None:
    answer = await clerk.get(f"/cases?text={ID_NUMBER}", allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/cases?said=number")
    answer = await clerk.get(f"/cases/export?text={ID_NUMBER}", allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/cases?said=number")


@pytest.mark.parametrize(
    "query",
    [
        "status=x",
        "sort=x&column=x",
        "since=yesterday",
        "after=x",
        "organisation=x&handler=x",
        "text=%25",
        "text=" + "租" * 500,
        "status=applied&status=closed",
        "bulk=x&said=x",
    ],
)
async def test_an_address_that_is_not_understood_is_a_list_all_the_same(
    clerk: ClientSession, case: CaseId, query: str
) -> None:
    answer = await clerk.get(f"/cases?{query}", allow_redirects=False)
    assert answer.status == 200


async def test_what_people_are_called_is_no_script(clerk: ClientSession, case: CaseId) -> None:
    page = await (await clerk.get("/cases", params={"text": SCRIPT})).text()
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page


async def test_a_list_is_kept_under_a_name_and_deleted(clerk: ClientSession) -> None:
    kept = await post(clerk, "/cases/filters", name="Leaks", query="text=%E6%BC%8F&sort=due")
    assert kept.headers["Location"] == "/cases?text=%E6%BC%8F&sort=due&said=saved"
    page = await (await clerk.get("/cases?text=%E6%BC%8F&sort=due")).text()
    [found] = re.findall(r'name="filter" value="([^"]+)"', page)
    assert "Leaks" in page
    await post(clerk, "/cases/filters/forget", filter=found)
    assert "Leaks" not in await (await clerk.get("/cases?text=%E6%BC%8F&sort=due")).text()
    refused = await post(clerk, "/cases/filters", name="", query="")
    assert refused.status == 422


async def test_ticked_cases_are_changed_and_put_back(clerk: ClientSession, case: CaseId) -> None:
    form = {"case": case, "change": "difficulty:major", "key": new_id(), "query": "text=x"}
    done = await post(clerk, "/cases/bulk", **form)
    [bulk] = re.findall(r"bulk=([\w-]+)", done.headers["Location"])
    assert done.headers["Location"].startswith("/cases?text=x&")
    page = await (await clerk.get(done.headers["Location"])).text()
    assert "1 case changed." in page
    undone = await post(clerk, "/cases/bulk/undo", bulk=bulk, query="")
    assert (
        "1 case is as it was before." in await (await clerk.get(undone.headers["Location"])).text()
    )


async def test_what_was_ticked_and_chosen_stays_when_the_other_is_missing(
    clerk: ClientSession, case: CaseId
) -> None:
    no_change = await post(clerk, "/cases/bulk", case=case, change="", key=new_id(), query="")
    assert no_change.status == 422
    ticks = re.findall(r'name="case" value="([^"]+)"[^>]* checked', await no_change.text())
    assert ticks == [case]
    nothing = await post(clerk, "/cases/bulk", change="difficulty:major", key=new_id())
    assert nothing.status == 422
    assert '"difficulty:major" selected' in await nothing.text()


async def test_without_the_password_nothing_leaves(
    house: House, clerk: ClientSession, case: CaseId
) -> None:
    house.clock.now += timedelta(minutes=16)
    asked = await clerk.get("/cases/export?type=housing", allow_redirects=False)
    assert asked.headers["Location"].startswith("/confirm?next=/cases/export")
    sent = await post(clerk, "/cases/export", why="figures", query="", kind="csv")
    assert (sent.status, sent.headers["Location"]) == (303, "/confirm?next=/cases/export")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_the_file_is_called_after_the_day_where_one_works(house: House, kind: str) -> None:
    house.clock.now += timedelta(hours=13)  # 17:00 in Greenwich, 01:00 in China
    async with house.browser("clerk") as clerk:
        answer = await post(clerk, "/cases/export", why="figures", query="", kind=kind)
    assert f'"heyi-cases-2026-11-24.{kind}"' in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_the_file_is_the_list(clerk: ClientSession, case: CaseId, kind: str) -> None:
    form = MultiDict([("why", "figures"), ("query", "type=housing&column=status"), ("kind", kind)])
    form.extend([("column", "number"), ("column", "parties"), ("sealed", "yes")])
    answer = await clerk.post("/cases/export", data=form, allow_redirects=False)
    assert answer.status == 200
    assert answer.headers["Content-Disposition"].endswith(f'.{kind}"')
    rows = table(kind, await answer.read())
    assert rows[0] == ["Case", "Number", "Parties", "Party", "ID number", "Telephone", "Address"]
    assert [row[0] for row in rows[1:]] == ["租赁押金", "租赁押金"]
    guarded = "'=cmd|x" if kind == "csv" else "=cmd|x"
    assert rows[1][3:6] == [guarded, ID_NUMBER, "13800000001"]
    without = await post(clerk, "/cases/export", why="", query="", kind=kind)
    assert without.status == 422


def table(kind: str, body: bytes) -> list[list[str]]:
    if kind == "csv":
        assert body.startswith(b"\xef\xbb\xbf")
        return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    [sheet] = openpyxl.load_workbook(io.BytesIO(body)).worksheets
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert table("csv", Csv().rows([[text]]))[0] == [f"'{text}"]
    with Xlsx() as sheet:
        [[cell]] = table("xlsx", sheet.rows([[text]]) + sheet.end())
    assert cell.strip() == text.strip()


def test_a_file_that_breaks_off_leaves_nothing_open() -> None:
    with Xlsx() as sheet:
        sheet.rows([["half"]])
    with pytest.raises(ValueError, match="closed"):
        sheet.rows([["more"]])


async def test_a_jump_tells_what_one_may_see_and_no_more(house: House, case: CaseId) -> None:
    async def jump(who: str, typed: object) -> dict[str, list[dict[str, str]]]:
        async with house.browser(who) as browser:
            answer = await browser.post("/jump", json={"q": typed})
            assert answer.status == 200
            found: dict[str, list[dict[str, str]]] = await answer.json()
            return found

    seen = await jump("clerk", "租赁")
    assert [line["href"] for line in seen["cases"]] == [f"/cases/{case}"]
    for who in ("colleague", "elsewhere", "lawyer", "administrator", "grid_worker"):
        assert (await jump(who, "租赁"))["cases"] == [], who
    assert [line["text"] for line in (await jump("clerk", "toda"))["pages"]] == ["Today"]
    assert (await jump("clerk", "王"))["people"][0]["text"] == "王敏"
    assert (await jump("administrator", "王"))["people"] == []
    for strange in (None, 7, ["x"], {"a": 1}):
        assert (await jump("clerk", strange))["cases"] == []


@pytest.mark.parametrize("path", ["/cases/filters", "/cases/export"])
async def test_no_number_of_a_person_is_kept_in_a_list(
    house: House, clerk: ClientSession, path: str
) -> None:
    form = {"name": "Mine", "query": f"text={ID_NUMBER}&status=applied"}
    async with clerk.post(path, data=form, allow_redirects=False) as answer:
        assert answer.status == 303
        assert answer.headers["Location"] == "/cases?said=number"
    async with house.ctx.store.read() as conn:
        assert await saved_filters.of(conn, house.staff["clerk"]) == []
