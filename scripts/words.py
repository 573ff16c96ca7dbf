"""Keeps the catalogue of words: `update`, `merge FILE…`, `check`.

update  finds the messages in the code, keeps what is translated, names what is not
merge   the same, and fills in JSON files of {"English message": "中文"}
check   changes nothing; fails when the catalogue is not what the code needs
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message, extract, pofile

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "web/locale/zh_CN/LC_MESSAGES/heyi.po"
PYTHON = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
# Which files, and by what they are read.
SOURCES = [
    ("run.py", "python"),
    ("server/**/*.py", "python"),
    ("signaling/**/*.py", "python"),
    ("recordings/**/*.py", "python"),
    ("web/templates/**/*.html", "jinja2"),
    ("web/src/**/*.ts", "browser"),
    ("web/src/**/*.tsx", "browser"),
]
OPTIONS = {"trimmed": "true", "silent": "false"}
HEADER = r"""# Chinese of Heyi; `make words` keeps it in step with the code.
msgid ""
msgstr ""
"Language: zh_CN\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=1; plural=0;\n"

"""
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
STRING = r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\$]|\\.)*`)"""
TEXT = rf"{STRING}(?:\s*\+\s*{STRING})*"
CALL = re.compile(rf"(?<!function )(?<![\w.$])(tn?)\(\s*({TEXT})?(?:\s*,\s*({TEXT}))?")
COMMENT = re.compile(r"(?<!\w)/\*.*?\*/|(?m:(?:^|(?<=\s))//[^\n]*$)", re.DOTALL)
"""Not what a file field accepts: image/*."""


def extracted(root: Path) -> Iterator[tuple[str, str | tuple[str, str]]]:
    """(file, message) for every message; raises ValueError for one that can't be read off."""
    for pattern, kind in SOURCES:
        for path in sorted(root.glob(pattern)):
            file = path.relative_to(root).as_posix()
            if kind == "browser":
                if ".test." not in file:
                    yield from ((file, message) for message in _browser(path))
                continue
            with path.open("rb") as source:
                for _, message, _, _ in extract.extract(kind, source, PYTHON, options=OPTIONS):
                    yield file, (message[0], message[1]) if isinstance(message, tuple) else message


def _browser(path: Path) -> Iterator[str | tuple[str, str]]:
    """The texts of t() and tn(). Babel's own reader loses nested calls and all after an It's."""
    for call in CALL.finditer(COMMENT.sub("", path.read_text("utf-8"))):
        name, one, many = call.groups()
        if not one or (name == "tn" and not many):
            raise ValueError(f"{path.name}: {name}() needs its text right there, in quotes")
        yield (_literal(one), _literal(many)) if name == "tn" else _literal(one)


def _literal(text: str) -> str:
    """What a text in quotes says, joined where it is written in parts."""
    inner = "".join(part[1:-1] for part in re.findall(STRING, text))
    return re.sub(r"\\(.)", lambda escaped: "\n" if escaped[1] == "n" else escaped[1], inner)


def updated(root: Path, old: Catalog, additions: dict[str, str]) -> Catalog:
    """The catalogue that the code needs, with the translations there are."""
    new = Catalog(locale="zh_CN", domain="heyi", header_comment="", fuzzy=False)
    for file, message in extracted(root):
        one = message if isinstance(message, str) else message[0]
        known = old.get(one)
        text = additions.get(one) or (_text(known) if known else "")
        new.add(message, text if isinstance(message, str) else (text,), locations=[(file, 0)])
    return new


def _text(message: Message) -> str:
    text = message.string
    return text if isinstance(text, str) else (text or [""])[0]


def rendered(catalogue: Catalog) -> str:
    """As the file is written: sorted, one line a text, no dates, no line numbers."""
    for message in catalogue:
        message.locations = sorted({(file, 0) for file, _ in message.locations})
    out = io.BytesIO()
    pofile.write_po(
        out, catalogue, width=0, sort_output=True, include_lineno=False, omit_header=True
    )
    return HEADER + out.getvalue().decode()


def faults(catalogue: Catalog) -> list[str]:
    """What is wrong with the messages, a sentence each."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        forms = [message.id] if isinstance(message.id, str) else list(message.id)
        text = _text(message)
        if not text:
            found.append(f"not translated: {forms[0]!r}")
        elif set(PLACEHOLDER.findall(text)) - set(PLACEHOLDER.findall(forms[-1])) or (
            len(forms) == 1 and set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(forms[0]))
        ):
            found.append(f"other placeholders: {forms[0]!r} and {text!r}")
        if any("%" in PLACEHOLDER.sub("", form) for form in (*forms, text)):
            found.append(f"a % outside of %(name)s: {forms[0]!r}")
    return found


def main(command: str = "", *files: str) -> int:
    """Run one of the commands; the number of the exit."""
    if command not in ("update", "merge", "check"):
        sys.stderr.write(__doc__ or "")
        return 2
    before = CATALOGUE.read_text("utf-8")
    additions: dict[str, str] = {}
    for file in files:
        additions |= json.loads(Path(file).read_text("utf-8"))
    catalogue = updated(ROOT, pofile.read_po(io.StringIO(before), locale="zh_CN"), additions)
    after = rendered(catalogue)
    wrong = faults(catalogue)
    if command != "check":
        CATALOGUE.write_text(after, "utf-8")
        ids = {m.id if isinstance(m.id, str) else m.id[0] for m in catalogue}
        for unknown in sorted(set(additions) - ids):
            print(f"in no code: {unknown!r}")
    elif before != after:
        wrong.append("the catalogue is not what the code says: run `make words`")
    print("\n".join([*wrong, f"{len(catalogue)} messages"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
