"""Every page of the server, on a phone and at a desk, in both languages: it is there, it fits, axe
finds nothing, and no word of it was left untranslated.

A new route has to be added here, or to what is no page; nothing else looks at all of them.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from functools import cache

import pytest
from babel.messages import pofile
from playwright.async_api import Browser, Page, expect
from yarl import URL

from bench.browser import context
from bench.demo import Demo
from server.domain.application import Step
from server.http.routes import ROUTES
from server.words import CATALOGUE
from tests.browser.furnished import Furnished, inside
from tests.browser.looks import DESK_SIZE, PHONE_SIZE, faultless, fits

AT_ONCE = 2
"""People who look at their pages at the same time."""

NO_PAGES = frozenset(
    {
        "/metrics",
        "/authority.crt",
        "/static/{name:.+}",
        "/people/{user}/photo",
        "/cases/{case}/documents/{document}",
        "/sessions/{session}/seats/{seat}/invitation.ics",
        "/j/{seat}/calendar.ics",
        "/imports/templates/{what}.{form}",
        "/imports/{job}/errors.{form}",
        "/cases/{case}/recordings/{recording}/film/{person}/{kind}",
        "/cases/{case}/recordings/{recording}/certificate.pdf",
        "/j/{seat}/recordings/{recording}/own.webm",
        "/j/{seat}/receipt.json",
    }
)
"""Answers for programs, and files; so are the rows that say `json`."""

Seen = tuple[str, dict[str, str]]
"""By whom, and what stands in the address: words of `Furnished.things`, else as it is."""


def by(who: str, **things: str) -> Seen:
    return who, things


PAGES: dict[str, tuple[Seen, ...]] = {
    "/": (by("visitor"),),
    "/ask": (by("visitor"),),
    "/mediators": (by("visitor"),),
    "/sign-in": (by("visitor"),),
    "/invite/{secret}": (by("visitor", secret="secret"),),
    "/apply": (by("visitor"), by("applying")),
    "/apply/{step}": tuple(by("applying", step=step) for step in Step),
    "/apply/review": (by("applying"),),
    "/apply/forget": (by("applying"),),
    "/apply/sent": (by("applied"),),
    "/status": (by("visitor"),),
    "/status/view": (by("applied"),),
    "/status/withdraw": (by("applied"),),
    "/j/{seat}": (by("visitor", seat="seat"),),
    "/j/{seat}/recordings": (by("party", seat="seat"),),
    "/h/{seat}": (by("visitor", seat="seat"), by("helper", seat="seat")),
    "/confirm": (by("mediator"),),
    "/today": (by("mediator"), by("clerk"), by("administrator")),
    "/cases": (by("clerk"), by("supervisor")),
    "/cases/export": (by("clerk"),),
    "/cases/new": (by("clerk"),),
    "/cases/{case}": (
        by("mediator", case="today"),
        by("mediator", case="agreed"),
        by("clerk", case="applied"),
        by("clerk", case="reported"),
        by("clerk", case="refused"),
        by("clerk", case="referred"),
        by("supervisor", case="today"),
        by("lawyer", case="advised"),
    ),
    "/cases/{case}/refuse": (by("clerk", case="applied"),),
    "/cases/{case}/again": (by("clerk", case="refused"),),
    "/cases/{case}/mediators": (by("clerk", case="referred"),),
    "/offers": (by("mediator2"),),
    "/offers/{offer}": (by("mediator2", offer="offer"),),
    "/cases/{case}/screenings/{side}": (by("mediator", case="today", side="A"),),
    "/cases/{case}/parties/new": (by("mediator", case="today"),),
    "/cases/{case}/parties/{party}": (
        by("mediator", case="today", party="party"),
        by("supervisor", case="today", party="party"),
    ),
    "/cases/{case}/about": (by("mediator", case="today"),),
    "/calendar": (by("mediator"),),
    "/calendar/book": (by("mediator"),),
    "/cases/{case}/sessions/new": (by("mediator", case="today"),),
    "/sessions/{session}": (
        by("mediator", session="session"),
        by("supervisor", session="session"),
    ),
    "/cases/{case}/documents/new": (by("mediator", case="today"),),
    "/cases/{case}/notes/new": (by("mediator", case="today"),),
    "/cases/{case}/extensions/new": (by("mediator", case="today"),),
    "/cases/{case}/close": (by("mediator", case="today"),),
    "/cases/{case}/reopen": (by("mediator", case="agreed"),),
    "/cases/{case}/confirmation": (by("mediator", case="agreed"),),
    "/cases/{case}/recordings/{recording}": (by("mediator", case="today", recording="recording"),),
    "/cases/{case}/join": (by("mediator", case="today"),),
    "/cases/{case}/split": (by("mediator", case="today"),),
    "/cases/{case}/timeline": (by("mediator", case="today"),),
    "/reports": (by("grid_worker"),),
    "/reports/new": (by("grid_worker"),),
    "/notices": (by("mediator"), by("administrator")),
    "/notices/templates": (by("administrator"),),
    "/notices/templates/{template}/{language}": (
        by("administrator", template="case_declined", language="zh"),
    ),
    "/workdays": (by("administrator"),),
    "/imports": (by("clerk"),),
    "/imports/new": (by("clerk"),),
    "/imports/{job}": (by("clerk", job="job"),),
    "/organisations": (by("administrator"),),
    "/organisations/new": (by("administrator"),),
    "/organisations/{organisation}": (by("administrator", organisation="unit"),),
    "/people": (by("administrator"),),
    "/people/new": (by("administrator"),),
    "/people/{user}": (by("administrator", user="person"),),
    "/people/{user}/leave": (by("administrator", user="person"),),
    "/profile": (by("mediator"),),
    "/profile/code": (by("mediator"),),
    "/looks": (by("supervisor"), by("administrator")),
    "/quality": (by("supervisor"), by("administrator")),
}


def test_every_route_is_a_page_here_or_none() -> None:
    shown = {r.path for r in ROUTES if r.method == "GET" and not r.json}
    assert set(PAGES) | NO_PAGES == shown
    assert not set(PAGES) & NO_PAGES


def test_what_is_no_word_for_people_is_known() -> None:
    said = {"Cases", "案件", "Told of: 法院, 仲裁", "court_decided", "case.noted", "grid_worker"}
    assert strange(said, "zh") == {"Cases", "Told of: 法院, 仲裁", "court_decided", "case.noted"}
    assert strange(said, "en") == {"court_decided", "case.noted"}


@pytest.fixture
async def furnished(heyi: Demo) -> AsyncIterator[Furnished]:
    async with inside(heyi) as ctx:
        made = Furnished(ctx, heyi)
        await made.everything()
        yield made


@pytest.mark.timeout(600)
async def test_every_page_is_whole(furnished: Furnished, chromium: Browser) -> None:
    turns = asyncio.Semaphore(AT_ONCE)
    people = sorted({who for seen in PAGES.values() for who, _ in seen})
    found = await asyncio.gather(*(of_one(furnished, chromium, who, turns) for who in people))
    assert [fault for faults in found for fault in faults] == []


async def of_one(
    furnished: Furnished, chromium: Browser, who: str, turns: asyncio.Semaphore
) -> list[str]:
    """All the pages of one person, in one browser; what is wrong with them."""
    async with turns:
        theirs = await context(chromium)
        cookies = await furnished.cookies_of(who)
        await theirs.add_cookies(
            [{"name": n, "value": v, "url": furnished.heyi.url} for n, v in cookies.items()]
        )
        page = await theirs.new_page()
        wrong: list[str] = []
        for path, seen in PAGES.items():
            for _, things in (one for one in seen if one[0] == who):
                known = {n: furnished.things.get(word, word) for n, word in things.items()}
                wrong += await look(page, furnished.heyi, who, path.format(**known))
        await theirs.close()
    return wrong


async def look(page: Page, heyi: Demo, who: str, path: str) -> list[str]:
    """At a page in both languages and sizes: axe sees each of them once."""
    wrong = []
    for language, first, then in (("zh", DESK_SIZE, PHONE_SIZE), ("en", PHONE_SIZE, DESK_SIZE)):
        where = f"{who}: {path} in {language}"
        if fault := await opened(page, heyi, path, language):
            wrong.append(f"{where}: {fault}")
            continue
        wrong += [f"{where}: {word!r}" for word in strange(await words(page), language)]
        try:
            for size in (first, then):
                await page.set_viewport_size(size)
                await fits(page, where)
            await faultless(page, where)
        except AssertionError as fault:
            wrong.append(str(fault))
    return wrong


UNFOLD = """() => {
  for (const fold of document.querySelectorAll('details'))
    if (!fold.closest('.week-free')) fold.open = true;
}"""
"""All but the free hours of a day, which lie over the day as long as one chooses."""


async def opened(page: Page, heyi: Demo, path: str, language: str) -> str:
    """With all that can be unfolded open. What is wrong, if it isn't this page."""
    link = heyi.parties[0].link
    token = f"#{link.partition('#')[2]}" if link.startswith(f"{heyi.url}{path}#") else ""
    answer = await page.goto(f"{heyi.url}{path}?lang={language}{token}")
    if answer is None or answer.status != 200 or URL(page.url).path != path:
        return f"{answer and answer.status} {page.url}"
    if token:
        await expect(page.locator(".go, button").first).to_be_visible()
    await page.evaluate(UNFOLD)
    return ""


