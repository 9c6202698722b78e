"""Entry 36: things that are no file, empty files, and names that nobody would choose."""

import os
from collections.abc import Callable
from pathlib import Path

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import raw, sheet
from tests.ingest.build import sheet_row

NAMES = ("a\nb.csv", "a'\"b.csv", "拟😀.csv", "长" * 83 + "ab.csv")


def fifo(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.csv")
    return folder / "pipe.csv"


def folder_named_csv(folder: Path) -> Path:
    (folder / "x.csv").mkdir()
    return folder / "x.csv"


def device(folder: Path) -> Path:
    (folder / "zero.csv").symlink_to("/dev/zero")
    return folder / "zero.csv"


def named(name: str) -> Callable[[Path], Path]:
    assert len(name.encode()) <= 255
    return sheet(name, sheet_row())


CASES = (
    Case("a file without a byte", raw("empty.csv", b""), code="EMPTY_FILE"),
    Case("a header and nothing below it", sheet("header.csv"), loaded=0),
    Case("a pipe", fifo, code="NOT_A_FILE"),
    Case("a folder named .csv", folder_named_csv, code="NOT_A_FILE"),
    Case("a link to an endless device", device, code="NOT_A_FILE"),
    *(Case(f"the name {name[:8]!r}", named(name), loaded=1) for name in NAMES),
)
