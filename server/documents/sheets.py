"""Tables as wide as the page: otherwise their last columns become pages of their own.

Sheets whose makers said themselves how they fit on paper stay as they are.
Runs in the child.
"""

from __future__ import annotations

import codecs
import re
import zipfile
import zlib
from pathlib import Path

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_SAID = re.compile(rb"<pageSetUpPr\b[^>]*\bfitToPage=.(?:1|true)")
_UNSAID = re.compile(rb"<pageSetUpPr\b[^>]*/>")
_SETUP = re.compile(rb"<pageSetup\b([^>]*?)/>")
_SCALES = re.compile(rb"\b(?:scale|fitToWidth|fitToHeight)=(?:\"[^\"]*\"|'[^']*')")
_OPENED = re.compile(rb"<worksheet\b[^>]*>")
_ABOUT = re.compile(rb"<sheetPr\b([^>]*?)(?:/>|>(.*?)</sheetPr>)", re.DOTALL)
_FITS = b'<pageSetUpPr fitToPage="1"/>'
_END = b"</worksheet>"

codecs.lookup("cp437")  # of names in archives; loaded now, as later it may be out of reach


def fit(file: Path) -> None:
    """In its place. What does not hold together is left for LibreOffice to say so."""
    made = file.with_name("fitted")
    try:
        with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w") as new:
            for part in old.infolist():
                content = old.read(part)
                if _SHEET.fullmatch(part.filename):
                    content = fitted(content)
                new.writestr(part.filename, content, zipfile.ZIP_DEFLATED, compresslevel=1)
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, OSError, MemoryError):
        return
    made.replace(file)


def fitted(sheet: bytes) -> bytes:
    """A sheet's XML, so that all columns are on one page and rows on as many as they need."""
    if _SAID.search(sheet) or _END not in sheet:
        return sheet
    setup = _SETUP.search(sheet)
    said = _SCALES.sub(b"", setup[1]) if setup else b""
    if b"orientation=" not in said:
        said += b' orientation="landscape"'
    now = b'<pageSetup fitToWidth="1" fitToHeight="0" ' + said + b"/>"
    if setup:
        sheet = sheet[: setup.start()] + now + sheet[setup.end() :]
    else:
        sheet = now.join((sheet.rpartition(_END)[0], _END))
    about = _ABOUT.search(sheet)
    if about:
        inner = _UNSAID.sub(b"", about[2] or b"") + _FITS
        now = b"<sheetPr" + about[1] + b">" + inner + b"</sheetPr>"
        return sheet[: about.start()] + now + sheet[about.end() :]
    return _OPENED.sub(lambda tag: tag[0] + b"<sheetPr>" + _FITS + b"</sheetPr>", sheet, count=1)
