"""Tables as programs and people write them; staff and organisations from them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date

import pytest
from openpyxl import Workbook

from server.domain.importing import ImportKind
from server.domain.user import StaffRole
from server.http.labels import LABELS
from server.services import audit, imports, later
from server.services.context import Context
from server.services.importing import tables, values
from server.services.importing.columns import ColumnsMissing, spoken
from server.services.jobs import JOBS
from server.store import audit as stored_audit
from server.store import organisations, users
from server.words import gettext
from tests.services.conftest import Staff
from tests.services.refusing import refused
from tests.services.test_documents import files
from tests.services.test_imports import brought_in, checked, mistakes, pieces, sent
from tests.store.world import World

# ---- files --------------------------------------------------------------------------------------


def excel(lines: Sequence[Sequence[object]]) -> bytes:
    book = Workbook()
    for line in lines:
        assert book.active is not None
        book.active.append(list(line))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


TABLE = [["案由", "纠纷类型", "申请人", "受理日期"], ["漏水案", "邻里", "张三", "2024/5/1"]]


def written(encoding: str, separator: str = ",") -> Callable[[], bytes]:
    def write() -> bytes:
        out = io.StringIO()
        csv.writer(out, delimiter=separator).writerows(TABLE)
        return out.getvalue().encode(encoding)

    return write


@pytest.mark.parametrize(
    "write",
    [
        written("utf-8"),
        written("utf-8-sig", ";"),
        written("gb18030", "\t"),
        written("utf-16"),
        lambda: excel([TABLE[0], [*TABLE[1][:3], date(2024, 5, 1)]]),
        lambda: tables.as_csv(TABLE),
        lambda: tables.as_excel(TABLE),
    ],
)
async def test_tables_as_programs_write_them(
    ctx: Context, staff: Staff, write: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    headings = {"title": "案由", "dispute_type": "纠纷类型", "a_name": "申请人"}
    headings["accepted_on"] = "受理日期"
    english = {c.name: c.heading for c in imports.columns(ImportKind.CASES)}
    content = write()
    with spoken("zh"):
        known = all(gettext(english[name]) == heading for name, heading in headings.items())
    assert known
    job = await imports.make(ctx, staff.clerk, ImportKind.CASES, pieces(content), "k")
    await imports.run(ctx, job)
    page = await imports.page(ctx, staff.clerk, job)
    assert (page.job.checked, page.job.wrong, page.mistakes) == (1, 0, ())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "import_empty"),
        (b"title,dispute_type,a_name\n", "import_empty"),
        (b"title\nx\n", "import_columns_missing"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "import_unreadable"),
        (b"PK\x03\x04broken", "import_unreadable"),
        (b'title,dispute_type,a_name\n"' + b"x" * 200_000, "import_unreadable"),
    ],
)
async def test_what_is_no_table_is_not_taken_in(
    ctx: Context, staff: Staff, content: bytes, code: str
) -> None:
    with refused(code):
        await imports.make(ctx, staff.clerk, ImportKind.CASES, pieces(content), "k")
    assert files(ctx) == []
    assert await imports.listing(ctx, staff.clerk) == []


async def test_the_columns_that_are_missing_are_named(ctx: Context, staff: Staff) -> None:
    with pytest.raises(ColumnsMissing) as caught:
        await sent(ctx, staff.clerk, "title,what", "x,y")
    assert [column.name for column in caught.value.columns] == ["dispute_type", "a_name"]


def test_a_cell_is_never_a_formula() -> None:
    lines = [["=1+1", "+86 139", "-", "@x", "plain"]]
    text = tables.as_csv(lines).decode("utf-8-sig")
    assert text.strip() == "'=1+1,'+86 139,'-,'@x,plain"
    for write, how in ((tables.as_csv, "utf-8-sig"), (tables.as_excel, tables.EXCEL)):
        assert list(tables.rows(io.BytesIO(write(lines)), how)) == lines


@pytest.mark.parametrize("kind", list(values.WORDS))
def test_every_label_is_understood_in_both_languages(kind: type) -> None:
    for word, text in LABELS[kind].items():
        for language in ("en", "zh"):
            with spoken(language):
                assert values.word(kind, gettext(text)) == word


# ---- people and organisations -------------------------------------------------------------------


async def test_staff_come_in_and_are_invited(ctx: Context, staff: Staff, world: World) -> None:
    lines = [
        "login,name,organisation,roles,email",
        "newman,新人,河东所,调解员;书记员,new@example.org",
        "wang,双人,河东所,调解员,",
        "newman,再来,河东所,调解员,",
        "x y,空格,河东所,国王,not-an-address",
    ]
    admin = staff.administrator
    job = await checked(ctx, admin, *lines, what=ImportKind.USERS)
    found = await mistakes(ctx, admin, job)
    assert found == [
        (3, "login", "login_taken"),
        (4, "login", "login_taken"),
        (5, "email", "email_unusable"),
        (5, "login", "login_unusable"),
        (5, "roles", "import_word_unknown"),
    ]
    assert (await brought_in(ctx, admin, job)).imported == 1
    async with ctx.store.read() as conn:
        (made,) = [u for u, name in await users.below(conn, world.station.path, StaffRole)
                   if name == "新人"]  # fmt: skip
        user = await users.find(conn, made)
    assert user is not None
    assert {g.role for g in user.grants} == {StaffRole.MEDIATOR, StaffRole.CLERK}
    work = {imports.INVITE: imports.invite, imports.WORK: imports.work}
    await later.do_all(ctx, {**JOBS, **work})
    chain = await audit_of(ctx, f"org:{world.station.id}")
    assert chain.count("user.invited") == 1


async def audit_of(ctx: Context, chain: str) -> list[str]:
    async with ctx.store.read() as conn:
        return [entry.verb for entry in await stored_audit.of_chain(conn, chain)]


async def test_a_tree_comes_in_from_the_top(ctx: Context, staff: Staff, world: World) -> None:
    lines = [
        "name,kind,above",
        "东村调委会,调委会,新所",
        "新所,司法所,",
        "西村调委会,调委会,新所",
        "河东所,司法所,局",
        "西村调委会,调委会,新所",
    ]
    admin = staff.administrator
    job = await checked(ctx, admin, *lines, what=ImportKind.ORGANISATIONS)
    assert await mistakes(ctx, admin, job) == [
        (2, "above", "import_organisation_unknown"),
        (5, "name", "import_organisation_known"),
        (6, "name", "import_organisation_known"),
    ]
    assert (await brought_in(ctx, admin, job)).imported == 2
    async with ctx.store.read() as conn:
        found = {o.name: o for o in await organisations.below(conn, [world.bureau.path])}
    assert found["西村调委会"].path.startswith(found["新所"].path)
    assert found["新所"].path.startswith(world.bureau.path)
    assert await audit.verify(ctx) == []
