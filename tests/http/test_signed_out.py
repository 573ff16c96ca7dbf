"""A form that is sent when the sign-in has ended: nothing of it is lost, and nothing told."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from server.http import signed_out, uploads
from server.http.templates import FOLDER
from tests.http.house import House
from tests.http.test_files import kept
from tests.http.test_files import send as send_files
from tests.http.test_forms import CASE, Fields, changed, listed, send
from tests.security.test_files import jpeg

ODD = '𠮷 "> <script>alert(1)</script>\n㼆 & more'


class Form(HTMLParser):
    """What the form of a page would send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: Fields = []
        self.files: list[str] = []
        self.action = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = found["action"]
        elif tag == "input" and found["type"] == "hidden":
            self.fields.append((found["name"], found["value"]))
        elif tag == "input" and found["type"] == "file":
            self.files.append(found["name"])


async def test_a_form_comes_back_whole_and_is_sent_once(house: House) -> None:
    fields = [*changed(CASE, title="Wall 𠮷"), ("action", "save"), ("odd", ODD)]
    before = await listed(house)
    async with house.browser() as nobody:
        status, page = await send(nobody, "/cases?lang=en", fields)
        form = Form(page)
        assert (status, form.action, form.fields) == (401, "/cases?lang=en", fields)
        assert "<script>alert" not in page
        # Not signed in yet: it comes back as often as it is sent.
        assert Form((await send(nobody, form.action, form.fields))[1]).fields == fields
    async with house.browser("mediator") as mediator:
        first = await send(mediator, form.action, form.fields)
        assert first[0] == 303
        assert await send(mediator, form.action, form.fields) == first
    assert await listed(house) == before + 1


async def test_it_may_not_be_kept_by_a_cache(house: House) -> None:
    async with house.browser() as nobody, nobody.post("/cases", data=dict(CASE)) as answer:
        assert (answer.status, answer.headers["Cache-Control"]) == (401, "no-store")


async def test_what_another_site_has_sent_is_not_given_to_anybody(house: House) -> None:
    async with house.browser() as nobody:
        headers = {"Origin": "https://elsewhere.test"}
        async with nobody.post("/cases", data=dict(CASE), headers=headers) as answer:
            assert answer.status == 403
            assert "Wall" not in await answer.text()


async def test_a_password_is_never_given_back(house: House) -> None:
    sent = [("old", "correct horse"), ("new", "battery staple")]
    async with house.browser() as nobody:
        status, page = await send(nobody, "/profile/password", sent)
    assert status == 401
    assert not any(word in page for _, word in sent)
    assert "Send it again" not in page


def test_every_secret_that_is_typed_is_known_as_one() -> None:
    typed = r'<input[^>]*?name="(\w+)"[^>]*type="password"|field\("(\w+)".*?type="password"'
    codes = r'field\("(\w+)"[^\n]*one-time-code|name="(\w+)"[^\n]*one-time-code'
    found = {
        name
        for file in FOLDER.rglob("*.html")
        for names in re.findall(f"{typed}|{codes}", file.read_text())
        for name in names
        if name
    }
    # Whoever comes by an invitation is nobody yet, and has nobody's rights: `again` is theirs.
    assert found - {"again"} == signed_out.SECRET


async def test_files_are_chosen_again_and_the_rest_stays(house: House) -> None:
    photos = [("photos", f"{n}.jpg", jpeg()) for n in range(2)]
    async with house.browser() as nobody:
        status, page = await send_files(nobody, "/reports", photos, title="Wall", facts=ODD)
    form = Form(page)
    assert (status, form.files) == (401, ["photos"])
    assert form.fields == [("title", "Wall"), ("facts", ODD)]
    assert 'enctype="multipart/form-data"' in page
    assert kept(house) == 0


async def test_more_text_than_a_form_has_is_refused(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LONGEST_TEXT", 100)
    async with house.browser() as nobody:
        status, page = await send_files(nobody, "/reports", [], title="x" * 60, facts="y" * 60)
    assert (status, "<code>too_large</code>" in page) == (413, True)
