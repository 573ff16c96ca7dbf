"""The texts people agree to, from `server/texts/<purpose>.<version>.<language>.txt`.

A text that was shown is never edited: a new wording is a new version in a new file, and the old
files stay, so that what somebody agreed to can be read for ever. Who is asked for which is
`consent.asked`; what each is made from:

online_mediation  parties and who speaks for     人民调解法 4, 15, 17, 23, 24, 31-33;
                  them                           人民法院在线调解规则 7, 8;
                                                 个人信息保护法 14, 15, 17
attending         who sits beside somebody,      人民调解法 20 (others take part if the parties
                  companions, witnesses,         agree), 23 (not public), 24 (truth, order)
                  observers
interpreting      interpreters, also into sign   民事诉讼法 11, 47 (interpreting, recusal), and
                  language                       人民调解法 15 (impartial, discreet)
assisting         clerks, co-mediators           人民调解法 15, 27 (records)

Those by which somebody is recorded (`server/texts/recording`) name how long it takes, who keeps
it and for how long: what is agreed to, and hashed, is the text with these in it.

The long one has its points in large print in `server/texts/essentials`: first why it is asked, then
a point a line. They help to read it; what is agreed to, and hashed, is the whole text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from server.domain.consent import Purpose, Text
from server.domain.errors import Refused

FOLDER = Path(__file__).parents[1] / "texts"


def current(purpose: Purpose, language: str) -> Text:
    """The newest version in this language."""
    return _newest()[purpose, language]


def by_hash(purpose: Purpose, text_hash: str) -> Text:
    """The text somebody has just read. Raises Refused when there is a newer one by now."""
    for text in _newest().values():
        if text.purpose is purpose and text.hash == text_hash:
            return text
    raise Refused("unknown_text")


def recording(purpose: Purpose, **named: Mapping[str, str]) -> tuple[Text, ...]:
    """The newest version in each language, with what is to be named in it: of each name, the words
    by language."""
    found = [text for (of, _), text in _recording().items() if of is purpose]
    return tuple(
        replace(text, body=text.body.format_map({n: by[text.language] for n, by in named.items()}))
        for text in sorted(found, key=lambda text: text.language)
    )


def essentials(text: Text) -> tuple[str, ...]:
    """Why it is asked, and then its points, of a text too long for a phone's page; else nothing."""
    return _essentials().get((text.purpose, text.version, text.language), ())


def read(folder: Path) -> list[Text]:
    """Every version of every text, oldest first."""
    texts = []
    for file in folder.glob("*.txt"):
        purpose, version, language = file.stem.split(".")
        body = file.read_text("utf-8").strip()
        texts.append(Text(Purpose(purpose), int(version), language, body))
    return sorted(texts, key=lambda text: text.version)


@cache
def _newest() -> dict[tuple[Purpose, str], Text]:
    return {(text.purpose, text.language): text for text in read(FOLDER)}


@cache
def _recording() -> dict[tuple[Purpose, str], Text]:
    return {(text.purpose, text.language): text for text in read(FOLDER / "recording")}


@cache
def _essentials() -> dict[tuple[Purpose, int, str], tuple[str, ...]]:
    found = read(FOLDER / "essentials")
    return {(t.purpose, t.version, t.language): tuple(t.body.splitlines()) for t in found}
