from __future__ import annotations

import json
import stat
from dataclasses import replace

from server.domain.ids import DeviceId, SessionId
from server.domain.result import Result, ResultKind
from server.domain.session import Session
from server.security.ids import new_secret_id
from server.security.keys import KeyStore
from server.services import audit, bookings, cases, demo, sessions, staff
from server.services.context import Context
from server.services.live import carry_out
from tests.services.conftest import Clock


async def test_the_demo_is_a_bureau_with_a_mediation_due_now(ctx: Context, clock: Clock) -> None:
    made = await demo.seed(ctx)
    assert json.loads(json.dumps(made)) == made
    assert made["url"] == "https://heyi.example"
    assert {s["role"] for s in made["staff"]} == {
        "mediator",
        "clerk",
        "supervisor",
        "administrator",
    }
    session = made["session"]
    assert [(link["name"], link["side"]) for link in session["party_links"]] == [
        ("周丽华", "A"),
        ("孙国强", "B"),
    ]
    links = [session["host_link"], *(link["url"] for link in session["party_links"])]
    assert len(set(links)) == 3
    assert all(link.startswith("https://heyi.example/j/") for link in links)
    assert await audit.verify(ctx) == []


async def test_everybody_signs_in_and_sees_what_is_theirs(ctx: Context) -> None:
    made = await demo.seed(ctx)
    seen = {}
    for n, member in enumerate(made["staff"]):
        token = await staff.sign_in(ctx, member["login"], member["password"], f"192.0.2.{n}")
        user = await staff.who(ctx, token)
        assert user is not None
        seen[member["role"]] = len(await cases.listing(ctx, user))
        if member["role"] == "mediator":
            today = await bookings.today(ctx, user)
            assert made["session"]["id"] in [line.id for line in today]
    assert seen == {"mediator": 5, "clerk": 5, "supervisor": 5, "administrator": 0}


async def test_its_past_meetings_were_held_by_the_rules(ctx: Context) -> None:
    made = await demo.seed(ctx)
    mediator = made["staff"][0]
    token = await staff.sign_in(ctx, mediator["login"], mediator["password"], "192.0.2.1")
    user = await staff.who(ctx, token)
    assert user is not None
    results = set()
    for line in await cases.listing(ctx, user):
        page = await cases.page(ctx, user, line.case.id)
        for session in page.sessions:
            if session.result:
                results.add(session.result.kind)
                verbs = [e.verb for e in page.time_line]
                assert verbs[0] == "case.created"
                assert "session.consented" in verbs
                assert verbs[-1] == "session.ended"
        assert [e.at for e in page.time_line] == sorted(e.at for e in page.time_line)
    assert results == {ResultKind.AGREED, ResultKind.ADJOURNED}


async def test_seeding_again_changes_nothing(ctx: Context, clock: Clock) -> None:
    made = await demo.seed(ctx)
    clock.forward(days=3)
    later = replace(ctx, keys=KeyStore(ctx.settings.data_dir / "keys"))
    assert await demo.seed(later) == made


async def test_a_new_mediation_when_the_last_has_ended(ctx: Context) -> None:
    made = await demo.seed(ctx)
    session_id = SessionId(made["session"]["id"])

    def end(session: Session, now: object) -> None:
        host = session.main_host.id
        session.connect(host, DeviceId(new_secret_id()), ctx.clock())
        session.end(host, Result(ResultKind.AGREED, "谈成了"), ctx.clock())

    await carry_out(ctx, session_id, end)
    again = await demo.seed(ctx)
    assert again["session"]["id"] != session_id
    assert again["staff"] == made["staff"]
    state = await sessions.state(ctx, SessionId(again["session"]["id"]))
    assert state.case == (await sessions.state(ctx, session_id)).case


async def test_a_new_mediation_when_the_links_have_expired(ctx: Context, clock: Clock) -> None:
    made = await demo.seed(ctx)
    clock.forward(days=ctx.settings.link_ttl_days + 1)
    assert (await demo.seed(ctx))["session"]["id"] != made["session"]["id"]


async def test_only_the_own_account_reads_the_passwords(ctx: Context) -> None:
    made = await demo.seed(ctx)
    file = ctx.settings.data_dir / "demo.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert set(json.loads(file.read_text()).values()) == {s["password"] for s in made["staff"]}
    assert len({s["password"] for s in made["staff"]}) == 4
