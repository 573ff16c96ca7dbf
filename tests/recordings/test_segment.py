"""What lies in the folder: sealed, chained, and each part by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings import record, segment
from recordings.record import Damaged
from recordings.segment import SALT, Header, SegmentFile
from tests.recordings.simulation import (
    KEY,
    SECOND,
    START,
    add,
    fake_frame,
    picture,
    recording,
    rtp,
    voice,
    vp8_packets,
)


def test_a_segment_says_what_came(tmp_path: Path) -> None:
    made = recording(tmp_path)
    made.track(voice(), START)
    packets = [rtp(n, n * 960, bytes([n]) * 40) for n in range(50)]
    for n, packet in enumerate(packets):
        add(made, 1, packet, START + n * 20_000)
    made.keep(made.take(START + SECOND))
    made.keep(made.end(START + SECOND, "done"))

    first = SegmentFile(made.folder / segment.file_name(0))
    found = list(record.read(first.open(KEY, 1)))
    assert [bytes(r.data) for r in found] == packets
    assert [r.at for r in found] == [START + n * 20_000 for n in range(50)]
    events = [record.event_of(r) for r in record.read(first.open(KEY, 0))]
    assert [e["e"] for e in events] == ["track"]
    last = SegmentFile(made.folder / segment.file_name(1))
    assert last.header.last
    assert last.header.previous == first.header.hash
    assert first.header.previous == segment.digest((made.folder / "head.json").read_bytes())
    assert last.header.hash == made.hash


def test_nothing_of_it_can_be_read_without_the_key(tmp_path: Path) -> None:
    made = recording(tmp_path)
    made.track(voice(person="Wang Xiulan"), START)
    add(made, 1, rtp(1, 960, b"what was said in confidence"), START)
    made.keep(made.end(START + SECOND, "done"))
    content = b"".join(f.read_bytes() for f in made.folder.iterdir())
    assert b"confidence" not in content
    assert b"Wang" not in content
    with pytest.raises(Damaged):
        SegmentFile(made.folder / segment.file_name(0)).open(bytes(32), 1)


@pytest.mark.parametrize(
    "other",
    [
        {"n": 1},
        {"last": True},
        {"recording": "rec-2"},
        {"previous": "sha256:00"},
        {"until": 3},
        {"at": "2026-12-01T09:00:01+00:00"},
    ],
)
def test_a_part_opens_only_in_its_own_place(other: dict[str, object]) -> None:
    fields = {
        "recording": "rec-1", "n": 0, "last": False, "previous": "sha256:ff",
        "at": "2026-12-01T09:00:00+00:00", "clock": 1, "until": 2,
    }  # fmt: skip
    header = Header(**fields)  # type: ignore[arg-type]
    content = segment.seal(header, KEY, {1: b"one", 2: b"two"})
    line, _, boxes = content.partition(b"\n")
    whole = segment.read_header(line + b"\n")
    one, two = boxes[: whole.parts[0].size], boxes[whole.parts[0].size :]
    assert segment.unseal(whole, KEY, 1, one)[SALT:] == b"one"
    with pytest.raises(Damaged):
        segment.unseal(whole, KEY, 1, two)
    with pytest.raises(Damaged):
        segment.unseal(Header(**{**fields, **other}), KEY, 1, one)  # type: ignore[arg-type]


def test_while_paused_nothing_is_taken_but_the_story(tmp_path: Path) -> None:
    made = recording(tmp_path)
    made.track(voice(), START)
    add(made, 1, rtp(1, 960, b"before"), START)
    made.keep(made.pause(START + SECOND, "somebody came"))
    add(made, 1, rtp(2, 1920, b"meanwhile"), START + 2 * SECOND)
    made.report(1, START + 2 * SECOND, bytes(28))
    made.event(START + 3 * SECOND, "consent", person="bob")
    made.resume(START + 4 * SECOND)
    add(made, 1, rtp(3, 2880, b"after"), START + 4 * SECOND)
    made.keep(made.end(START + 5 * SECOND, "done"))
    files = [SegmentFile(f) for f in sorted(made.folder.glob("*.seg"))]
    payloads = [bytes(r.data)[12:] for f in files for r in record.read(f.open(KEY, 1))]
    assert payloads == [b"before", b"after"]
    events = [record.event_of(r)["e"] for f in files for r in record.read(f.open(KEY, 0))]
    assert events == ["track", "pause", "consent", "resume", "end"]


def test_a_picture_is_not_torn_between_two_segments(tmp_path: Path) -> None:
    made = recording(tmp_path)
    made.track(picture(), START)
    whole = vp8_packets(fake_frame(key=True), 1, 0)
    begun = vp8_packets(fake_frame(), 4, 3000)
    for packet in [*whole, *begun[:2]]:
        add(made, 2, packet, START + 900_000)
    made.keep(made.take(START + SECOND))
    add(made, 2, begun[2], START + SECOND)
    made.keep(made.end(START + 2 * SECOND, "done"))
    first, second = (SegmentFile(f) for f in sorted(made.folder.glob("*.seg")))
    assert [bytes(r.data) for r in record.read(first.open(KEY, 2))] == whole
    assert [bytes(r.data) for r in record.read(second.open(KEY, 2))] == begun
    keys = [record.event_of(r) for r in record.read(first.open(KEY, 0)) if r.kind == record.EVENT]
    assert {"e": "key", "track": 2} in keys


def test_what_could_not_be_written_leaves_no_hole_in_the_chain(tmp_path: Path) -> None:
    made = recording(tmp_path)
    made.track(voice(), START)
    made.keep(made.take(START + SECOND))
    write, made._write = made._write, _full
    add(made, 1, rtp(1, 960, b"lost"), START + SECOND)
    with pytest.raises(OSError, match="No space"):
        made.keep(made.take(START + 2 * SECOND))
    made._write = write
    add(made, 1, rtp(2, 1920, b"kept"), START + 2 * SECOND)
    made.keep(made.end(START + 3 * SECOND, "done"))
    headers = [SegmentFile(f).header for f in sorted(made.folder.glob("*.seg"))]
    assert [h.n for h in headers] == [0, 1]
    assert headers[1].previous == headers[0].hash


def _full(path: Path, content: bytes) -> None:
    raise OSError(28, "No space left on device")


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 2**63), st.binary(max_size=80))))
def test_records_come_back_as_they_were(given: list[tuple[int, int, bytes]]) -> None:
    packed = b"".join(record.pack(*one) for one in given)
    assert [(r.kind, r.at, bytes(r.data)) for r in record.read(packed)] == given


@given(st.binary(max_size=200))
def test_bytes_of_anybody_are_refused_or_read(content: bytes) -> None:
    try:
        for found in record.read(content):
            record.packet_of(found)
            if found.kind == record.EVENT:
                record.event_of(found)
            if found.kind == record.REPORT:
                record.report_of(found)
    except Damaged:
        pass


@given(st.binary(max_size=300))
def test_headers_of_anybody_are_refused(content: bytes) -> None:
    with pytest.raises(Damaged):
        segment.read_header(content)
