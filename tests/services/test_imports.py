from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import pytest

from server.domain.case import CaseStatus, Outcome
from server.domain.ids import CaseId, ImportId
from server.domain.importing import ImportJob, ImportKind, ImportState
from server.domain.rights import scope
from server.domain.user import User
from server.services import audit, cases, imports, later, lookups, sealed
from server.services.context import Context
from server.services.importing import passes, tables
from server.services.jobs import JOBS
from server.store import cases as stored_cases
from server.store import imports as stored_imports
from server.store import numbers, parties
from tests.services.conftest import Clock, Staff
from tests.services.refusing import refused
from tests.services.test_documents import files
from tests.store.world import World

ID = "33010219900307823X"
HEADINGS = "number,title,dispute_type,accepted_on,closed_on,outcome,a_name,a_id_number,b_name"
GOOD = "（2024）人调字第7号,漏水,邻里,2024-05-01,2024-06-01,调解成功,张三,33010219900307823X,李四"


def row(**changed: str) -> str:
    cells = dict(zip(HEADINGS.split(","), GOOD.split(","), strict=True))
    return ",".join((cells | changed).values())


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def sent(
    ctx: Context,
    user: User,
    *lines: str,
    what: ImportKind = ImportKind.CASES,
    key: str = "k",
) -> ImportId:
    content = "\n".join(lines).encode()
    return await imports.make(ctx, user, what, pieces(content), key)


async def checked(
    ctx: Context, user: User, *lines: str, what: ImportKind = ImportKind.CASES, key: str = "k"
) -> ImportJob:
    job = await sent(ctx, user, *lines, what=what, key=key)
    await imports.run(ctx, job)
    return (await imports.page(ctx, user, job)).job


async def brought_in(ctx: Context, user: User, job: ImportJob) -> ImportJob:
    await imports.start(ctx, user, job.id)
    await imports.run(ctx, job.id)
    return (await imports.page(ctx, user, job.id)).job


async def mistakes(ctx: Context, user: User, job: ImportJob) -> list[tuple[int, str, str]]:
    page = await imports.page(ctx, user, job.id)
    return [(m.row, m.column, m.code) for m in page.mistakes]


async def listed(ctx: Context, user: User) -> list[cases.CasePage]:
    async with ctx.store.read() as conn:
        found = await stored_cases.listing(conn, scope(user))
    return [await cases.page(ctx, user, case.id) for case in found if case.title != "漏水房"]


# ---- cases --------------------------------------------------------------------------------------


async def test_cases_come_in_as_they_were(ctx: Context, staff: Staff, world: World) -> None:
    facts = "what happened"
    job = await checked(ctx, staff.clerk, f"{HEADINGS},facts", f"{row(title='旧案')},{facts}")
    assert (job.state, job.checked, job.wrong) == (ImportState.CHECKED, 1, 0)
    job = await brought_in(ctx, staff.clerk, job)
    assert (job.state, job.imported, job.file) == (ImportState.DONE, 1, "")
    (case,) = [p.case for p in await listed(ctx, staff.clerk) if p.case.title == "旧案"]
    assert case.number == "（2024）人调字第7号"
    assert (case.status, case.outcome) == (CaseStatus.CLOSED, Outcome.AGREED)
    assert (case.accepted_on, case.closed_on) == (date(2024, 5, 1), date(2024, 6, 1))
    assert [step.status for step in case.history] == ["applied", "accepted", "closed"]
    async with ctx.store.read() as conn:
        hidden = await parties.sealed(conn, case.id)
        statement = await stored_cases.statement(conn, case.id)
    by_name = {p.name: sealed.details(ctx, case.id, p.id, hidden[p.id]) for p in case.parties}
    assert by_name["张三"].id_number == "33010219900307823X"
    assert by_name["张三"].born == date(1990, 3, 7)
    assert sealed.unseal(ctx, case.id, "statement", statement)["facts"] == facts
    assert facts not in statement
    assert await audit.verify(ctx) == []
    assert files(ctx) == []


