"""The program of the child: reads one file on its standard input, answers on its output, ends.

The answer is a line of JSON, and behind it the picture that was asked for. Started by `confined`,
never imported by the server's own process.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from server.documents import sheets
from server.documents.limits import Limits, give_up


def main(argv: list[str]) -> None:
    """Limits, then `count`, `draw NUMBER WIDTH` or `office FOLDER PROGRAM ARGUMENT… FILE`."""
    limits = Limits(*(int(n) for n in argv[:3]))
    what, *rest = argv[3:]
    if what == "office":
        folder, program, *arguments = rest
        give_up(limits, Path(folder), [str(Path(program).resolve().parents[1])])
        if arguments[-1].endswith(".xlsx"):
            sheets.fit(Path(arguments[-1]))
        # Python does not listen to it, and what it starts wouldn't either.
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        os.execv(program, [program, *arguments])
    # Before the limits: these are files of ours, which nobody might not be able to read.
    from server.documents import drawing

    give_up(limits, None, [sys.prefix, sys.base_prefix])
    content = sys.stdin.buffer.read()
    try:
        answer, picture = drawing.answer(content, what, [int(n) for n in rest])
    except drawing.No as no:
        answer, picture = {"refused": str(no)}, b""
    except MemoryError:
        answer, picture = {"refused": "paper_too_large"}, b""
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + picture)
    sys.stdout.buffer.flush()
