"""The recorder over the wire: asked, answered, stopped before anything is answered; and kept."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any

from server.domain.ids import RecordingId
from server.domain.recorded import Trouble
from server.security.ids import new_id
from server.services import reels
from server.services.context import Reel
from server.store import audit, recordings
from tests.gateway.cast import three
from tests.gateway.house import House, Page, on_sqlite

OFFER = "/j/{}/room/recording/offer?purpose=record_reading&minutes=5&lang={}"
QUESTION = "/j/{}/room/recording?lang={}"
REEL = Reel("sha256:head", 3, 1000, 2500)


async def looked(page: Page, path: str, lang: str = "en") -> Any:
    async with page.http.get(path.format(page.seat, lang)) as answer:
        return await answer.json()


async def asked(host: Page) -> str:
    """Everybody is asked. The recording's id."""
    offer = await looked(host, OFFER)
    words = {"purpose": "record_reading", "minutes": 5, "hash": offer["hash"]}
    assert await host.command("ask_recording", **words) == {"ok": True}
    view = await host.sees(lambda view: view["recording"] is not None)
    return str(view["recording"]["id"])


async def says(page: Page, yes: bool, lang: str = "en") -> dict[str, Any]:
    question = await looked(page, QUESTION, lang)
    answer = {"recording": question["recording"], "hash": question["hash"], "yes": yes}
    return await page.command("answer_recording", **answer)


async def under_way(host: Page, *others: Page) -> RecordingId:
    found = await asked(host)
    for page in others:
        assert (await says(page, True))["ok"]
    for page in (host, *others):
        await page.sees(lambda view: view["recording"] and view["recording"]["writing"])
    return RecordingId(found)


async def test_it_begins_with_the_last_yes_and_ends_with_the_first_no(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, opponent = await three(house, stack)
        offer = await looked(host, OFFER)
        assert "about 5 minutes" in offer["text"]
        assert "3 years" in offer["text"]
        assert house.world.station.name in offer["text"]
        assert offer["hours"] == 12.3
        assert "record_consultation" not in offer["purposes"]
        assert (await looked(alice, OFFER))["code"] == "not_host"
        assert await looked(alice, QUESTION) is None

        recording = await asked(host)
        seen = await alice.sees(lambda view: view["recording"] is not None)
        waits = [w["seat"] for w in seen["recording"]["waits_for"]]
        assert sorted(waits) == sorted([alice.seat, opponent.seat])
        chinese = await looked(alice, QUESTION, "zh")
        assert "约5分钟" in chinese["text"]
        assert chinese["recording"] == recording
        assert (await says(alice, True, "zh"))["ok"]
        assert house.recorder.log == []
        assert (await says(opponent, True))["ok"]
        taping = house.recorder.taping
        assert taping is not None
        assert taping.seats == {host.seat, alice.seat, opponent.seat}
        about = house.recorder.about
        assert (about["purpose"], about["case"]) == ("record_reading", house.world.case.id)
        assert chinese["hash"] in about["texts"]
        assert house.ctx.keys.data.get(f"recording:{recording}")

        assert await alice.command("withdraw", purpose="record_reading") == {"ok": True}
        assert house.recorder.taping is None, "before it is answered"
        assert house.recorder.log == ["write", "pause", "end withdrawn"]
        for page in (host, alice, opponent):
            view = await page.sees(lambda view: view["recording"] is None)
            assert view["recorded"] == "withdrawn"
            assert view["place"] == "joint"
        assert (await _verbs(house))[-6:] == [
            "session.consented",
            "session.consented",
            "session.consented",
            "session.recording_began",
            "session.withdrew",
            "session.recording_ended",
        ]


@on_sqlite
async def test_a_no_a_stop_and_a_move_end_it(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, opponent = await three(house, stack)
        await asked(host)
        assert (await says(alice, False))["ok"]
        assert (await opponent.sees(lambda view: view["recorded"]))["recorded"] == "declined"
        assert house.recorder.log == ["end declined"]

        await under_way(host, alice, opponent)
        assert (await alice.command("stop_recording"))["code"] == "not_host"
        assert await host.command("stop_recording") == {"ok": True}
        assert house.recorder.log[1:] == ["write", "pause", "end stopped"]

        await under_way(host, alice, opponent)
        await opponent.socket.disconnect()
        await host.sees(lambda view: not all(m["present"] for m in view["members"]))
        assert house.recorder.taping is not None
        assert house.recorder.taping.seats == {host.seat, alice.seat}
        assert await host.command("move", seats=[alice.seat], to="caucus") == {"ok": True}
        assert house.recorder.taping is None
        assert house.recorder.log[-1] == "end left"
        view = await host.sees(lambda view: view["place"] == "caucus")
        assert not view["may_record"]
        words = {"purpose": "record_reading", "minutes": 5, "hash": ""}
        assert (await host.command("ask_recording", **words))["code"] == "never_recorded"


@on_sqlite
async def test_what_the_recorder_says_is_told_to_everybody(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, opponent = await three(house, stack)
        recording = await under_way(host, alice, opponent)
        told = reels.Told(house.ctx)
        await told.trouble(recording, Trouble.FULL)
        for page in (host, alice, opponent):
            await page.sees(lambda view: view["recording"]["trouble"] == "full")
        await told.trouble(recording, None)
        await alice.sees(lambda view: view["recording"]["trouble"] is None)
        await told.failed(RecordingId(new_id()))
        await told.failed(recording)
        assert (await alice.sees(lambda view: view["recorded"]))["recorded"] == "failed"
        assert house.recorder.log[-1] == "end failed"


async def test_what_was_kept_is_in_the_audit_once_and_an_unused_key_goes(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, opponent = await three(house, stack)
        unused = RecordingId(await asked(host))
        assert (await says(alice, False))["ok"]
        await reels.keep(house.ctx, unused)
        assert house.ctx.keys.data.get(f"recording:{unused}") is None

        recording = await under_way(host, alice, opponent)
        assert await host.command("stop_recording") == {"ok": True}
        await reels.restart(house.ctx)  # It can't be read just now.
        house.recorder.reels[recording] = REEL
        await reels.restart(house.ctx)
        await reels.keep(house.ctx, recording)
        async with house.ctx.store.read() as conn:
            kept = await recordings.of_case(conn, house.world.case.id)
        assert [one.recording.id for one in kept] == [recording]
        file = kept[0].file
        assert file is not None
        assert (file.head, file.segments, file.ms) == ("sha256:head", 3, 2500)
        assert (file.keep_until - house.clock()).days == house.ctx.settings.recording_days
        assert (await _verbs(house)).count("recording.kept") == 1


async def _verbs(house: House) -> list[str]:
    async with house.ctx.store.read() as conn:
        return [e.verb for e in await audit.of_chain(conn, f"case:{house.world.case.id}")]
