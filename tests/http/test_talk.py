"""The minutes on the page of their meeting: for who works on the case."""

from __future__ import annotations

from server.domain.ids import SessionId
from server.security.ids import new_id
from server.services import arrivals, session_texts, sessions
from server.services.sessions import Caller
from tests.http.house import House


async def _written(house: House, text: str) -> SessionId:
    """By the mediator, in a meeting of a case of theirs."""
    mediator = house.staff["mediator"]
    case = await house.case_of(mediator)
    session, host, _ = await house.session_of(case, mediator)
    arrival = await arrivals.exchange(house.ctx, host, house.token(host), None, "127.0.0.1", "en")
    device = await arrivals.device_of(house.ctx, host, arrival.cookie)
    await sessions.connect(house.ctx, host, device, lambda _: None)
    by = Caller(host, device.id, new_id())
    await session_texts.write_minutes(house.ctx, by, 0, text)
    return session


async def test_the_minutes_stand_on_the_page_of_their_meeting(house: House) -> None:
    session = await _written(house, "甲方陈述\n<b>not markup</b>")
    for role, reads in (("mediator", True), ("clerk", True), ("supervisor", False)):
        async with house.browser(role) as browser, browser.get(f"/sessions/{session}") as answer:
            page = await answer.text()
            assert answer.status == 200
            assert ("甲方陈述" in page) is reads
            assert ("&lt;b&gt;not markup" in page) is reads
            assert ('id="minutes"' in page) is reads
