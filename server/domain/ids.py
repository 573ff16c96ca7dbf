"""Names for the ids that travel through the whole product.

All of them are text on the wire and in the database: UUIDv7 for records (they sort by time),
UUIDv4 for spaces and for whatever must not be guessed or ordered.
"""

from __future__ import annotations

from typing import NewType

OrganisationId = NewType("OrganisationId", str)
UserId = NewType("UserId", str)
CaseId = NewType("CaseId", str)
PartyId = NewType("PartyId", str)
RepresentativeId = NewType("RepresentativeId", str)
DocumentId = NewType("DocumentId", str)
SessionId = NewType("SessionId", str)
SeatId = NewType("SeatId", str)
SpaceId = NewType("SpaceId", str)
DeviceId = NewType("DeviceId", str)
OfferId = NewType("OfferId", str)
NoteId = NewType("NoteId", str)
ExtensionId = NewType("ExtensionId", str)
ConfirmationId = NewType("ConfirmationId", str)
NoticeId = NewType("NoticeId", str)
ImportId = NewType("ImportId", str)
MessageId = NewType("MessageId", str)
ExhibitId = NewType("ExhibitId", str)
StrokeId = NewType("StrokeId", str)
RoomNoteId = NewType("RoomNoteId", str)
RecordingId = NewType("RecordingId", str)
