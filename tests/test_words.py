from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages import Catalog, pofile

from scripts import words as tool
from server import words

ROOT = Path(__file__).parents[1]
TEMPLATES = sorted((ROOT / "web/templates").rglob("*.html"))
SHOWN = {"alt", "aria-label", "aria-description", "label", "placeholder", "title"}
# A block of one small word is a value for the page it is put in.
VALUE = re.compile(r"{% block (?!title)\w+ %}[a-z]+{% endblock %}")
CODE = re.compile(r"{%-?\s*trans\b.*?endtrans\s*-?%}|{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')
LETTERS = re.compile(r"[^\W\d_]")


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A catalogue of two messages instead of the real one."""
    file = tmp_path / "heyi.po"
    messages = Catalog(locale="zh_CN")
    messages.add("Hello %(name)s", "%(name)s,您好")
    messages.add(("%(num)s case", "%(num)s cases"), ("%(num)s 件",))
    file.write_text(tool.rendered(messages), "utf-8")
    monkeypatch.setattr(words, "CATALOGUE", file)
    words._catalogue.cache_clear()
    yield file
    words._catalogue.cache_clear()


class Bare(HTMLParser):
    """Finds what a person would read that did not come through gettext."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = False
        self.feed(CODE.sub(lambda code: re.sub(r"\S", "", code[0]), VALUE.sub("", text)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent = tag in ("script", "style")
        self.found += [value for name, value in attrs if value and name in SHOWN and _read(value)]

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        data = ATTRIBUTE.sub("", data)  # a macro may be given some
        if not self.silent and _read(data):
            self.found.append(" ".join(data.split()))


def _read(text: str) -> bool:
    return bool(LETTERS.search(text))


def test_every_message_is_translated_and_none_is_left_over() -> None:
    before = tool.CATALOGUE.read_text("utf-8")
    now = tool.updated(ROOT, pofile.read_po(io.StringIO(before), locale="zh_CN"), {})
    assert tool.faults(now) == []
    assert tool.rendered(now) == before, "run `make words`"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_bare_text_in_a_template(path: Path) -> None:
    assert Bare(path.read_text("utf-8")).found == []


def test_bare_text_in_a_template_is_found() -> None:
    text = """{# a note #}<title>Title</title><style>p {}</style>
      <p title="Tip" class="x">{{ _("Fine") }} · 12 {% trans %}fine{% endtrans %}
      {% if x > 1 %}It's bare{% endif %}</p><img alt="{{ alt }}">"""
    assert Bare(text).found == ["Title", "Tip", "· 12 It's bare"]


REFUSED = [
    "<p>It's bare</p>",
    '<p>{n > 1 && "bare"}</p>',
    '<p>{n > 1 ? t("one") : "bare"}</p>',
    "<p>{`bare ${n}`}</p>",
    '<input placeholder="bare" />',
    "<input placeholder={`bare ${n}`} />",
]
ACCEPTED = [
    '<p class="x">{n > 1 && t("fine")} · {n}</p>',
    '<p>{n > 1 ? t("one") : t("many")}</p>',
    '<input type="text" placeholder={t("fine")} />',
]


def test_the_linter_refuses_bare_text_in_jsx(tmp_path: Path) -> None:
    shutil.copy(ROOT / "web/biome.json", tmp_path)
    shutil.copytree(ROOT / "web/lint", tmp_path / "lint")
    for number, shown in enumerate(REFUSED + ACCEPTED):
        (tmp_path / f"{number}.tsx").write_text(
            f'import {{ t }} from "./words";\nexport const X = (n: number) => {shown};\n', "utf-8"
        )
    done = subprocess.run(
        [ROOT / "web/node_modules/.bin/biome", "lint", "--reporter=json", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    found = [
        (REFUSED + ACCEPTED)[int(report["location"]["path"].partition(".")[0])]
        for report in json.loads(done.stdout)["diagnostics"]
        if report["category"] in ("plugin", "lint/style/noJsxLiterals")
    ]
    assert found == REFUSED


def test_messages_are_found_in_every_kind_of_source(tmp_path: Path) -> None:
    for file, text in {
        "server/a.py": "_('Python'); N_('Kept'); ngettext('%(num)s a', '%(num)s b', n)",
        "web/templates/a.html": """<p title="{{ _('Page') }}">{% trans %}Trans{% endtrans %}""",
        "web/src/a.ts": "const a = f<T>(/'/, `${t('Inner')}`); // t('no')\nt(\"Don't\");",
        "web/src/a.tsx": "const b = <p title={t('Tip')}>{tn('%(num)s c', '%(num)s d', n)}</p>;"
        " // t('a comment')\nt('Outer %(list)s', { list: t(`, `) + list.at(t) }); It's t('kept');"
        'export function t(id) {}; x("http://a"); t("Long " +\n "text")',
        "web/src/a.test.ts": "t('Not in a test')",
    }.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text, "utf-8")
    assert sorted(tool.extracted(tmp_path), key=str) == sorted(
        [
            ("server/a.py", "Python"),
            ("server/a.py", "Kept"),
            ("server/a.py", ("%(num)s a", "%(num)s b")),
            ("web/templates/a.html", "Page"),
            ("web/templates/a.html", "Trans"),
            ("web/src/a.ts", "Inner"),
            ("web/src/a.ts", "Don't"),
            ("web/src/a.tsx", "Tip"),
            ("web/src/a.tsx", ("%(num)s c", "%(num)s d")),
            ("web/src/a.tsx", "Outer %(list)s"),
            ("web/src/a.tsx", ", "),
            ("web/src/a.tsx", "kept"),
            ("web/src/a.tsx", "Long text"),
        ],
        key=str,
    )


@pytest.mark.parametrize("call", ["t(text)", "tn('%(num)s case', many, n)", "t(`${n} cases`)"])
def test_a_text_that_is_not_right_there_is_an_error(tmp_path: Path, call: str) -> None:
    (tmp_path / "web/src").mkdir(parents=True)
    (tmp_path / "web/src/a.tsx").write_text(call, "utf-8")
    with pytest.raises(ValueError, match=r"a\.tsx: tn?\(\) needs its text"):
        list(tool.extracted(tmp_path))


@pytest.mark.parametrize(
    ("message", "text", "fault"),
    [
        ("Hello", "", "not translated"),
        ("Hello %(name)s", "您好", "other placeholders"),
        ("Hello", "%(name)s", "other placeholders"),
        (("One case", "%(num)s cases"), ("%(n)s 件",), "other placeholders"),
        ("100 %", "100", "a % outside"),
        (("One case", "%(num)s cases"), ("%(num)s 件",), None),
        ("Hello %(name)s", "%(name)s,您好", None),
    ],
)
def test_a_faulty_translation_is_named(
    message: str | tuple[str, str], text: str | tuple[str], fault: str | None
) -> None:
    messages = Catalog(locale="zh_CN")
    messages.add(message, text)
    found = tool.faults(messages)
    assert (fault is None and not found) or (fault and fault in found[0])


def test_a_message_is_said_in_the_language_being_spoken(catalogue: Path) -> None:
    words.speaking.set("zh")
    assert words.gettext("Hello %(name)s", name="林") == "林,您好"
    assert words.ngettext("%(num)s case", "%(num)s cases", 2) == "2 件"
    assert words.gettext("Not translated") == "Not translated"
    words.speaking.set("en")
    assert words.gettext("Hello %(name)s", name="Lin") == "Hello Lin"
    assert words.ngettext("%(num)s case", "%(num)s cases", 1) == "1 case"
    assert words.ngettext("%(num)s case", "%(num)s cases", 2) == "2 cases"


@pytest.mark.parametrize(
    ("asked", "accept", "chosen"),
    [
        ((), "", "zh"),
        (("en",), "zh-CN", "en"),
        ((None, "zh"), "en", "zh"),
        (("fr", ""), "en-GB,en;q=0.8,zh;q=0.9", "en"),
        ((), "fr, en;q=0.3, zh-TW;q=0.4", "zh"),
        ((), "fr, en;q=0, *;q=0.1", "zh"),
        ((), "en;q=much,;;,", "zh"),
    ],
)
def test_the_language_is_the_one_asked_for_else_the_browsers_else_chinese(
    asked: tuple[str | None, ...], accept: str, chosen: str
) -> None:
    assert words.choose(*asked, accept=accept) == chosen
