"""Every refusal has its sentence, and every sentence is said somewhere."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args

from server.sentences import CUTS, REFUSALS
from signaling import protocol
from signaling.media.plane import BadSignal

ROOT = Path(__file__).parents[1]
SOURCES = [*ROOT.glob("server/**/*.py"), *ROOT.glob("signaling/**/*.py"), ROOT / "run.py"]


def texts_in(file: Path) -> set[str]:
    tree = ast.parse(file.read_text("utf-8"))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def refused_in(file: Path) -> set[str]:
    """Codes written out in `Refused("…")`."""
    return {
        node.args[0].value
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in ("Refused", "BadSignal")
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_every_code_has_a_sentence() -> None:
    codes = set().union(*(refused_in(file) for file in SOURCES))
    assert len(codes) > 30
    assert codes <= REFUSALS.keys() | CUTS.keys()


def test_every_sentence_is_said_somewhere() -> None:
    said = set().union(*(texts_in(f) for f in SOURCES if f.parent.name != "sentences"))
    assert REFUSALS.keys() <= said
    assert CUTS.keys() <= said


def test_every_cut_the_page_may_get_has_a_sentence() -> None:
    codes = get_args(protocol.Cut.model_fields["code"].annotation)
    assert CUTS.keys() <= set(codes)
    assert set(codes) <= REFUSALS.keys() | CUTS.keys()


def test_a_bad_signal_has_a_sentence() -> None:
    codes = get_args(BadSignal.__init__.__annotations__["code"]) or ("bad_sdp",)
    assert set(codes) <= REFUSALS.keys()
