"""A moment of a meeting that was recorded, for tests: its rows, and its files."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from recordings.recording import Recording as Files
from server.domain.attendance import Attendance
from server.domain.consent import Purpose
from server.domain.ids import DeviceId, RecordingId, SeatId, SessionId, SpaceId
from server.domain.recorded import Ended, Recording
from server.domain.space import SpaceKind
from server.security.ids import new_id, new_secret_id
from server.security.keys import KeyStore
from server.services import texts
from server.store import attendance, recordings, tables
from server.store.session_rows import from_recording
from tests.recordings.encoding import speak
from tests.recordings.simulation import AT, SECOND, START, unsafe
from tests.store.world import NOON

SECONDS = 3
MINUTE = timedelta(minutes=1)


async def put(
    conn: AsyncConnection, session: SessionId, host: SeatId, *, head: str = "sha256:head"
) -> Recording:
    """Three minutes of reading out, with what is known of its files."""
    alike = {"zh": "5", "en": "5"}
    words = texts.recording(Purpose.RECORD_READING, minutes=alike, organisation=alike, kept=alike)
    found = Recording(
        RecordingId(new_id()), SpaceId(new_secret_id()), Purpose.RECORD_READING, words, 5, host,
        NOON, NOON + MINUTE, ended_at=NOON + 4 * MINUTE, ended=Ended.STOPPED,
    )  # fmt: skip
    row = {"session": session, **from_recording(found)}
    await conn.execute(insert(tables.recording).values(row))
    await recordings.keep(
        conn, found.id, head=head, segments=3, bytes=2000, ms=180_000,
        keep_until=NOON + timedelta(days=10),
    )  # fmt: skip
    return found


async def consents(conn: AsyncConnection, session: SessionId, of: Recording, *who: SeatId) -> None:
    text = of.texts[0]
    rows = [
        {
            "session": session, "n": n, "seat": seat, "purpose": text.purpose,
            "text_version": text.version, "text_hash": text.hash, "given_at": NOON, "person": "",
        }
        for n, seat in enumerate(who)
    ]  # fmt: skip
    await conn.execute(insert(tables.consent), rows)


async def stayed(
    conn: AsyncConnection, session: SessionId, of: Recording, seat: SeatId, device: DeviceId
) -> None:
    """In its space, all the time."""
    stay = Attendance(seat, of.space, SpaceKind.JOINT, device, NOON, NOON + 5 * MINUTE)
    await attendance.enter(conn, session, [stay])


def write(keys: KeyStore, folder: Path, of: Recording, host: SeatId, party: SeatId) -> str:
    """Its files, of two who speak; its key is there. Returns the hash of the last header."""
    key = keys.data.get(f"recording:{of.id}")
    assert key is not None
    made = Files(folder / of.id, key, {"recording": of.id}, START, AT, unsafe)
    people = zip(
        speak(made, host, 1, 440, (200, 30, 30), SECONDS),
        speak(made, party, 3, 880, (30, 30, 200), SECONDS),
        strict=True,
    )
    for second, _ in people:
        made.keep(made.take(START + (second + 1) * SECOND))
    return made.keep(made.end(START + SECONDS * SECOND, "stopped")).hash
