"""The recorder in the media plane: what reaches the files is what everybody agreed to, no more.

Real browsers' ends, a real worker and a real writer; the meeting is the domain's, and what a change
of it means for the media is carried out as the services do it.
"""

from __future__ import annotations

import asyncio
import copy
import os
import random
import signal
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import av
import numpy as np
import pytest
from av.audio.codeccontext import AudioCodecContext

from recordings import record
from recordings.index import open_index
from recordings.seat import RecorderSeat
from recordings.segment import SegmentFile
from recordings.tap import now
from server.domain import recording
from server.domain.consent import Purpose
from server.domain.ids import RecordingId, SeatId
from server.domain.recorded import Trouble
from server.domain.session import Destination, Session
from server.security.keys import KeyStore
from server.services.context import Context
from server.services.gating import Gating, Picture
from signaling.media.packet import HEADER
from signaling.media.sdp import OPUS, RED
from signaling.media.source import UpClock, Voice
from signaling.media.taping import TapedTrack
from tests.domain.people import (
    ALICE,
    DORA,
    HOST,
    READING,
    START,
    all_agree,
    arrive,
    asked_for,
    device,
    together,
)
from tests.media.peer import Room

PEOPLE = (HOST, ALICE, DORA)
HERTZ = {HOST: 400.0, ALICE: 750.0, DORA: 1100.0}
FORBIDDEN = 175.0
"""So much higher is the voice of who has not agreed, or is elsewhere."""
STEPS = 24
DRAINED_S = 0.3
"""By then what was said before has come, or never will."""

Command = Callable[[Session], Any]


class Kept:
    """Who is told by the recorder."""

    def __init__(self) -> None:
        self.over: set[RecordingId] = set()
        self.failures: list[RecordingId] = []
        self.troubles: list[Trouble | None] = []

    async def trouble(self, recording: RecordingId, trouble: Trouble | None) -> None:
        self.troubles.append(trouble)

    async def failed(self, recording: RecordingId) -> None:
        self.failures.append(recording)

    async def kept(self, recording: RecordingId) -> None:
        self.over.add(recording)


class Meeting:
    """Three people; when each of them was recorded, by the test's own clock."""

    def __init__(self, room: Room, recorder: RecorderSeat, kept: Kept) -> None:
        self.room, self.recorder, self.kept = room, recorder, kept
        self.session = together(ALICE, DORA)
        self.ctx = cast(Context, SimpleNamespace(gate=room.plane, recorder=recorder))
        self.intervals: dict[tuple[RecordingId, SeatId], list[list[float]]] = defaultdict(list)
        self.recordings: list[RecordingId] = []
        self.at = START

    async def begin(self) -> None:
        await self.room.join(*PEOPLE, shades=True)
        nowhere = copy.deepcopy(self.session)
        for seat in nowhere.seats.values():
            seat.present = False
        await Gating(self.ctx, Picture.of(nowhere), Picture.of(self.session)).start()

    async def carry_out(self, command: Command) -> None:
        self.at += timedelta(seconds=1)
        working = copy.deepcopy(self.session)
        command(working)
        recording.settle(working, self.at)
        before, after = Picture.of(self.session), Picture.of(working)
        gating = Gating(self.ctx, before, after)
        was, will = _recorded(before), _recorded(after)
        await gating.stop()
        for one in was - will:
            self.intervals[one][-1][1] = now()
            self.sing(one[1], FORBIDDEN)
        self.session = working
        for one in will - was:
            self.sing(one[1], 0.0)
        if will - was:
            await asyncio.sleep(DRAINED_S)
        for one in will - was:
            self.intervals[one].append([now(), float("inf")])
        await gating.start()

    def sing(self, seat: SeatId, higher: float) -> None:
        tone = self.room.peers[seat]._tone
        assert tone is not None
        tone._hertz = HERTZ[seat] + higher

    async def ask(self) -> None:
        number = len(self.recordings) + 1
        asked = asked_for(number)
        self.recorder._keys.data.make(f"recording:{asked.id}", "tenant")
        self.recordings.append(asked.id)
        await self.carry_out(lambda s: recording.start(s, HOST, asked, READING.hash, self.at))

    async def everybody(self) -> None:
        """Together, agreed, and speaking."""
        await self.carry_out(lambda s: s.move(HOST, [], Destination.JOINT, self.at))
        if recording.live(self.session) is None:
            await self.ask()
        await self.carry_out(lambda s: all_agree(s, self.at))
        await self.speak()

    async def speak(self) -> None:
        for seat in PEOPLE:
            if self.session.seats[seat].present and self.session.seats[seat].admitted:
                await self.carry_out(lambda s, seat=seat: s.microphone(seat, True))  # type: ignore[misc]


