"""Between a meeting and its case: a paper of the case is shown, one that was shown is kept."""

from __future__ import annotations

import pytest

from server.domain.document import DocumentKind
from server.domain.release import ReleaseKind
from server.services import documents, exhibit_case, exhibits, releases
from server.services.context import Context
from tests.services.conftest import Staff
from tests.services.papers import (
    PDF,
    add,
    lines,
    made_up_papers,
    may_read,
    pieces,
)
from tests.services.refusing import refused
from tests.services.seated import Seated, seated
from tests.store.world import World


@pytest.fixture
async def meeting(ctx: Context, world: World, monkeypatch: pytest.MonkeyPatch) -> Seated:
    made_up_papers(monkeypatch)
    return await seated(ctx, world, world.alice, world.opponent)


async def test_a_paper_of_the_case_is_shown_and_its_file_is_not_copied(
    meeting: Seated, staff: Staff
) -> None:
    ctx, case, host = meeting.ctx, meeting.world.case.id, meeting.host
    kind, wang = DocumentKind.EVIDENCE, staff.wang.id
    paper = await documents.add(ctx, case, kind, "合同.pdf", "", pieces(PDF), wang)
    (listed,) = await exhibit_case.papers(ctx, host, meeting.cookies[host])
    assert (listed.id, listed.name) == (paper, "合同.pdf")
    with refused("not_host"):
        await exhibit_case.papers(ctx, meeting.alice, meeting.cookies[meeting.alice])
    with refused("not_host"):
        await exhibit_case.bring(ctx, meeting.by(meeting.alice), paper)
    for _ in range(2):
        await exhibit_case.bring(ctx, meeting.by(host), paper)
    (line,) = await lines(meeting, meeting.opponent)
    assert (line.name, line.kept) == ("合同.pdf", True)
    assert meeting.opponent in await may_read(meeting, line.id)
    blobs = [f for f in (ctx.settings.data_dir / "files").glob("??/*") if f.is_file()]
    assert len(blobs) == 2, "the paper, and one page of it"
    with refused("not_found"):
        await exhibit_case.bring(ctx, meeting.by(host), line.id)  # type: ignore[arg-type]


async def test_a_paper_shown_is_kept_in_the_file_once(meeting: Seated, staff: Staff) -> None:
    exhibit = await add(meeting, meeting.alice)
    ctx, host = meeting.ctx, meeting.host
    with refused("not_host"):
        await exhibit_case.keep(ctx, meeting.by(meeting.alice), exhibit)
    await exhibit_case.keep(ctx, meeting.by(host), exhibit)
    with refused("in_the_file"):
        await exhibit_case.keep(ctx, meeting.by(host), exhibit)
    (line,) = await documents.listed(ctx, meeting.world.case.id)
    assert (line.name, line.by) == ("欠条.pdf", "王敏")
    await exhibits.remove(ctx, meeting.by(host), exhibit)
    opened = await documents.opened(ctx, staff.wang, meeting.world.case.id, line.id)
    assert b"".join([chunk async for chunk in opened.chunks]) == PDF


async def test_a_paper_that_its_side_took_back_is_not_kept_in_the_file(meeting: Seated) -> None:
    ctx, kind = meeting.ctx, ReleaseKind.EXHIBIT
    await meeting.caucus(meeting.alice)
    exhibit = await add(meeting, meeting.alice)
    await releases.ask(ctx, meeting.by(meeting.host), kind, exhibit)
    for yes in (True, False):
        await releases.answer(ctx, meeting.by(meeting.alice), kind, exhibit, yes)
    with refused("kept_by_its_side"):
        await exhibit_case.keep(ctx, meeting.by(meeting.host), exhibit)
    assert await documents.listed(ctx, meeting.world.case.id) == []
