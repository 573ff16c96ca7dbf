"""A meeting of a test's own on a server that is shared: booked with the forms that staff use."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import aiohttp

from bench.demo import Demo, Party


@dataclass(frozen=True, slots=True)
class Meeting:
    demo: Demo
    page: str
    """Its address for staff."""
    host: Party
    parties: list[Party]
    helper_links: list[str]
    """In the order of the parties."""

    @property
    def party(self) -> Party:
        """The first of them."""
        return self.parties[0]


async def book(demo: Demo, *guests: tuple[str, str, str]) -> Meeting:
    """Another meeting of the case of the demo, due soon enough to come and wait; `guests`: role,
    side and name of others.
    """
    async with _mediator(demo) as http:
        page = await _get(http, f"/sessions/{demo.session}")
        soon = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(minutes=15)
        case = _only(r'href="(/cases/[^"/]{36})"', page)
        form = await _get(http, f"{case}/sessions/new")
        fields: dict[str, str | list[str]] = {
            "key": _only(r'name="key" value="([^"]+)"', form),
            "date": f"{soon:%Y-%m-%d}",
            "time": f"{soon:%H:%M}",
            "party": re.findall(r'name="party" value="([^"]+)"', form),
            "role": [role for role, _, _ in guests],
            "side": [side for _, side, _ in guests],
            "name": [name for _, _, name in guests],
            "action": "save",
        }
        booked = await _send(http, f"{case}/sessions/new", **fields)
        # The other tests' meetings are at that time, too.
        if seen := re.findall(r'name="seen" value="([^"]+)"', booked):
            booked = await _send(http, f"{case}/sessions/new", **fields, seen=seen)
        names = re.findall(r"<h3>([^<]+?) *<span", booked)
        links = [
            html.unescape(link) for link in re.findall(r'class="link" value="([^"]+)"', booked)
        ]
        helpers = re.findall(r'id="helper-[^"]+" value="([^"]+)"', booked)
        host, *parties = (Party(*seat) for seat in zip(names, links, strict=True))
        page = _only(r'action="(/sessions/[^"/]+)/enter"', booked)
        return Meeting(
            demo, f"{demo.url}{page}", host, parties, [html.unescape(link) for link in helpers]
        )


async def add_to_case(demo: Demo, name: str, content: bytes) -> None:
    """A paper into the file of the demo's case, as staff add it."""
    async with _mediator(demo) as http:
        page = await _get(http, f"/sessions/{demo.session}")
        case = _only(r'href="(/cases/[^"/]{36})"', page)
        form = aiohttp.FormData({"kind": "evidence"})
        form.add_field("files", content, filename=name, content_type="application/pdf")
        async with http.post(f"{case}/documents", data=form) as answer:
            answer.raise_for_status()


_SIGNED_IN: WeakKeyDictionary[Demo, dict[str, str]] = WeakKeyDictionary()
"""A server bears ten sign-ins of one person in a row; its tests are more."""


@asynccontextmanager
async def _mediator(demo: Demo) -> AsyncIterator[aiohttp.ClientSession]:
    jar = aiohttp.CookieJar(unsafe=True)  # an address without a name keeps cookies too
    async with aiohttp.ClientSession(
        demo.url, headers={"Origin": demo.url}, cookie_jar=jar, cookies=_SIGNED_IN.get(demo)
    ) as http:
        if demo not in _SIGNED_IN:
            mediator = demo.staff["mediator"]
            await _send(http, "/sign-in", login=mediator["login"], password=mediator["password"])
            _SIGNED_IN[demo] = {cookie.key: cookie.value for cookie in jar}
        yield http


async def _get(http: aiohttp.ClientSession, path: str) -> str:
    async with http.get(path) as answer:
        answer.raise_for_status()
        return await answer.text()


async def _send(http: aiohttp.ClientSession, path: str, **fields: str | list[str]) -> str:
    pairs = [
        (name, value)
        for name, given in fields.items()
        for value in (given if isinstance(given, list) else [given])
    ]
    async with http.post(path, data=pairs) as answer:
        if answer.status != 422:  # the form again, with what is still to be said
            answer.raise_for_status()
        return await answer.text()


def _only(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, pattern
    return found[1]