def _recorded(picture: Picture) -> set[tuple[RecordingId, SeatId]]:
    taping = picture.taping
    return {(taping.recording, seat) for seat in taping.seats} if taping else set()


@pytest.fixture
async def meeting(room: Room, tmp_path: Path) -> Any:
    kept = Kept()
    recorder = RecorderSeat(tmp_path / "recordings", KeyStore(tmp_path / "keys"), room.plane, kept)
    made = Meeting(room, recorder, kept)
    await made.begin()
    yield made
    await recorder.close()


def _answer(seat: SeatId, yes: bool, meeting: Meeting) -> Command:
    def command(s: Session) -> None:
        found = recording.live(s)
        if found is not None and s.seats[seat].space == found.space and s.seats[seat].present:
            recording.answer(s, seat, found.id, READING.hash, "", yes, meeting.at)

    return command


def _something(meeting: Meeting, chance: random.Random) -> Command:
    """One thing that people do."""
    seat = chance.choice((ALICE, DORA))
    at, session = meeting.at, meeting.session
    here = session.seats[seat].present and session.seats[seat].admitted
    reading = Purpose.RECORD_READING
    does: list[Command] = [
        lambda s: recording.stop(s, HOST, at),
        lambda s: s.move(HOST, [seat], Destination.CAUCUS, at) if here else None,
        lambda s: s.move(HOST, [seat], Destination.SIDE, at) if here else None,
        lambda s: s.lost(seat, at),
        lambda s: s.leave(seat, at) if here else None,
        lambda s: recording.withdraw(s, seat, reading, at) if here else None,
        lambda s: s.microphone(seat, chance.random() < 0.5) if here else None,
        _answer(seat, chance.random() < 0.7, meeting),
    ]
    return chance.choice(does)


def _back(seat: SeatId, at: Any) -> Command:
    def command(s: Session) -> None:
        one = s.seats[seat]
        if one.present:
            return
        if one.admitted:
            s.connect(seat, device(seat), at)
            return
        arrive(s, seat, now=at)
        s.admit(HOST, seat, at)

    return command


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
async def test_no_byte_is_written_outside_what_everybody_agreed_to(
    meeting: Meeting, seed: int
) -> None:
    chance = random.Random(seed)
    await meeting.everybody()
    for _ in range(STEPS):
        await asyncio.sleep(0.1 + chance.random() / 5)
        await meeting.carry_out(_something(meeting, chance))
        await asyncio.sleep(chance.random() / 5)
        for seat in (ALICE, DORA):
            if chance.random() < 0.5:
                await meeting.carry_out(_back(seat, meeting.at))
        if chance.random() < 0.6:
            await meeting.everybody()
    await meeting.carry_out(lambda s: recording.stop(s, HOST, meeting.at))
    begun = {of for of, _ in meeting.intervals}
    await meeting.room.until(lambda: begun <= meeting.kept.over)
    assert meeting.kept.failures == []
    found = [_looked_through(meeting, one) for one in begun]
    assert sum(sounds for sounds, _ in found) > 100
    assert sum(pictures for _, pictures in found) > 30


def _looked_through(meeting: Meeting, of: RecordingId) -> tuple[int, int]:
    """How many packets of voices and pictures are in it. Every one arrived while its person was
    recorded, and of every voice nothing is there but what was said then."""
    folder = meeting.recorder._folder / of
    key = meeting.recorder._keys.data.get(f"recording:{of}")
    assert key is not None
    index = open_index(folder, key)
    assert index.ended
    sounds = pictures = 0
    for track in index.tracks.values():
        person = SeatId(track.person)
        decoder = av.CodecContext.create("opus", "r")
        assert isinstance(decoder, AudioCodecContext)
        for found in _packets(folder, key, track.number):
            spans = meeting.intervals[of, person]
            assert any(a <= found.at <= b for a, b in spans), (person, track.kind, found.at, spans)
            packet = record.packet_of(found)
            assert packet is not None
            if track.kind == "video":
                pictures += 1
                continue
            sounds += 1
            for frame in decoder.decode(av.Packet(bytes(packet.payload))):
                hertz = _loudest(frame.to_ndarray().astype(np.float64))
                assert hertz is None or abs(hertz - HERTZ[person]) < FORBIDDEN / 2, (person, hertz)
    return sounds, pictures


