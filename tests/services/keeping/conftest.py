from __future__ import annotations

from pathlib import Path

import pytest

from server.security import key_copy


@pytest.fixture
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where backups go: not inside what they are of."""
    return tmp_path_factory.mktemp("vault")


@pytest.fixture(autouse=True)
def quick_stretching(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real one takes half a second and 128 MB each time, on purpose."""
    monkeypatch.setattr(key_copy, "_SCRYPT", {"n": 2, "r": 8, "p": 1})