async def test_every_mistake_is_named_by_row_and_column(ctx: Context, staff: Staff) -> None:
    wrong = [
        ({"title": ""}, ("title", "title_missing")),
        ({"dispute_type": "战争"}, ("dispute_type", "import_word_unknown")),
        ({"dispute_type": ""}, ("dispute_type", "import_cell_missing")),
        ({"accepted_on": "1.5.24"}, ("accepted_on", "import_date_unreadable")),
        ({"accepted_on": "2024-02-30"}, ("accepted_on", "import_date_unreadable")),
        ({"closed_on": "2099-01-01"}, ("closed_on", "import_date_future")),
        ({"closed_on": "2024-04-30"}, ("closed_on", "import_dates_disorder")),
        ({"accepted_on": ""}, ("accepted_on", "import_accepted_missing")),
        ({"outcome": ""}, ("outcome", "import_outcome_missing")),
        ({"closed_on": ""}, ("closed_on", "import_closed_missing")),
        ({"a_name": ""}, ("a_name", "import_cell_missing")),
        ({"a_id_number": "330102199003078231"}, ("a_id_number", "id_number_wrong")),
        ({"a_name": "张三;王五", "a_id_number": f"{ID};{ID}"}, ("a_name", "same_person_twice")),
    ]
    lines = [row(**{"number": "", **change}) for change, _ in wrong]
    job = await checked(ctx, staff.clerk, HEADINGS, *lines)
    found = await mistakes(ctx, staff.clerk, job)
    expected = {(n, *what) for n, (_, what) in enumerate(wrong, start=2)}
    assert expected <= set(found)
    assert {n for n, _, _ in found} == {n for n, _, _ in expected}
    assert job.good == 0


async def test_the_good_rows_come_in_and_the_bad_ones_can_be_mended(
    ctx: Context, staff: Staff
) -> None:
    before = len(await listed(ctx, staff.clerk))
    lines = [row(number=""), row(number="", title=""), row(number="", title="=1+1")]
    job = await brought_in(ctx, staff.clerk, await checked(ctx, staff.clerk, HEADINGS, *lines))
    assert (job.imported, job.wrong) == (2, 1)
    assert len(await listed(ctx, staff.clerk)) == before + 2
    columns, bad = await imports.bad_rows(ctx, staff.clerk, job.id)
    assert [(b.n, b.wrong) for b in bad] == [(3, {"title": "title_missing"})]
    cells = dict(zip((c.name for c in columns), bad[0].cells, strict=True))
    table = [[c.heading for c in columns], list((cells | {"title": "Mended"}).values())]
    mended = await imports.make(
        ctx, staff.clerk, ImportKind.CASES, pieces(tables.as_excel(table)), "k2"
    )
    await imports.run(ctx, mended)
    again = (await imports.page(ctx, staff.clerk, mended)).job
    assert (again.checked, again.wrong) == (1, 0)


async def test_a_number_that_was_kept_is_not_given_out_again(
    ctx: Context, staff: Staff, world: World, clock: Clock
) -> None:
    new = row(number="", accepted_on="2024-02-01")
    lines = [new, row(), new, row(number="（2024）人调字第3号"), row(number="OLD/2024/99")]
    job = await brought_in(ctx, staff.clerk, await checked(ctx, staff.clerk, HEADINGS, *lines))
    assert job.imported == 5
    given = {p.case.number for p in await listed(ctx, staff.clerk)} - {""}
    of_2024 = {f"（2024）人调字第{n}号" for n in (3, 7, 8, 9)}
    assert given >= of_2024 | {"OLD/2024/99"}
    async with ctx.store.write() as conn:
        assert await numbers.take(conn, world.station.id, 2024, "mediation.peoples") == 10


async def test_commercial_mediation_is_numbered_in_its_own_series(
    ctx: Context, staff: Staff
) -> None:
    new = row(number="")
    lines = [f"{new},商事调解", f"{new},", f"{new},nonsense"]
    job = await checked(ctx, staff.clerk, f"{HEADINGS},regime", *lines)
    assert [m[:2] for m in await mistakes(ctx, staff.clerk, job)] == [(4, "regime")]
    await brought_in(ctx, staff.clerk, job)
    given = {p.case.number: p.case.regime for p in await listed(ctx, staff.clerk) if p.case.number}
    assert given.get("（2024）商调字第1号") == "commercial"
    assert given.get("（2024）人调字第1号") == "peoples"


async def test_a_number_is_one_case_s(ctx: Context, staff: Staff) -> None:
    job = await checked(ctx, staff.clerk, HEADINGS, row(), row())
    assert await mistakes(ctx, staff.clerk, job) == [(3, "number", "import_number_taken")]
    await brought_in(ctx, staff.clerk, job)
    again = await checked(ctx, staff.clerk, HEADINGS, row(), key="k2")
    assert await mistakes(ctx, staff.clerk, again) == [(2, "number", "import_number_taken")]


async def test_what_was_free_at_the_check_may_be_taken_at_the_import(
    ctx: Context, staff: Staff
) -> None:
    first = await checked(ctx, staff.clerk, HEADINGS, row(), row(number=""))
    second = await checked(ctx, staff.clerk, HEADINGS, row(), key="k2")
    await brought_in(ctx, staff.clerk, second)
    job = await brought_in(ctx, staff.clerk, first)
    assert (job.state, job.imported, job.wrong) == (ImportState.DONE, 1, 1)
    assert await mistakes(ctx, staff.clerk, job) == [(2, "number", "import_number_taken")]


