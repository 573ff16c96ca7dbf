"""Plain text as a document of Word, so that it is set on pages like everything else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import escape

from server.domain.errors import Refused

LONGEST = 1_000_000
"""Characters: some thousand pages."""
_LONGEST_LINE = 1_000

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_FORMATS = "http://schemas.openxmlformats.org"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES = (
    f'{_HEAD}<Types xmlns="{_FORMATS}/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}"/></Types>'
)
_LINKS = (
    f'{_HEAD}<Relationships xmlns="{_FORMATS}/package/2006/relationships"><Relationship Id="r1" '
    f'Type="{_FORMATS}/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_DOCUMENT = (
    f'{_HEAD}<w:document xmlns:w="{_FORMATS}/wordprocessingml/2006/main"><w:body>{{text}}'
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" '
    'w:bottom="1134" w:left="1134"/></w:sectPr></w:body></w:document>'
)
_LINE = (
    '<w:p><w:r><w:rPr><w:sz w:val="24"/><w:lang w:eastAsia="zh-CN"/></w:rPr>'
    '<w:t xml:space="preserve">{}</w:t></w:r></w:p>'
)


def as_docx(content: bytes) -> bytes:
    """A4, 12 points. Raises Refused: paper_too_long, paper_broken."""
    text = _decoded(content)
    if len(text) > LONGEST:
        raise Refused("paper_too_long")
    lines = "".join(_LINE.format(escape(_shown(line))) for line in _lines(text))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _LINKS)
        archive.writestr("word/document.xml", _DOCUMENT.format(text=lines))
    return out.getvalue()


def _lines(text: str) -> Iterator[str]:
    """Not longer than a page: one of a million characters takes LibreOffice minutes."""
    for line in text.splitlines():
        for start in range(0, len(line) or 1, _LONGEST_LINE):
            yield line[start : start + _LONGEST_LINE]


def _shown(line: str) -> str:
    return "".join(c for c in line.expandtabs(4) if c.isprintable() or c in "\u3000\xa0")


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("paper_broken")
