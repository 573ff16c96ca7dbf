"""The audit leaves the house, and tells of itself what was done to it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from recordings import audit_export, manifest
from tests.recordings.evidence import PUBLIC, audit_entries, checkpoint


def exported(folder: Path) -> Path:
    entries = [{**entry} for entry in audit_entries()]
    to = folder / "audit.zip"
    audit_export.write(to, entries, [checkpoint(entries)], PUBLIC)
    return to


def changed(file: Path, name: str, change: Callable[[list[bytes]], list[bytes]]) -> Path:
    with zipfile.ZipFile(file) as zipped:
        content = {one: zipped.read(one) for one in zipped.namelist()}
    content[name] = b"".join(change(content[name].splitlines(keepends=True)))
    to = file.with_name("changed.zip")
    with zipfile.ZipFile(to, "w") as zipped:
        for one, what in content.items():
            zipped.writestr(one, what)
    return to


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return exported(tmp_path)


def test_what_was_written_holds(file: Path) -> None:
    assert audit_export.is_one(file)
    assert {(p.where, p.what, p.n) for p in audit_export.check(file, PUBLIC)} == {
        ("audit.jsonl case:1", "missing", n) for n in range(1, 5)
    }


def test_another_key_is_named(file: Path) -> None:
    assert [p.where for p in audit_export.check(file, "A" * 44)] == ["key.txt"]


@pytest.mark.parametrize("line", [0, 1, 2])
def test_an_entry_that_was_changed_or_taken_out_is_named(file: Path, line: int) -> None:
    def flip(lines: list[bytes]) -> list[bytes]:
        entry = json.loads(lines[line])
        lines[line] = json.dumps({**entry, "actor": "another"}).encode() + b"\n"
        return lines

    def drop(lines: list[bytes]) -> list[bytes]:
        return lines[:line] + lines[line + 1 :]

    n = 5 + line
    for change in (flip, drop):
        found = audit_export.check(changed(file, manifest.AUDIT, change), PUBLIC)
        assert any((p.what, p.n) in {("changed", n), ("missing", n)} for p in found)


def test_a_checkpoint_that_was_changed_is_named(file: Path) -> None:
    def later(lines: list[bytes]) -> list[bytes]:
        return [lines[0].replace(b'"n":1', b'"n":2')]

    found = audit_export.check(changed(file, manifest.CHECKPOINTS, later), PUBLIC)
    assert {(p.where, p.what) for p in found} >= {
        ("checkpoints.jsonl", "missing"),
        ("checkpoints.jsonl", "unsigned"),
    }


def test_nothing_is_written_over(file: Path) -> None:
    with pytest.raises(FileExistsError):
        audit_export.write(file, [], [], PUBLIC)
    assert audit_export.is_one(file)