async def test_an_open_case_is_found_has_deadlines_and_a_mediator(
    ctx: Context, staff: Staff, clock: Clock
) -> None:
    headings = "title,dispute_type,accepted_on,mediator,a_name,a_phone"
    line = "新案,邻里纠纷,2026-11-20,wang,张三、李四,13800000001;13800000002"
    job = await brought_in(ctx, staff.clerk, await checked(ctx, staff.clerk, headings, line))
    await later.do_all(ctx, {imports.DEADLINES: imports.set_deadlines, imports.WORK: imports.work})
    (case,) = [p.case for p in await listed(ctx, staff.wang) if p.case.title == "新案"]
    assert job.imported == 1
    assert case.status is CaseStatus.ASSIGNED
    assert case.handlers == {staff.wang.id}
    assert case.due_on is not None
    assert [p.name for p in case.parties] == ["张三", "李四"]
    hashed = sealed.lookup(ctx, staff.clerk.path.split("/")[0], "phone", "13800000002")
    assert (
        hashed
        in lookups.of(
            ctx, staff.clerk.path.split("/")[0], await details_of(ctx, case.id, "李四")
        ).values()
    )


async def details_of(ctx: Context, case_id: CaseId, name: str):  # type: ignore[no-untyped-def]
    async with ctx.store.read() as conn:
        case = await stored_cases.load(conn, case_id)
        hidden = await parties.sealed(conn, case_id)
    assert case is not None
    party = next(p for p in case.parties if p.name == name)
    return sealed.details(ctx, case_id, party.id, hidden[party.id])


async def test_rows_belong_to_organisations_that_are_one_s_own(ctx: Context, staff: Staff) -> None:
    headings = f"{HEADINGS},organisation"
    lines = [f"{row(number='')},{name}" for name in ("河东所", "河西所", "局", "nowhere")]
    job = await checked(ctx, staff.clerk, headings, *lines)
    found = await mistakes(ctx, staff.clerk, job)
    unknown = "import_organisation_unknown"
    assert found == [(n, "organisation", unknown) for n in (3, 4, 5)]
    lines = [f"{row(number='', title=login)},{login}" for login in ("wang", "zhao", "supervisor")]
    job = await checked(ctx, staff.clerk, f"{HEADINGS},mediator", *lines, key="k2")
    found = await mistakes(ctx, staff.clerk, job)
    assert found == [(n, "mediator", "import_mediator_unknown") for n in (3, 4)]


# ---- the work -----------------------------------------------------------------------------------


async def test_sent_twice_it_is_one_and_started_twice_too(ctx: Context, staff: Staff) -> None:
    before = len(await listed(ctx, staff.clerk))
    first = await sent(ctx, staff.clerk, HEADINGS, row())
    assert await sent(ctx, staff.clerk, HEADINGS, row()) == first
    assert len(files(ctx)) == 1
    for _ in range(2):
        await later.do_all(ctx, JOBS)
        await imports.start(ctx, staff.clerk, first)
    await later.do_all(ctx, JOBS)
    await imports.run(ctx, first)
    assert len(await listed(ctx, staff.clerk)) == before + 1


