from __future__ import annotations

from pathlib import Path

import pytest

from server.domain.consent import REQUIRED
from server.services import texts
from server.words import LANGUAGES
from tests.services.refusing import refused


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", REQUIRED)
def test_every_required_text_is_there_in_every_language(purpose: str, language: str) -> None:
    text = texts.current(next(p for p in REQUIRED if p == purpose), language)
    assert text.language == language
    assert len(text.body) > 100
    assert texts.by_hash(text.purpose, text.hash) == text


def test_only_the_newest_wording_can_be_agreed_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    purpose = REQUIRED[0]
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
