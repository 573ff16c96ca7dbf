"""Word, Excel and plain text turned into PDF by LibreOffice, where there is one."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import signal
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from server.documents import plain_text
from server.documents.confined import Ended, TooSlow, run
from server.documents.limits import NOBODY, Limits
from server.domain.document import FileType
from server.domain.errors import Refused
from server.security import compound

# How it reads and writes each; said aloud, so that it does not guess from the content.
_WORD, _EXCEL = "writer_pdf_Export", "calc_pdf_Export"
_FILTERS = {
    FileType.DOCX: ("docx", "MS Word 2007 XML", _WORD),
    FileType.XLSX: ("xlsx", "Calc MS Excel 2007 XML", _EXCEL),
    FileType.DOC: ("doc", "MS Word 97", _WORD),
    FileType.XLS: ("xls", "MS Excel 97", _EXCEL),
}
KINDS = frozenset({*_FILTERS, FileType.TEXT})

LARGEST_PDF = 100 * 1024 * 1024
_LIMITS = Limits(memory=2 * 1024 * 1024 * 1024, seconds=90, file=LARGEST_PDF)
_PATIENCE_S = 120
_AGAIN = 81
"""What it ends with when it has made itself at home in a new folder, 0.2 s after its start."""
_IN_MEMORY = Path("/dev/shm")
_ROOM = 1024 * 1024 * 1024

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>"""
_ITEM = (
    '<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
    "<value>{value}</value></prop></item>"
)
_SECURITY = "Office.Common/Security/Scripting"
_CHOSEN = (
    # No macro runs, nothing that a document points to is fetched, no link brought up to date.
    (_SECURITY, "MacroSecurityLevel", "3"),
    (_SECURITY, "DisableMacrosExecution", "true"),
    (_SECURITY, "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Content/Update", "Link", "2"),
    # Characters in the shapes of the mainland, paper and dates as there.
    ("Setup/L10N", "ooSetupSystemLocale", "zh-CN"),
    ("Office.Linguistic/General", "DefaultLocale_CJK", "zh-CN"),
)


def program() -> Path | None:
    """LibreOffice itself; not the script around it, which would start two more processes."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    itself = Path(found).resolve().with_name("soffice.bin") if found else None
    return itself if itself and itself.exists() else None


async def to_pdf(content: bytes, kind: FileType) -> bytes:
    """Raises Refused: paper_needs_office, paper_locked, paper_broken, paper_too_large,
    paper_too_long, paper_too_slow.
    """
    soffice = program()
    if soffice is None:
        raise Refused("paper_needs_office")
    folder = await asyncio.to_thread(_folder)
    try:
        await asyncio.to_thread(_prepare, folder, content, kind)
        ended = await _run(_command(soffice, folder, kind), folder)
        pdf = await asyncio.to_thread(_taken, folder / "paper.pdf")
    except TooSlow:
        raise Refused("paper_too_slow") from None
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    if ended.code == -signal.SIGXFSZ:
        raise Refused("paper_too_large")
    if not pdf.startswith(b"%PDF-"):
        locked = kind in (FileType.DOC, FileType.XLS) and compound.locked(content)
        raise Refused("paper_locked" if locked else "paper_broken")
    return pdf


async def _run(command: list[str], folder: Path) -> Ended:
    try:
        ended = await run(command, _LIMITS, _PATIENCE_S, home=str(folder))
        if ended.code == _AGAIN:
            _remove_socket(folder)
            ended = await run(command, _LIMITS, _PATIENCE_S, home=str(folder))
        return ended
    finally:
        _remove_socket(folder)


def _folder() -> Path:
    """In memory where there is room: what was sealed should not lie open on a disk."""
    room = 0
    with suppress(OSError):
        room = shutil.disk_usage(_IN_MEMORY).free
    return Path(tempfile.mkdtemp(prefix="heyi-paper-", dir=_IN_MEMORY if room > _ROOM else None))


def _prepare(folder: Path, content: bytes, kind: FileType) -> None:
    if kind is FileType.TEXT:
        content, kind = plain_text.as_docx(content), FileType.DOCX
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    items = "".join(_ITEM.format(path=p, name=n, value=v) for p, n, v in _CHOSEN)
    (user / "registrymodifications.xcu").write_text(_SETTINGS.format(items=items), "utf-8")
    (folder / f"paper.{_FILTERS[kind][0]}").write_bytes(content)
    if os.geteuid() == 0:
        for made in (folder, *folder.rglob("*")):
            os.chown(made, NOBODY, NOBODY)


def _command(soffice: Path, folder: Path, kind: FileType) -> list[str]:
    ending, reads, writes = _FILTERS[FileType.DOCX if kind is FileType.TEXT else kind]
    return [
        *("office", str(folder), str(soffice)),
        *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
        f"-env:UserInstallation={_profile(folder)}",
        f"--infilter={reads}",
        *("--convert-to", f"pdf:{writes}", "--outdir", str(folder)),
        str(folder / f"paper.{ending}"),
    ]


def _profile(folder: Path) -> str:
    return f"file://{folder}/profile"


def _remove_socket(folder: Path) -> None:
    """The child was not let to."""
    for socket in sockets(folder):
        socket.unlink(missing_ok=True)


def sockets(folder: Path) -> list[Path]:
    """By which a second LibreOffice of the same profile would find the first."""
    digest = hashlib.md5(_profile(folder).encode("utf-16-le"), usedforsecurity=False).digest()
    name = "".join(f"{byte:x}" for byte in digest)
    return list(Path("/tmp").glob(f"OSL_PIPE_*_SingleOfficeIPC_{name}"))


def _taken(file: Path) -> bytes:
    """Empty: there is none. The folder was the child's: what lies there need not be a file."""
    try:
        opened = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b""
    with os.fdopen(opened, "rb") as pdf:
        found = os.fstat(opened)
        ours = stat.S_ISREG(found.st_mode) and found.st_nlink == 1
        return pdf.read(LARGEST_PDF) if ours else b""
