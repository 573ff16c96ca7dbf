"""What was recorded: looked at with a reason, given out, held, destroyed; and one's own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession

from recordings import receipt, verify
from recordings.library import RecordingLibrary
from server.domain.ids import CaseId, SeatId, SessionId
from server.domain.recorded import Recording
from server.services import arrivals, retention
from server.services.later import NotNow
from server.store import audit, recordings
from server.store.due import Due
from tests.http import recorded
from tests.http.house import House


@dataclass
class Told:
    """A case with a recording of its host and a party, whose device is known."""

    house: House
    case: CaseId
    session: SessionId
    host: SeatId
    party: SeatId
    recording: Recording

    @property
    def path(self) -> str:
        return f"/cases/{self.case}/recordings/{self.recording.id}"

    async def verbs(self) -> list[str]:
        async with self.house.ctx.store.read() as conn:
            chain = await audit.of_chain(conn, f"case:{self.case}")
        return [entry.verb for entry in chain]


@pytest.fixture
async def told(house: House) -> Told:
    folder = house.ctx.settings.data_dir / "recordings"
    house.ctx.library = RecordingLibrary(folder, house.ctx.keys)
    handler = house.staff["mediator"]
    case = await house.case_of(handler)
    session, host, party = await house.session_of(case, handler)
    async with house.ctx.store.write() as conn:
        found = await recorded.put(conn, session, host)
        await recorded.consents(conn, session, found, host, party)
    house.ctx.keys.data.make(f"recording:{found.id}", house.world.bureau.id)
    head = recorded.write(house.ctx.keys, folder, found, host, party)
    async with house.ctx.store.write() as conn:
        await recordings.change(conn, found.id, head=head)
    return Told(house, case, session, host, party, found)


async def film_of(browser: ClientSession, told: Told) -> str:
    """Give a reason; the address of the host's film."""
    async with browser.post(f"{told.path}/play", data={"why": "asked"}) as answer:
        assert answer.status == 200
        page = await answer.text()
    found = re.search(rf'src="([^"]*/film/{told.host}/video\?[^"]*)"', page)
    assert found
    return found[1].replace("&amp;", "&")


async def test_it_is_looked_at_with_a_reason_piece_by_piece(told: Told) -> None:
    async with told.house.browser("mediator") as browser:
        async with browser.get(f"/cases/{told.case}") as answer:
            assert told.path in await answer.text()
        async with browser.post(f"{told.path}/play", data={}) as answer:
            assert answer.status == 422
        assert "recording.played" not in await told.verbs()
        film = await film_of(browser, told)
        assert (await told.verbs()).count("recording.played") == 1
        async with browser.get(film) as answer:
            whole = await answer.read()
        assert whole.startswith(b"\x1a\x45\xdf\xa3")
        async with browser.get(film, headers={"Range": "bytes=100-299"}) as answer:
            assert answer.status == 206
            assert answer.headers["Content-Range"] == f"bytes 100-299/{len(whole)}"
            assert await answer.read() == whole[100:300]
        async with browser.get(film, headers={"Range": "bytes=-50"}) as answer:
            assert await answer.read() == whole[-50:]
        async with browser.get(film, headers={"Range": f"bytes={len(whole)}-"}) as answer:
            assert answer.status == 416
        async with browser.get(film.partition("?")[0]) as answer:
            assert answer.status == 401, "without a look"
        told.house.clock.now += timedelta(hours=13)
    async with told.house.browser("mediator") as browser, browser.get(film) as answer:
        assert answer.status == 401, "the look is over"
    async with told.house.browser("clerk") as other, other.get(film) as answer:
        assert answer.status == 401, "another's look"


async def test_the_evidence_holds_without_us(told: Told, tmp_path: Path) -> None:
    why = {"words": "For the court."}
    async with (
        told.house.browser("mediator") as browser,
        browser.post(f"{told.path}/bundle", data=why) as answer,
    ):
        assert answer.status == 200
        assert "evidence-" in answer.headers["Content-Disposition"]
        file = tmp_path / "evidence.zip"
        file.write_bytes(await answer.read())
    assert verify.bundle(file, told.house.ctx.keys.audit_public_key) == []
    assert "recording.given" in await told.verbs()
    assert list((told.house.ctx.settings.data_dir / "given").iterdir()) == []


async def test_it_is_held_and_destroyed_and_a_certificate_is_left(told: Told) -> None:
    ctx, of = told.house.ctx, told.recording.id
    due = Due("", retention.EXPIRE, of, {})
    async with told.house.browser("mediator") as browser:
        reason = {"hold_why": "A court has asked for it."}
        async with browser.post(f"{told.path}/hold", data=reason) as answer:
            assert "A court has asked for it." in await answer.text()
        with pytest.raises(NotNow):
            await retention.expire(ctx, due)
        why = {"destroy_why": "Both wish it."}
        async with browser.post(f"{told.path}/destroy", data=why) as answer:
            assert answer.status == 422
            assert "held" in await answer.text()
        async with browser.get(f"{told.path}/certificate.pdf") as answer:
            assert answer.status == 404
        async with browser.post(f"{told.path}/release"):
            pass
        async with browser.post(f"{told.path}/destroy", data=why) as answer:
            assert "Both wish it." in await answer.text()
        async with browser.post(f"{told.path}/play", data={"why": "asked"}) as answer:
            assert answer.status in (410, 422)
        async with browser.get(f"{told.path}/certificate.pdf") as answer:
            assert (await answer.read()).startswith(b"%PDF")
    assert ctx.keys.data.get(f"recording:{of}") is None
    verbs = await told.verbs()
    for verb in ("held", "released", "destroyed"):
        assert verbs.count(f"recording.{verb}") == 1
    await retention.expire(ctx, due)
    assert (await told.verbs()).count("recording.destroyed") == 1


async def test_when_its_time_is_over_it_goes_by_itself(told: Told) -> None:
    await retention.expire(told.house.ctx, Due("", retention.EXPIRE, told.recording.id, {}))
    assert told.house.ctx.keys.data.get(f"recording:{told.recording.id}") is None
    assert "recording.destroyed" in await told.verbs()


async def test_one_hears_ones_own_and_nobody_elses(told: Told) -> None:
    house, seat = told.house, told.party
    own = f"/j/{seat}/recordings/{told.recording.id}/own.webm"
    async with house.browser(seat=seat) as browser:
        async with browser.get(f"/j/{seat}/recordings") as answer:
            assert "Nothing was recorded of you." in await answer.text()
        async with browser.get(own) as answer:
            assert answer.status == 401
        cookie = next(c.value for c in browser.cookie_jar if c.key.endswith(seat))
        device = await arrivals.device_of(house.ctx, seat, cookie)
        async with house.ctx.store.write() as conn:
            for who in (told.host, seat):
                at = (conn, told.session, told.recording, who, device.id)
                await recorded.stayed(*at)
        async with browser.get(f"/j/{seat}/recordings") as answer:
            assert own in await answer.text()
        async with browser.get(own) as answer:
            film = await answer.read()
        key = house.ctx.keys.data.get(f"recording:{told.recording.id}")
        assert key is not None
        theirs = await house.ctx.library.film(told.recording.id, seat, "video")
        assert film == b"".join(theirs.read(0, theirs.size))
        async with browser.get(f"/j/{seat}/receipt.json") as answer:
            said = receipt.check(await answer.read(), house.ctx.keys.audit_public_key)
    assert [one["recording"] for one in said["recorded"]] == [told.recording.id]
    assert [one["space"] for one in said["heard"]] == ["joint"]
