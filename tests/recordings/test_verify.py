"""The verifier: nothing that was changed, left out, put elsewhere or swapped passes."""

from __future__ import annotations

import json
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from recordings import bundle, command, manifest, verify
from recordings.problem import Problem
from recordings.record import Damaged
from recordings.segment import SALT, file_name
from tests.recordings.evidence import PUBLIC, SEGMENTS, bundled, recorded
from tests.recordings.simulation import KEY

Change = Callable[[dict[str, bytes]], None]


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return bundled(tmp_path)


def changed(made: Path, change: Change) -> Path:
    """The same bundle with other contents; the manifest is left as it was signed."""
    with zipfile.ZipFile(made) as before:
        contents = {name: before.read(name) for name in before.namelist()}
    change(contents)
    to = made.with_name("changed.zip")
    with zipfile.ZipFile(to, "w") as after:
        for name, content in contents.items():
            after.writestr(name, content)
    return to


def test_what_was_written_holds(made: Path) -> None:
    assert verify.bundle(made) == []
    assert verify.bundle(made, PUBLIC) == []


def test_it_holds_without_the_other_sides_voice(tmp_path: Path) -> None:
    made = bundled(tmp_path, tracks=[1, 2])
    assert verify.bundle(made, PUBLIC) == []
    with zipfile.ZipFile(made) as zipped:
        assert manifest.parts_name(3) not in zipped.namelist()
        assert b"bob" not in zipped.read(manifest.parts_name(1))


def test_another_key_is_not_the_organisations(made: Path) -> None:
    other = "A" * 43 + "="
    assert Problem(manifest.NAME, "unsigned") in verify.bundle(made, other)


def test_any_flipped_bit_of_the_contents_is_named(made: Path) -> None:
    content = made.read_bytes()
    with zipfile.ZipFile(made) as zipped:
        whole = {name: zipped.read(name) for name in zipped.namelist()}
    dice = random.Random(1)
    flipped = made.with_name("flipped.zip")
    for _ in range(300):
        at, bit = dice.randrange(len(content)), 1 << dice.randrange(8)
        other = bytearray(content)
        other[at] ^= bit
        flipped.write_bytes(other)
        try:
            problems = verify.bundle(flipped, PUBLIC)
        except Damaged:
            continue
        # What is the zip's own (a time, a flag nobody reads) may change nothing at all.
        assert problems or _contents(flipped) == whole, at


def _contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


@pytest.mark.parametrize(
    "name",
    [
        manifest.HEAD, manifest.HEADERS, manifest.CONSENTS, manifest.ATTENDANCE, manifest.SPACES,
        manifest.AUDIT, manifest.CHECKPOINTS, manifest.PAGE, "tracks/1.parts", "films/ann.webm",
    ],
)  # fmt: skip
def test_every_file_that_is_gone_or_changed_is_named(made: Path, name: str) -> None:
    def drop(contents: dict[str, bytes]) -> None:
        del contents[name]

    def touch(contents: dict[str, bytes]) -> None:
        contents[name] += b" "

    assert Problem(name, "missing") in verify.bundle(changed(made, drop))
    assert Problem(name, "changed") in verify.bundle(changed(made, touch))


def test_a_file_that_was_put_in_is_named(made: Path) -> None:
    def put(contents: dict[str, bytes]) -> None:
        contents["tracks/9.parts"] = b"x"

    assert verify.bundle(changed(made, put)) == [Problem("tracks/9.parts", "added")]


def test_a_missing_segment_is_named_by_its_number(made: Path) -> None:
    def drop(contents: dict[str, bytes]) -> None:
        lines = contents[manifest.HEADERS].splitlines(keepends=True)
        contents[manifest.HEADERS] = b"".join(lines[:2] + lines[3:])

    assert Problem("segment", "missing", 2) in verify.bundle(changed(made, drop))


def test_segments_in_another_order_are_named(made: Path) -> None:
    def swap(contents: dict[str, bytes]) -> None:
        lines = contents[manifest.HEADERS].splitlines(keepends=True)
        contents[manifest.HEADERS] = b"".join([lines[0], lines[2], lines[1], lines[3]])

    assert Problem("segment", "reordered", 1) in verify.bundle(changed(made, swap))


def test_a_second_of_one_voice_put_into_anothers_place_is_named(made: Path) -> None:
    def swap(contents: dict[str, bytes]) -> None:
        one, other = manifest.parts_name(1), manifest.parts_name(3)
        contents[one], contents[other] = contents[other], contents[one]

    problems = verify.bundle(changed(made, swap))
    assert {Problem(f"track {t}, segment", "changed", n) for t in (1, 3) for n in range(3)} <= set(
        problems
    )


def test_a_changed_packet_is_named_by_track_and_segment(made: Path) -> None:
    def change(contents: dict[str, bytes]) -> None:
        track = bytearray(contents[manifest.parts_name(1)])
        track[-3] ^= 1
        contents[manifest.parts_name(1)] = bytes(track)

    assert Problem("track 1, segment", "changed", 2) in verify.bundle(changed(made, change))


