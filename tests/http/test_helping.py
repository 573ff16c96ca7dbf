"""The way to a seat by HTTP: reports, the mediator's face, and the page of who helps."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import ClientSession
from yarl import URL

from server.domain.ids import SeatId
from server.services import arrivals, helping, sessions
from server.services.live import load
from tests.http.faces import show_face
from tests.http.house import House


async def link(house: House, seat: SeatId) -> URL:
    async with house.ctx.store.read() as conn:
        session = await load(house.ctx, conn, house.world.session.id)
    return URL(helping.helper_link(house.ctx, session.seats[seat]))


async def opened(browser: ClientSession, url: URL) -> tuple[int, dict[str, Any]]:
    """As the page's script does."""
    async with browser.post(f"{url.path}/exchange", json={"token": url.fragment}) as answer:
        return answer.status, await answer.json()


async def read(browser: ClientSession, path: str) -> tuple[int, str]:
    async with browser.get(path) as answer:
        return answer.status, re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", await answer.text()))


async def test_who_helps_sees_one_way_in_and_no_name(house: House) -> None:
    alice, world = house.world.alice, house.world
    url = await link(house, alice)
    async with house.browser() as helper, house.browser(seat=alice) as phone:
        status, page = await read(helper, url.path)
        assert status == 200
        assert "One moment" in page
        assert await opened(helper, url) == (200, {})
        status, page = await read(helper, url.path)
        assert (status, "has not been opened yet" in page) == (200, True)
        said = {"step": "devices", "fault": "denied", "browser": "WeChat · iPhone"}
        async with phone.post(f"/j/{alice}/progress", json=said) as answer:
            assert answer.status == 200
        _, page = await read(helper, url.path)
        assert "The microphone and the camera are blocked." in page
        assert "WeChat · iPhone" in page
        assert "Read them out one by one" in page
        assert "12348" in page
        hidden = ("Alice", "Bob", "Opponent", "王敏", world.case.title)
        assert not [name for name in hidden if name in page]
        _, chinese = await read(helper, f"{url.path}?lang=zh")
        assert "没有被允许" in chinese


async def test_the_helper_link_is_for_its_seat_while_its_link_is_good(house: House) -> None:
    alice, bob, session = house.world.alice, house.world.bob, house.world.session.id
    url, other = await link(house, alice), await link(house, bob)
    async with house.browser() as helper, house.browser("mediator") as staff:
        assert (await opened(helper, url.with_fragment(other.fragment)))[0] == 403
        assert (await opened(helper, url))[0] == 200
        for path in (f"/j/{alice}/welcome", f"/j/{alice}/room/progress"):
            assert (await read(helper, path))[0] == 401
        assert "has not been opened" not in (await read(helper, other.path))[1]
        await staff.post(f"/sessions/{session}/seats/{alice}/reissue")
        status, page = await read(helper, url.path)
        assert (status, "replaced by a newer one" in page) == (403, True)
        assert await opened(helper, url) == (
            403,
            {
                "code": "link_replaced",
                "text": "This link was replaced by a newer one. Please open the newest message "
                "and tap its link.",
            },
        )


async def test_a_report_that_makes_no_sense_is_refused(house: House) -> None:
    alice = house.world.alice
    async with house.browser(seat=alice) as phone:
        for said in ({"step": "away"}, {"step": "in", "names": ["Alice"]}):
            async with phone.post(f"/j/{alice}/progress", json=said) as answer:
                assert (answer.status, (await answer.json())["code"]) == (422, "report_unusable")
        async with phone.post(f"/j/{house.world.bob}/progress", json={"step": "in"}) as answer:
            assert answer.status == 401


async def test_a_host_who_is_there_reads_the_list(house: House) -> None:
    alice, host = house.world.alice, house.world.host
    async with house.browser(seat=alice) as phone, house.browser(seat=host) as desk:
        network = {"transport": "udp", "rtt_ms": 31, "loss": 0.0}
        said = {"step": "devices", "rehearsal": True, "camera": True, "network": network}
        await phone.post(f"/j/{alice}/progress", json=said)
        async with desk.get(f"/j/{host}/room/progress") as answer:
            assert answer.status == 401
        await connect(house, desk, host)
        async with desk.get(f"/j/{host}/room/progress") as answer:
            (line,) = await answer.json()
    assert line.pop("at")
    assert line == {
        "seat": alice,
        "rehearsal": True,
        "second": False,
        "step": "devices",
        "fault": None,
        "browser": "",
        "microphone": None,
        "camera": True,
        "speaker": None,
        "transport": "udp",
        "rtt_ms": 31,
        "loss": 0.0,
    }


async def test_the_mediators_face_is_shown_if_they_show_it(house: House) -> None:
    alice = house.world.alice
    path = f"/j/{alice}/mediator.jpg"
    async with house.browser(seat=alice) as phone:
        assert await welcomed(phone, alice) is None
        async with phone.get(path) as answer:
            assert answer.status == 404
        await show_face(house.ctx, house.world.wang)
        assert await welcomed(phone, alice) == path
        async with phone.get(path) as answer:
            assert (answer.status, answer.content_type) == (200, "image/png")
    async with house.browser() as stranger, stranger.get(path) as answer:
        assert answer.status == 401


async def welcomed(browser: ClientSession, seat: SeatId) -> str | None:
    async with browser.get(f"/j/{seat}/welcome") as answer:
        found: str | None = (await answer.json())["host_photo"]
        return found


async def connect(house: House, browser: ClientSession, seat: SeatId) -> None:
    """The page behind this browser's cookie opens its socket."""
    value = browser.cookie_jar.filter_cookies(URL(house.url))[f"heyi_seat_{seat}"].value
    device = await arrivals.device_of(house.ctx, seat, value)
    await sessions.connect(house.ctx, seat, device, lambda _: None)
