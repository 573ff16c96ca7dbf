from __future__ import annotations

from pathlib import Path

import pytest

from server.domain.consent import ASKED_BESIDE, Purpose, asked
from server.domain.seat import BOOKABLE, Role
from server.services import texts
from server.words import LANGUAGES
from tests.services.refusing import refused

KNOWN = {
    (Purpose.ONLINE_MEDIATION, 1, "zh"): "sha256:d9ad5b4f",
    (Purpose.ONLINE_MEDIATION, 1, "en"): "sha256:0f230082",
}
ASKED = sorted({p for role in BOOKABLE for p in asked(role)} | set(ASKED_BESIDE))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", ASKED)
def test_every_text_that_is_asked_for_is_there_in_every_language(
    purpose: Purpose, language: str
) -> None:
    text = texts.current(purpose, language)
    assert text.language == language
    assert len(text.body) > 100
    assert texts.by_hash(text.purpose, text.hash) == text
    points = texts.essentials(text)
    short = len(text.body) < (2600 if language == "en" else 700)
    assert bool(points) != short, "a long text has its points in large print, a short one none"
    assert sum(map(len, points)) < len(text.body) / 2


def test_what_is_asked_follows_from_the_role() -> None:
    assert asked(Role.HOST) == ()
    for role in (Role.PARTY, Role.REPRESENTATIVE, Role.LAWYER):
        assert asked(role) == (Purpose.ONLINE_MEDIATION,)
    for role in (Role.COMPANION, Role.WITNESS, Role.OBSERVER):
        assert asked(role) == ASKED_BESIDE == (Purpose.ATTENDING,)
    assert asked(Role.INTERPRETER) == (Purpose.INTERPRETING,)
    assert asked(Role.CLERK) == asked(Role.CO_MEDIATOR) == (Purpose.ASSISTING,)


def test_what_people_have_agreed_to_is_never_edited() -> None:
    """Its hash names it for ever: a new wording is a new file."""
    agreed = {(t.purpose, t.version, t.language): t.hash[:15] for t in texts.read(texts.FOLDER)}
    assert {key: agreed.get(key) for key in KNOWN} == KNOWN


def test_only_the_newest_wording_can_be_agreed_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    purpose = Purpose.ONLINE_MEDIATION
    for version, body in [(1, "旧"), (10, "新"), (2, "中")]:
        (tmp_path / f"{purpose}.{version}.zh.txt").write_text(f"{body}\n", "utf-8")
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    texts._newest.cache_clear()
    try:
        newest = texts.current(purpose, "zh")
        assert (newest.version, newest.body) == (10, "新")
        assert texts.by_hash(purpose, newest.hash) == newest
        old = texts.read(tmp_path)[0]
        assert (old.version, old.body) == (1, "旧")
        for wrong in (old.hash, "", "sha256:00"):
            with refused("unknown_text"):
                texts.by_hash(purpose, wrong)
    finally:
        texts._newest.cache_clear()
