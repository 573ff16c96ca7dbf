"""The texts people agree to, from `server/texts/<purpose>.<version>.<language>.txt`.

A text that was shown is never edited: a new wording is a new version in a new file, and the old
files stay, so that what somebody agreed to can be read for ever.
"""

from __future__ import annotations

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