@pytest.mark.parametrize("name", [manifest.SPACES, manifest.AUDIT])
def test_rows_in_another_order_or_gone_are_named(made: Path, name: str) -> None:
    def swap(contents: dict[str, bytes]) -> None:
        a, b, c = contents[name].splitlines(keepends=True)
        contents[name] = a + c + b

    def drop(contents: dict[str, bytes]) -> None:
        a, _, c = contents[name].splitlines(keepends=True)
        contents[name] = a + c

    where, first = (name, 0) if name == manifest.SPACES else (f"{name} case:1", 5)
    assert Problem(where, "reordered", first + 1) in verify.bundle(changed(made, swap))
    assert Problem(where, "missing", first + 1) in verify.bundle(changed(made, drop))


def test_an_entry_of_the_audit_that_says_something_else_is_named(made: Path) -> None:
    def change(contents: dict[str, bytes]) -> None:
        contents[manifest.AUDIT] = contents[manifest.AUDIT].replace(b"consented", b"declined!")

    problems = verify.bundle(changed(made, change))
    assert Problem("audit.jsonl case:1", "changed", 6) in problems


def test_an_audit_written_anew_is_not_what_was_sealed(made: Path) -> None:
    def forge(contents: dict[str, bytes]) -> None:
        points = json.loads(contents[manifest.CHECKPOINTS])
        points["seals"][0][2] = "sha256:" + 64 * "0"
        contents[manifest.CHECKPOINTS] = json.dumps(points).encode() + b"\n"

    problems = verify.bundle(changed(made, forge))
    assert Problem(manifest.CHECKPOINTS, "unsigned", 0) in problems
    assert Problem("audit.jsonl case:1", "changed", 7) in problems


def test_a_text_that_nobody_agreed_to_is_named(made: Path) -> None:
    def change(contents: dict[str, bytes]) -> None:
        (name,) = [name for name in contents if name.startswith("texts/")]
        contents[name] = "我同意录下全部。".encode()

    problems = verify.bundle(changed(made, change))
    assert any(p.where.startswith("texts/") and p.what == "changed" for p in problems)


def test_a_manifest_that_was_changed_is_not_signed(made: Path) -> None:
    def change(contents: dict[str, bytes]) -> None:
        contents[manifest.NAME] = contents[manifest.NAME].replace("张三".encode(), "王五".encode())

    assert Problem(manifest.NAME, "unsigned") in verify.bundle(changed(made, change))


def test_a_time_stamp_of_something_else_is_named(made: Path) -> None:
    bundle.stamp(made, b"0\x82 a token about something else")
    assert verify.bundle(made) == [Problem(manifest.TOKEN, "changed")]


def test_a_folder_is_checked_with_its_key_and_without(tmp_path: Path) -> None:
    folder = recorded(tmp_path)
    assert verify.folder(folder) == verify.folder(folder, KEY) == []
    assert Problem("track 1, segment", "unreadable", 0) in verify.folder(folder, bytes(32))
    victim = folder / file_name(1)
    content = bytearray(victim.read_bytes())
    content[-SALT] ^= 1
    victim.write_bytes(content)
    assert Problem("track 3, segment", "changed", 1) in verify.folder(folder)


@pytest.mark.parametrize("n", range(SEGMENTS))
def test_a_segment_that_is_gone_from_the_folder_is_named(tmp_path: Path, n: int) -> None:
    folder = recorded(tmp_path)
    (folder / file_name(n)).unlink()
    assert Problem("segment", "missing", n) in verify.folder(folder)


def test_segments_that_changed_places_in_the_folder_are_named(tmp_path: Path) -> None:
    folder = recorded(tmp_path)
    one, other, aside = folder / file_name(1), folder / file_name(2), folder / "x"
    shutil.move(one, aside)
    shutil.move(other, one)
    shutil.move(aside, other)
    assert {Problem("segment", "reordered", n) for n in (1, 2)} <= set(verify.folder(folder))


def test_what_is_compressed_is_no_bundle_of_ours(made: Path) -> None:
    to = made.with_name("small.zip")
    with zipfile.ZipFile(made) as before, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, before.read(name))
    with pytest.raises(Damaged):
        verify.bundle(to)


def test_the_command_says_it_and_exits_by_it(made: Path) -> None:
    cli = Typer()
    command.add_to(cli)
    cli.command(name="other")(lambda: None)
    run = CliRunner().invoke
    good = run(cli, ["verify", str(made), "--key", PUBLIC])
    assert (good.exit_code, good.output) == (0, "Everything holds.\n")
    assert "who signed" in run(cli, ["verify", str(made)]).output
    bad = run(cli, ["verify", str(changed(made, lambda c: c.update({manifest.AUDIT: b"x\n"})))])
    assert bad.exit_code == command.BROKEN
    assert "audit.jsonl: changed" in bad.output
    nothing = made.with_name("nothing.zip")
    nothing.write_bytes(b"nothing")
    assert run(cli, ["verify", str(nothing)]).exit_code == command.NOT_EVIDENCE
    assert run(cli, ["verify", str(made.parent / "absent")]).exit_code == command.NOT_EVIDENCE
