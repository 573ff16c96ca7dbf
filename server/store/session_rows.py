"""The rows of a session and what they are in the domain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from server.domain.consent import Consent, Purpose, Text
from server.domain.ids import (
    DeviceId,
    ExhibitId,
    PartyId,
    RecordingId,
    RepresentativeId,
    SeatId,
    SpaceId,
)
from server.domain.recorded import Ended, Recording, Trouble
from server.domain.result import Result, ResultKind
from server.domain.seat import Ask, Role, Seat
from server.domain.session import Session
from server.domain.space import Space, SpaceKind


def from_session(session: Session) -> dict[str, Any]:
    result = session.result
    return {
        "starts_at": session.starts_at,
        "state": session.state,
        "shuttle_only": session.shuttle_only,
        "purpose": session.purpose,
        "minutes": session.length // timedelta(minutes=1),
        "locked": session.locked,
        "break_until": session.break_until,
        "edition": session.edition,
        "result_kind": result and result.kind,
        "result_reason": result and result.reason,
        "result_until": result and result.until,
    }


def to_result(row: Mapping[str, Any]) -> Result | None:
    if row["result_kind"] is None:
        return None
    return Result(ResultKind(row["result_kind"]), row["result_reason"], row["result_until"])


def from_seat(seat: Seat) -> dict[str, Any]:
    return {
        "id": seat.id,
        "role": seat.role,
        "side": seat.side,
        "name": seat.name,
        "link_version": seat.link_version,
        "chair": seat.chair,
        "claim_of": seat.claim_of,
        "device": seat.device,
        "said_name": seat.said_name,
        "admitted": seat.admitted,
        "sent_out": seat.sent_out,
        "let_through": seat.let_through,
        "present": seat.present,
        "since": seat.since,
        "lost_at": seat.lost_at,
        "space": seat.space,
        "microphone": seat.microphone,
        "camera": seat.camera,
        "asks": sorted(seat.asks),
        "revoked": seat.revoked,
        "signs": seat.signs,
        "away": seat.away,
        "beside": list(seat.beside),
        "beside_told": seat.beside_told,
        "beside_agreed": seat.beside_agreed,
        "beside_answers": dict(seat.beside_answers),
        "party": seat.party,
        "speaker": seat.speaker,
        "language": seat.language,
    }


def to_seat(row: Mapping[str, Any]) -> Seat:
    return Seat(
        id=SeatId(row["id"]),
        role=Role(row["role"]),
        side=row["side"],
        name=row["name"],
        link_version=row["link_version"],
        chair=row["chair"],
        claim_of=SeatId(row["claim_of"]) if row["claim_of"] else None,
        device=DeviceId(row["device"]) if row["device"] else None,
        said_name=row["said_name"],
        admitted=row["admitted"],
        sent_out=row["sent_out"],
        let_through=row["let_through"],
        present=row["present"],
        since=row["since"],
        lost_at=row["lost_at"],
        space=SpaceId(row["space"]) if row["space"] else None,
        microphone=row["microphone"],
        camera=row["camera"],
        asks=frozenset(Ask(a) for a in row["asks"]),
        revoked=row["revoked"],
        signs=row["signs"],
        away=row["away"],
        beside=tuple(row["beside"]),
        beside_told=row["beside_told"],
        beside_agreed=row["beside_agreed"],
        beside_answers={SeatId(by): yes for by, yes in row["beside_answers"].items()},
        party=PartyId(row["party"]) if row["party"] else None,
        speaker=RepresentativeId(row["speaker"]) if row["speaker"] else None,
        language=row["language"],
    )


def from_space(space: Space) -> dict[str, Any]:
    return {
        "id": space.id,
        "kind": space.kind,
        "side": space.side,
        "opened_at": space.opened_at,
        "closed_at": space.closed_at,
        "unattended_since": space.unattended_since,
        "silenced": space.silenced,
        "quiet": space.quiet,
        "expected_at": space.expected_at,
        "knock": space.knock,
        "exhibit": space.exhibit,
        "page": space.page,
        "shown_by": space.shown_by,
        "screen": space.screen,
        "scope": space.scope,
        "recorded": space.recorded,
    }


def to_space(row: Mapping[str, Any]) -> Space:
    return Space(
        id=SpaceId(row["id"]),
        kind=SpaceKind(row["kind"]),
        side=row["side"],
        opened_at=row["opened_at"],
        closed_at=row["closed_at"],
        unattended_since=row["unattended_since"],
        silenced=row["silenced"],
        quiet=row["quiet"],
        expected_at=row["expected_at"],
        knock=SeatId(row["knock"]) if row["knock"] else None,
        exhibit=ExhibitId(row["exhibit"]) if row["exhibit"] else None,
        page=row["page"],
        shown_by=SeatId(row["shown_by"]) if row["shown_by"] else None,
        screen=SeatId(row["screen"]) if row["screen"] else None,
        scope=row["scope"],
        recorded=Ended(row["recorded"]) if row["recorded"] else None,
    )


def from_consent(consent: Consent) -> dict[str, Any]:
    return {
        "seat": consent.seat,
        "purpose": consent.purpose,
        "text_version": consent.text_version,
        "text_hash": consent.text_hash,
        "given_at": consent.given_at,
        "withdrawn_at": consent.withdrawn_at,
        "person": consent.person,
    }


def to_consent(row: Mapping[str, Any]) -> Consent:
    return Consent(
        seat=SeatId(row["seat"]),
        purpose=Purpose(row["purpose"]),
        text_version=row["text_version"],
        text_hash=row["text_hash"],
        given_at=row["given_at"],
        withdrawn_at=row["withdrawn_at"],
        person=row["person"],
    )


def from_recording(recording: Recording) -> dict[str, Any]:
    return {
        "id": recording.id,
        "space": recording.space,
        "purpose": recording.purpose,
        "texts": [
            {"version": text.version, "language": text.language, "body": text.body}
            for text in recording.texts
        ],
        "minutes": recording.minutes,
        "by": recording.by,
        "asked_at": recording.asked_at,
        "began_at": recording.began_at,
        "writing": recording.writing,
        "trouble": recording.trouble,
        "ended_at": recording.ended_at,
        "ended": recording.ended,
    }


def to_recording(row: Mapping[str, Any]) -> Recording:
    purpose = Purpose(row["purpose"])
    return Recording(
        id=RecordingId(row["id"]),
        space=SpaceId(row["space"]),
        purpose=purpose,
        texts=tuple(Text(purpose, t["version"], t["language"], t["body"]) for t in row["texts"]),
        minutes=row["minutes"],
        by=SeatId(row["by"]),
        asked_at=row["asked_at"],
        began_at=row["began_at"],
        writing=row["writing"],
        trouble=Trouble(row["trouble"]) if row["trouble"] else None,
        ended_at=row["ended_at"],
        ended=Ended(row["ended"]) if row["ended"] else None,
    )
