from __future__ import annotations

import json
import stat
from dataclasses import replace

from server.domain.case import CaseStatus
from server.domain.ids import DeviceId, SessionId
from server.domain.result import Result, ResultKind
from server.domain.rights import Clause, Verb, scope
from server.domain.session import Session
from server.domain.user import StaffRole
from server.security.ids import new_secret_id
from server.security.keys import KeyStore
from server.services import audit, demo, meetings, sessions, staff, statuses
from server.services.context import Context
from server.services.live import carry_out
from server.store import cases as stored
from server.store import sessions as stored_sessions
from tests.services.conftest import Clock


async def test_the_demo_is_a_bureau_with_a_mediation_due_now(ctx: Context, clock: Clock) -> None:
    made = await demo.seed(ctx)
    assert json.loads(json.dumps(made)) == made
    assert made["url"] == "https://heyi.example"
    assert {s["role"] for s in made["staff"]} == set(StaffRole)
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
        async with ctx.store.read() as conn:
            seen[member["login"]] = len(await stored.listing(conn, scope(user, Verb.READ_CASE)))
        if member["login"] == "mediator":
            today = await meetings.today(ctx, user)
            assert made["session"]["id"] in [line.id for line in today]
    assert seen == {
        "mediator": 4,
        "mediator2": 0,
        "mediator3": 3,
        "clerk": 8,
        "clerk2": 3,
        "lawyer": 1,
        "supervisor": 12,
        "administrator": 0,
        "grid_worker": 0,
    }


async def test_its_matters_stand_at_every_point(ctx: Context) -> None:
    await demo.seed(ctx)
    async with ctx.store.read() as conn:
        found = await stored.listing(conn, (Clause(""),))
    assert {case.status for case in found} >= {
        "applied",
        "declined",
        "accepted",
        "assigned",
        "mediating",
        "closed",
    }
    assert len({case.dispute_type for case in found}) > 8
    assert len({case.source for case in found}) >= 5
    assert min(case.due_on for case in found if case.due_on) < ctx.clock().date()
    for case in found:
        assert [change.at for change in case.history] == sorted(c.at for c in case.history)
    numbers = sorted((case.organisation, case.created_at, case.number) for case in found)
    given = [(unit, number) for unit, _, number in numbers if number]
    assert given == sorted(given)


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
    assert len({s["password"] for s in made["staff"]}) == len(made["staff"])


async def test_a_new_matter_when_the_last_is_closed(ctx: Context) -> None:
    made = await demo.seed(ctx)
    async with ctx.store.write() as conn:
        session = await stored_sessions.load(conn, SessionId(made["session"]["id"]))
        assert session is not None
        case = await stored.load(conn, session.case, lock=True)
        assert case is not None
        await statuses.change(ctx, conn, case, CaseStatus.CLOSED, None)
    again = await demo.seed(ctx)
    assert again["session"]["id"] != made["session"]["id"]
    assert await demo.seed(ctx) == again
