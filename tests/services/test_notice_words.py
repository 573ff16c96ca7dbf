"""Our own words, and organisations'."""

from __future__ import annotations

from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import pytest

from server.domain.notice import FORMS, NoticeName, filled, places, spoken
from server.services import (
    notice_log,
    notice_texts,
    notice_wordings,
)
from server.services.context import Context
from server.store import audit
from server.words import LANGUAGES
from tests.services.conftest import Staff
from tests.services.refusing import refused
from tests.services.telling import (
    LINK,
    MAIL,
    Providers,
    case_of,
    page_of,
    tell,
    with_providers,
    working,
)
from tests.store.world import World


@pytest.fixture
async def providers(ctx: Context) -> AsyncIterator[Providers]:
    async with with_providers(ctx) as found:
        yield found


# ---- words ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NoticeName)
def test_our_own_words_tell_what_they_must(name: NoticeName, language: str) -> None:
    words = notice_texts.ours(name, language)
    assert words.version >= 1
    assert set(places(words.body)) <= set(FORMS[name].allowed)
    assert set(places(words.body)) >= {*FORMS[name].must, "organisation"}
    assert places(words.subject) == ()
    # A message without a telephone looks like fraud; staff see where to sign in instead.
    assert {"telephone", "address", "link"} & set(places(words.body))


@pytest.mark.parametrize("name", NoticeName)
def test_chinese_words_fit_into_one_message(name: NoticeName) -> None:
    """Apart from addresses of pages, which take what they take."""
    common = {"organisation": "柳河镇人民调解委员会", "telephone": "0571-12345678"}
    given = common | notice_wordings.EXAMPLES["zh"] | {"link": "", "address": ""}
    values = {
        place: spoken(value, "zh", ZoneInfo("Asia/Shanghai")) for place, value in given.items()
    }
    text = filled(notice_texts.ours(name, "zh").body, values)
    assert len(text) <= 70, text


async def test_words_are_in_the_partys_language(
    providers: Providers, world: World, staff: Staff
) -> None:
    ctx, box, _ = providers
    case = await case_of(ctx, world, email=MAIL)
    alice = case.parties[0].id
    await notice_log.choose_language(ctx, staff.wang, case.id, alice, "en")
    await tell(ctx, case, "session_booked", at="2026-11-30T01:30:00+00:00", link=LINK)
    await working(ctx)
    assert "on Mon 30 Nov 09:30. Open this link" in box.mails[0].get_content().replace("\n", " ")
    assert (await page_of(ctx, staff, case)).languages == {alice: "en"}


async def test_an_organisations_own_words_go_before_ours_below_it(
    ctx: Context, world: World, staff: Staff
) -> None:
    admin, name = staff.administrator, "case_reopened"
    own = "{organisation}:我们重新办理您的事项。"
    found = await notice_wordings.one(ctx, admin, "", name, "zh")
    assert found.organisation.id == world.bureau.id
    await notice_wordings.save(ctx, admin, found, "重新办理", own, "", 0)
    case = await case_of(ctx, world)
    await tell(ctx, case)
    assert (await page_of(ctx, staff, case)).notices[0].texts["zh"] == (
        f"{world.station.name}:我们重新办理您的事项。"
    )
    # The station says it in its own way, the other station does not.
    below = await notice_wordings.one(ctx, admin, world.station.id, name, "zh")
    assert (below.words.body, below.version) == (own, 0)
    await notice_wordings.save(ctx, admin, below, "S", "{organisation} {telephone}", "", 0)
    lines = {}
    for where in (world.bureau, world.station, world.elsewhere):
        listing = await notice_wordings.listing(ctx, admin, where.id)
        line = next(x for x in listing.lines if (x.name, x.language) == (name, "zh"))
        lines[where.id] = (line.words.body, line.own)
    assert lines == {
        world.bureau.id: (own, world.bureau.id),
        world.station.id: ("{organisation} {telephone}", world.station.id),
        world.elsewhere.id: (own, world.bureau.id),
    }


async def test_back_to_ours_keeps_the_history(ctx: Context, staff: Staff) -> None:
    admin = staff.administrator
    ours = notice_texts.ours(NoticeName.CASE_CLOSED, "en")
    for version, body in enumerate(["{organisation} one", "{organisation} two", ""]):
        found = await notice_wordings.one(ctx, admin, "", "case_closed", "en")
        subject = "S" if body else ""
        await notice_wordings.save(ctx, admin, found, subject, body, "", version)
    found = await notice_wordings.one(ctx, admin, "", "case_closed", "en")
    assert found.words == ours
    assert [v.own.wording.body for v in found.versions] == [
        "",
        "{organisation} two",
        "{organisation} one",
    ]
    async with ctx.store.read() as conn:
        entries = await audit.of_chain(conn, f"org:{found.organisation.id}")
    assert [e.verb for e in entries].count("notice.worded") == 3


async def test_who_saves_second_is_told(ctx: Context, staff: Staff) -> None:
    admin = staff.administrator
    found = await notice_wordings.one(ctx, admin, "", "case_closed", "en")
    await notice_wordings.save(ctx, admin, found, "S", "{organisation} one", "", 0)
    # One who has not looked again, and one who was sending at the same moment.
    again = await notice_wordings.one(ctx, admin, "", "case_closed", "en")
    for was in (again, found):
        with refused("edited_meanwhile"):
            await notice_wordings.save(ctx, admin, was, "S", "{organisation} two", "", 0)


async def test_words_are_the_administrators(ctx: Context, world: World, staff: Staff) -> None:
    found = await notice_wordings.one(ctx, staff.administrator, "", "case_closed", "en")
    for user in (staff.clerk, staff.supervisor, staff.wang):
        with refused("not_allowed"):
            await notice_wordings.one(ctx, user, world.station.id, "case_closed", "en")
        with refused("not_allowed"):
            await notice_wordings.save(ctx, user, found, "S", "{organisation}", "", 0)
        with refused("not_allowed"):
            await notice_wordings.listing(ctx, user, world.bureau.id)
    for name, language in (("nothing", "en"), ("case_closed", "fr")):
        with refused("not_found"):
            await notice_wordings.one(ctx, staff.administrator, "", name, language)
