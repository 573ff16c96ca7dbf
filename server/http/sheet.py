"""Tables as files, written a piece at a time: CSV that Excel reads, and Excel's own.

Each is a context: what is left by an error before its end is closed without a word, since an
archive that was begun keeps its stream open.
"""

from __future__ import annotations

import csv
import io
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import IO, ClassVar, Self
from xml.sax.saxutils import escape

from server.domain.text import shown

Row = Sequence[str]

# What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Sheet(ABC):
    """`rows` any number of times, then `end`; each returns what is ready to be sent."""

    media_type: ClassVar[str]
    ending: ClassVar[str]

    @abstractmethod
    def rows(self, rows: Iterable[Row]) -> bytes: ...

    @abstractmethod
    def end(self) -> bytes: ...

    @abstractmethod
    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Csv(Sheet):
    """UTF-8 with a mark at the front, without which Excel takes it for something else."""

    media_type = "text/csv"
    ending = "csv"

    def __init__(self) -> None:
        self._first = True

    def rows(self, rows: Iterable[Row]) -> bytes:
        text = io.StringIO()
        if self._first:
            text.write("\ufeff")
            self._first = False
        csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
        return text.getvalue().encode()

    def end(self) -> bytes:
        return b""

    def close(self) -> None:
        pass


def harmless(cell: str) -> str:
    """What somebody typed as their name must not be a formula on the desk of who opens the file."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


class _Out(io.RawIOBase):
    """Keeps what was written until it is taken; there is no way back in it."""

    def __init__(self) -> None:
        self._kept: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._kept.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken, self._kept = b"".join(self._kept), []
        return taken


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}">'
    '<sheets><sheet name="Heyi" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>",
}


class Xlsx(Sheet):
    """One sheet, every cell a text: nothing in it is ever computed."""

    media_type = f"{_TYPE}.sheet"
    ending = "xlsx"

    def __init__(self) -> None:
        self._out = _Out()
        self._zip = zipfile.ZipFile(self._out, "w", zipfile.ZIP_DEFLATED)
        for name, text in _PARTS.items():
            self._zip.writestr(name, _HEAD + text)
        self._sheet: IO[bytes] = self._zip.open("xl/worksheets/sheet1.xml", "w")
        self._sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())

    def rows(self, rows: Iterable[Row]) -> bytes:
        for row in rows:
            self._sheet.write(f"<row>{''.join(map(_cell, row))}</row>".encode())
        return self._out.take()

    def end(self) -> bytes:
        self._sheet.write(b"</sheetData></worksheet>")
        self.close()
        return self._out.take()

    def close(self) -> None:
        self._sheet.close()
        self._zip.close()


def _cell(text: str) -> str:
    plain = shown(text, also="\t\n")
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(plain)}</t></is></c>'


KINDS: dict[str, type[Sheet]] = {"xlsx": Xlsx, "csv": Csv}
