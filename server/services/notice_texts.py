"""The words of notices: ours, from `server/notices/<name>.<version>.<language>.txt` (the subject,
then the body), and organisations' own, which go before ours in what is below them.

A wording is never edited: a new one is a new version, so that what was sent can be told for ever.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.notice import NoticeName, Wording
from server.store import notice_templates

FOLDER = Path(__file__).parents[1] / "notices"


async def wording(conn: AsyncConnection, path: str, name: NoticeName, language: str) -> Wording:
    """As the organisation at this path says it."""
    own = (await notice_templates.current(conn, path)).get((name, language))
    return over(ours(name, language), own.wording if own else None)


def over(ours: Wording, own: Wording | None) -> Wording:
    """An own wording without words is ours, by the id the provider knows it by."""
    if own is None:
        return ours
    if own.body:
        return own
    return Wording(ours.subject, ours.body, ours.version, own.provider_template)


def ours(name: NoticeName, language: str) -> Wording:
    """The newest version of our own."""
    return _newest()[name, language]


def read(folder: Path) -> list[tuple[NoticeName, str, Wording]]:
    """Every version of every wording: notice, language, words; oldest first."""
    found = []
    for file in folder.glob("*.txt"):
        name, version, language = file.stem.split(".")
        subject, _, body = file.read_text("utf-8").strip().partition("\n")
        found.append((NoticeName(name), language, Wording(subject, body.strip(), int(version))))
    return sorted(found, key=lambda one: one[2].version)


@cache
def _newest() -> dict[tuple[NoticeName, str], Wording]:
    return {(name, language): words for name, language, words in read(FOLDER)}
