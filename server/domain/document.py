"""Document 材料: a file that belongs to a case, and what it is."""

from __future__ import annotations

from enum import StrEnum

from server.domain.text import shown

NAME_LENGTH = 150
LARGEST = 20 * 1024 * 1024
"""Bytes of one file."""
MOST_FROM_OUTSIDE = 20
"""Files that those without an account may add to one matter."""


class DocumentKind(StrEnum):
    APPLICATION = "application"
    EVIDENCE = "evidence"
    PHOTO = "photo"
    IDENTITY = "identity"
    OTHER = "other"


class FileType(StrEnum):
    """What may be kept; the value is the type that the file is served with."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"
    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    DOC = "application/msword"
    XLS = "application/vnd.ms-excel"
    TEXT = "text/plain"
    MP3 = "audio/mpeg"
    M4A = "audio/mp4"
    MP4 = "video/mp4"


ENDINGS = {
    FileType.JPEG: ("jpg", "jpeg"),
    FileType.PNG: ("png",),
    FileType.WEBP: ("webp",),
    FileType.HEIC: ("heic", "heif"),
    FileType.PDF: ("pdf",),
    FileType.DOCX: ("docx",),
    FileType.XLSX: ("xlsx",),
    FileType.DOC: ("doc",),
    FileType.XLS: ("xls",),
    FileType.TEXT: ("txt", "csv"),
    FileType.MP3: ("mp3",),
    FileType.M4A: ("m4a",),
    FileType.MP4: ("mp4", "mov"),
}


def file_name(given: str, found: FileType) -> str:
    """As it was given, without folders and what can't be shown, ending as its type does."""
    name = given.replace("\\", "/").rpartition("/")[2]
    # Characters that turn the direction of writing make `gpj.exe` look like a picture.
    name = " ".join(shown(name).split())
    stem, dot, ending = name.rpartition(".")
    if not dot or ending.lower() not in ENDINGS[found]:
        stem, ending = name, ENDINGS[found][0]
    return f"{stem.strip('. ')[:NAME_LENGTH] or 'file'}.{ending}"