# ---- words ------------------------------------------------------------------------------------

READ = """() => {
  const found = [];
  const foreign = (element) => {
    const said = element.closest('[lang]');
    return said && said !== document.documentElement;
  };
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent.closest('script, style, textarea, code, noscript') && !foreign(parent))
      found.push(walker.currentNode.data);
  }
  for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
    for (const element of document.querySelectorAll(`[${name}]`))
      if (!foreign(element)) found.push(element.getAttribute(name));
  return found.map((text) => text.replace(/\\s+/g, ' ').trim()).filter(Boolean);
}"""
CODE = re.compile(r"[a-z]+(_[a-z]+)+|[a-z]+\.[a-z_]+|None|undefined|.*%\(.*")
"""A word of the program where one of ours should stand."""
THEIRS = frozenset({"grid_worker", "English"})
"""The login of somebody; a language that a mediator says to speak."""


async def words(page: Page) -> set[str]:
    return set(await page.evaluate(READ))


def strange(found: set[str], language: str) -> set[str]:
    """What is no word for people, or one in the other language."""
    odd = {text for text in found if CODE.fullmatch(text) and not english(text)}
    if language == "zh":
        odd |= {text for text in found if re.search(r"[A-Za-z]{2}", text) and english(text)}
    return odd - THEIRS


def english(text: str) -> bool:
    plain, patterns = messages()
    return text in plain or any(pattern.fullmatch(text) for pattern in patterns)


@cache
def messages() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """The English of what is said otherwise in Chinese: as it is, and with values in it."""
    with CATALOGUE.open("rb") as file:
        catalogue = pofile.read_po(file, locale="zh_CN")
    plain, patterns = set(), []
    for message in catalogue:
        forms = [message.id] if isinstance(message.id, str) else list(message.id)
        for form in (one for one in forms if one and one not in (message.string or ())):
            said = re.split(r"%\(\w+\)s", form)
            if len(said) == 1:
                plain.add(" ".join(form.split()))
            elif len(re.findall(r"[A-Za-z]{2,}", " ".join(said))) > 1:
                patterns.append(re.compile(".+".join(map(re.escape, said))))
    return frozenset(plain), tuple(patterns)
