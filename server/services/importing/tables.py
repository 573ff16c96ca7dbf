"""Tables as files: CSV in the encodings that programs here write, and Excel. Rows come one by one;
no more of a file is in memory than is being worked on.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import BinaryIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

from server.domain.errors import Refused
from server.domain.importing import MOST_COLUMNS
from server.domain.text import shown

EXCEL = "xlsx"
ENCODINGS = ("utf-8-sig", "gb18030")
UNPACKED = 1024 * 1024 * 1024
"""An Excel file that would be larger than this when unpacked is not opened."""
PIECE = 1024 * 1024
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def recognised(file: BinaryIO) -> str:
    """How it is to be read: `xlsx`, or a text's encoding. Raises Refused("import_unreadable")."""
    start = file.read(4)
    file.seek(0)
    if start.startswith(b"PK\x03\x04"):
        _fits(file)
        return EXCEL
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        candidates: tuple[str, ...] = ("utf-16",)
    else:
        candidates = ENCODINGS
    for encoding in candidates:
        if _decodes(file, encoding):
            return encoding
    raise Refused("import_unreadable")


def rows(file: BinaryIO, how: str) -> Generator[list[str], None, None]:
    """Every row with its cells as text, the headings first. Raises Refused("import_unreadable")."""
    try:
        yield from _excel(file) if how == EXCEL else _csv(file, how)
    except (csv.Error, UnicodeDecodeError, KeyError, ValueError, zipfile.BadZipFile, OSError):
        # What the libraries say of a damaged file quotes it.
        raise Refused("import_unreadable") from None


def counted(file: BinaryIO, how: str) -> int:
    """How many rows there are below the headings; of Excel files as they say themselves, or 0."""
    if how != EXCEL:
        return max(0, sum(1 for _ in rows(file, how)) - 1)
    book = load_workbook(file, read_only=True, data_only=True)
    try:
        return max(0, (book.worksheets[0].max_row or 1) - 1)
    finally:
        book.close()


def _csv(file: BinaryIO, encoding: str) -> Iterator[list[str]]:
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        first = text.readline()
        text.seek(0)
        separator = max((",", ";", "\t"), key=first.count)
        for row in csv.reader(text, delimiter=separator):
            yield [_unguarded(cell) for cell in row[:MOST_COLUMNS]]
    finally:
        text.detach()


def _excel(file: BinaryIO) -> Iterator[list[str]]:
    """The first sheet. Values as they were last computed, never formulas."""
    book = load_workbook(file, read_only=True, data_only=True)
    try:
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield [_unguarded(_text(value)) for value in row[:MOST_COLUMNS]]
    finally:
        book.close()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _fits(file: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError):
        raise Refused("import_unreadable") from None
    file.seek(0)
    if size > UNPACKED or "xl/workbook.xml" not in names:
        raise Refused("import_unreadable")


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(PIECE):
            if "\0" in decoder.decode(piece):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


# ---- writing ------------------------------------------------------------------------------------


def as_csv(lines: Iterable[Sequence[str]]) -> bytes:
    """With the mark by which Excel knows the encoding."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([_guarded(cell) for cell in line] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def as_excel(lines: Iterable[Sequence[str]]) -> bytes:
    """All cells are text: a number stays as it was typed, and a formula is none."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in lines:
        cells = []
        for text in line:
            cell = WriteOnlyCell(sheet, _printable(_guarded(text)))
            cell.data_type = "s"
            cell.number_format = "@"
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _guarded(cell: str) -> str:
    """Spreadsheets must not take what people typed for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _printable(text: str) -> str:
    # XML has no way to say control characters.
    return shown(text, also="\t\n")