def _packets(folder: Path, key: bytes, track: int) -> Iterator[record.Record]:
    for file in sorted(folder.glob("*.seg")):
        yield from record.read(SegmentFile(file).open(key, track))


def _loudest(samples: np.ndarray[Any, Any]) -> float | None:
    """The frequency of which there is most; None in silence."""
    wave = samples.reshape(-1)
    wave = wave / 32768 if np.abs(wave).max() > 2 else wave
    if np.sqrt(np.mean(wave**2)) < 0.02:
        return None
    padded = np.abs(np.fft.rfft(wave * np.hanning(len(wave)), 16 * len(wave)))
    return float(np.argmax(padded)) * 48000 / (16 * len(wave))


@pytest.mark.slow
async def test_a_recording_goes_on_when_the_worker_is_replaced(meeting: Meeting) -> None:
    await meeting.everybody()
    (of,) = meeting.recordings
    await asyncio.sleep(0.5)
    peers = {meeting.room.peers[seat]: meeting.room.peers[seat].links for seat in PEOPLE}
    [pid] = meeting.room.plane.worker_pids
    os.kill(pid, signal.SIGKILL)
    await meeting.room.until(lambda: meeting.room.plane.worker_pids not in ([], [pid]), 30)
    again = now()
    await meeting.room.until(
        lambda: all(peer.ready and peer.links is not old for peer, old in peers.items()), 30
    )
    async with asyncio.timeout(30):
        while (await meeting.room.plane.stats())[0].packets_in < 300:
            await asyncio.sleep(0.05)
    await meeting.carry_out(lambda s: recording.stop(s, HOST, meeting.at))
    await meeting.room.until(lambda: of in meeting.kept.over)
    key = meeting.recorder._keys.data.get(f"recording:{of}")
    assert key is not None
    index = open_index(meeting.recorder._folder / of, key)
    assert "gap" in [event.what for event in index.events]
    for seat in PEOPLE:
        first, second = (t.number for t in index.of(seat, "audio"))
        assert first < 2000 <= second
        later = [r for r in _packets(meeting.recorder._folder / of, key, second) if r.at > again]
        assert later


@pytest.mark.slow
async def test_everybody_is_told_when_the_recorder_is_gone(meeting: Meeting) -> None:
    await meeting.everybody()
    pid = meeting.recorder.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await meeting.room.until(lambda: meeting.kept.failures == meeting.recordings)
    (of,) = meeting.recordings
    await meeting.carry_out(lambda s: recording.fail(s, of, meeting.at))
    await meeting.room.until(lambda: of in meeting.kept.over)
    reel = await meeting.recorder.reel(of)
    assert reel is not None, "what was on the disk is made whole"
    await meeting.everybody()
    await meeting.carry_out(lambda s: recording.stop(s, HOST, meeting.at))
    await meeting.room.until(lambda: len(meeting.kept.over) == 2)


class _Tap:
    def __init__(self) -> None:
        self.packets: list[bytes] = []

    def packet(self, track: int, packet: bytes, at: int) -> None:
        self.packets.append(packet)


def test_of_a_voice_that_repeats_itself_only_what_is_new_is_kept() -> None:
    voice = Voice("ann", UpClock())
    voice.may_repeat(RED)
    voice.ssrc = 7
    tap = _Tap()
    track = TapedTrack(cast(Any, tap), 1, voice)
    block = (0x80 | OPUS) << 24 | 960 << 10 | 3
    track.packet(
        0x80 | RED, 5, 1920, memoryview(block.to_bytes(4, "big") + bytes([OPUS]) + b"oldnew"), 1.0
    )
    track.packet(OPUS, 6, 2880, memoryview(b"plain"), 1.02)
    track.packet(OPUS, 7, 3840, memoryview(b""), 1.04)
    track.packet(RED, 8, 4800, memoryview(b"\xff"), 1.06)
    assert [packet[12:] for packet in tap.packets] == [b"new", b"plain"]
    assert HEADER.unpack(tap.packets[0][:12]) == (0x80, 0x80 | OPUS, 5, 1920, 7)
