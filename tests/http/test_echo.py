"""A page tries its network through the media plane: who may, and what is said otherwise."""

from __future__ import annotations

from typing import Any

from aiohttp import ClientSession

from server.domain.ids import SeatId
from tests.gateway.plane import PaperPlane
from tests.http.house import House

OFFER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n"


async def ask(browser: ClientSession, seat: SeatId, **body: object) -> tuple[int, dict[str, Any]]:
    async with browser.post(f"/j/{seat}/echo", json=body or {"sdp": OFFER}) as answer:
        return answer.status, await answer.json()


async def test_a_seats_own_cookie_gets_an_answer_and_no_other_does(house: House) -> None:
    house.ctx.gate = PaperPlane()
    alice, opponent = house.world.alice, house.world.opponent
    async with house.browser(seat=alice) as phone:
        assert await ask(phone, alice) == (200, {"sdp": "v=0 answer"})
        status, refused = await ask(phone, opponent)
        assert (status, refused["code"]) == (401, "no_seat")
    async with house.browser() as stranger:
        assert (await ask(stranger, alice))[1]["code"] == "no_seat"
        assert (await ask(stranger, SeatId("nobody")))[0] == 403


async def test_what_is_no_offer_is_refused_with_a_sentence(house: House) -> None:
    house.ctx.gate = PaperPlane()
    alice = house.world.alice
    async with house.browser(seat=alice) as phone:
        status, refused = await ask(phone, alice, sdp="nonsense")
        assert (status, refused["code"]) == (409, "bad_sdp")
        assert refused["text"].startswith("This browser")
        for body in ({"sdp": 7}, {"sdp": OFFER + "x" * 60_000}, {"sdp": "\0"}, {"token": OFFER}):
            assert (await ask(phone, alice, **body))[1]["code"] == "bad_request"
        async with phone.post(f"/j/{alice}/echo", data={"sdp": OFFER}) as answer:
            assert (await answer.json())["code"] == "bad_request"


async def test_without_media_or_too_often_there_is_none(house: House) -> None:
    alice = house.world.alice
    async with house.browser(seat=alice) as phone:
        assert (await ask(phone, alice))[1]["code"] == "no_ports"
        house.ctx.settings = house.ctx.settings.model_copy(update={"join_limit": "2/minute"})
        found = [(await ask(phone, alice))[1]["code"] for _ in range(3)]
        assert found[-1] == "too_many"


async def test_after_a_meeting_there_is_nothing_to_try(house: House) -> None:
    house.ctx.gate = PaperPlane()
    alice, session = house.world.alice, house.world.session.id
    async with house.browser(seat=alice) as phone, house.browser("mediator") as staff:
        async with staff.post(f"/sessions/{session}/cancel") as answer:
            assert answer.ok
        assert (await ask(phone, alice))[1]["code"] == "session_over"