@pytest.mark.parametrize("at", ["check", "insert"])
async def test_broken_off_it_goes_on_where_it_was(
    ctx: Context, staff: Staff, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    monkeypatch.setattr(passes, "BATCH", 2)
    before = len(await listed(ctx, staff.clerk))
    lines = [row(number="", title=f"n{n}" if n != 3 else "") for n in range(7)]
    job = await sent(ctx, staff.clerk, HEADINGS, *lines)
    importer = passes.IMPORTERS[ImportKind.CASES]
    if at == "insert":
        await imports.run(ctx, job)
        await imports.start(ctx, staff.clerk, job)
    calls = 0
    real = getattr(importer, at)

    async def dies(self, *given):  # type: ignore[no-untyped-def]
        nonlocal calls
        calls += 1
        await real(self, *given)
        if calls == 3:
            raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(importer, at, dies)
        with pytest.raises(asyncio.CancelledError):
            await imports.run(ctx, job)
    await imports.run(ctx, job)
    if at == "check":
        await imports.start(ctx, staff.clerk, job)
        await imports.run(ctx, job)
    done = (await imports.page(ctx, staff.clerk, job)).job
    assert (done.state, done.imported, done.wrong) == (ImportState.DONE, 6, 1)
    assert len(await listed(ctx, staff.clerk)) == before + 6
    assert await audit.verify(ctx) == []


async def started(ctx: Context, user: User, rows: int) -> ImportId:
    lines = [row(number="", title=f"n{n}") for n in range(rows)]
    job = await checked(ctx, user, HEADINGS, *lines)
    await imports.start(ctx, user, job.id)
    return job.id


async def test_two_at_it_at_once_bring_it_in_once(
    ctx: Context, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passes, "BATCH", 2)
    before = len(await listed(ctx, staff.clerk))
    job = await started(ctx, staff.clerk, 7)
    await asyncio.gather(imports.run(ctx, job), imports.run(ctx, job))
    await imports.run(ctx, job)
    done = (await imports.page(ctx, staff.clerk, job)).job
    assert (done.state, done.imported, done.wrong) == (ImportState.DONE, 7, 0)
    assert len(await listed(ctx, staff.clerk)) == before + 7
    assert await audit.verify(ctx) == []


@pytest.mark.parametrize("at", ["position", "state"])
async def test_who_was_overtaken_writes_nothing_and_ends_nothing(
    ctx: Context, staff: Staff, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    before = len(await listed(ctx, staff.clerk))
    job = await started(ctx, staff.clerk, 2)
    importer = passes.IMPORTERS[ImportKind.CASES]
    real = importer.prepare
    moved = {"position": 1} if at == "position" else {"state": ImportState.FAILED}

    async def overtaken(self, rows):  # type: ignore[no-untyped-def]
        await real(self, rows)
        async with ctx.store.write() as conn:
            await stored_imports.step(conn, job, ImportState.IMPORTING, **moved)

    monkeypatch.setattr(importer, "prepare", overtaken)
    await imports.run(ctx, job)
    stands = (await imports.page(ctx, staff.clerk, job)).job
    expected = ImportState.IMPORTING if at == "position" else ImportState.FAILED
    assert (stands.state, stands.imported, stands.ended_at) == (expected, 0, None)
    assert len(await listed(ctx, staff.clerk)) == before
    assert len(files(ctx)) == 1


async def test_two_at_its_check_name_each_mistake_once(
    ctx: Context, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passes, "BATCH", 2)
    job = await sent(ctx, staff.clerk, HEADINGS, *[row(number="", title="")] * 7)
    await asyncio.gather(imports.run(ctx, job), imports.run(ctx, job))
    done = (await imports.page(ctx, staff.clerk, job)).job
    assert (done.state, done.checked, done.wrong) == (ImportState.CHECKED, 7, 7)
    assert [n for n, _, _ in await mistakes(ctx, staff.clerk, done)] == list(range(2, 9))


async def test_too_many_bad_rows_are_another_file(
    ctx: Context, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passes, "MOST_WRONG", 3)
    job = await checked(ctx, staff.clerk, HEADINGS, *[row(title="") for _ in range(9)])
    assert (job.state, job.code) == (ImportState.FAILED, "import_too_many_wrong")
    assert files(ctx) == []
    await imports.start(ctx, staff.clerk, job.id)
    assert (await imports.page(ctx, staff.clerk, job.id)).job.state is ImportState.FAILED


async def test_what_stood_in_bad_rows_is_forgotten_in_the_end(
    ctx: Context, staff: Staff, clock: Clock
) -> None:
    job = await checked(ctx, staff.clerk, HEADINGS, row(title=""), row(number=""))
    assert (await imports.bad_rows(ctx, staff.clerk, job.id))[1]
    clock.forward(days=31)
    await later.do_all(ctx, JOBS)
    assert (await imports.bad_rows(ctx, staff.clerk, job.id))[1] == []
    page = await imports.page(ctx, staff.clerk, job.id)
    assert (page.job.state, len(page.mistakes)) == (ImportState.FAILED, 1)
    assert ctx.keys.data.get(job.id) is None
    assert files(ctx) == []


async def test_nobody_else_sees_it(ctx: Context, staff: Staff) -> None:
    job = await checked(ctx, staff.clerk, HEADINGS, row(title=""))
    for other in (staff.far_clerk, staff.wang, staff.administrator, staff.supervisor):
        with refused("not_allowed"):
            await imports.page(ctx, other, job.id)
        with refused("not_allowed"):
            await imports.start(ctx, other, job.id)
        with refused("not_allowed"):
            await imports.bad_rows(ctx, other, job.id)
    for other, what in ((staff.wang, ImportKind.CASES), (staff.clerk, ImportKind.USERS)):
        with refused("not_allowed"):
            await sent(ctx, other, "x", what=what)
