"""A hostile file and what loading it must give, to the row: codes, flags, counts and kept values."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from graph.lake.home import LakeHome, lake_home
from ingest.batch import read_batches
from ingest.ledger import FileRecord, Ledger
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.load import LoadOptions, load_files
from ingest.quarantine import read_rejects
from tests.ingest.parser import shared_parser


@dataclass(frozen=True)
class Case:
    """One generated file.

    says: the claim. write: makes the file in a folder. code: the reason when the whole file waits. rejects:
    reason code -> rows. flags: `CODE@field` -> rows, all of them. file_flags: flags of the file. values:
    field -> values of the kept rows in file order. layout_rows: rows counted apart.
    """

    says: str
    write: Callable[[Path], Path]
    loaded: int = 0
    duplicates: int = 0
    code: str = ""
    rejects: Mapping[str, int] = field(default_factory=dict)
    flags: Mapping[str, int] = field(default_factory=dict)
    file_flags: Sequence[str] = ()
    values: Mapping[str, Sequence[object]] = field(default_factory=dict)
    layout_rows: int = 0
    limits: Limits = DEFAULT_LIMITS
    template: str | None = None


def check(case: Case, root: Path) -> LakeHome:
    """Load the case's file by itself and compare everything; the home, for what else an entry asks."""
    folder = root / "in"
    folder.mkdir(parents=True, exist_ok=True)
    home = lake_home(root / "var")
    options = LoadOptions(case.template, limits=case.limits)
    (record,) = load_files(home, [case.write(folder)], options, parser=shared_parser()).records
    found = outcome(home, record)
    assert found == expected(case), case.says
    kept = rows_of(home, record)
    for name, values in case.values.items():
        assert kept[name].to_list() == list(values), f"{case.says}: {name}"
    return home


def expected(case: Case) -> dict[str, Any]:
    """What `outcome` must say."""
    return {
        "code": case.code,
        "loaded": case.loaded,
        "duplicates": case.duplicates,
        "layout_rows": case.layout_rows,
        "rejects": dict(case.rejects) or ({case.code: 1} if case.code else {}),
        "flags": dict(case.flags),
        "file_flags": sorted(case.file_flags),
    }


def outcome(home: LakeHome, record: FileRecord) -> dict[str, Any]:
    """What became of a file, in the words of `Case`; its row account must add up."""
    assert record.rows_in == record.loaded + record.duplicates + record.rejected
    lines = Counter(str(line["code"]) for line in read_rejects(home, record.sha256))
    assert sum(lines.values()) == (record.rejected or (1 if record.code else 0))
    kept = rows_of(home, record)
    words = Counter(word for text in kept["flags"].drop_nulls().to_list() for word in text.split())
    assert kept.height == record.loaded + record.duplicates
    return {
        "code": record.code,
        "loaded": record.loaded,
        "duplicates": record.duplicates,
        "layout_rows": record.layout_rows,
        "rejects": dict(lines),
        "flags": dict(words),
        "file_flags": sorted(record.flags),
    }


def rows_of(home: LakeHome, record: FileRecord) -> pl.DataFrame:
    """The kept rows of a file, in file order; of several templates what they have in common."""
    ledger = Ledger(home)
    try:
        batches = [batch for batch in ledger.batches() if batch.sha256 == record.sha256]
    finally:
        ledger.close()
    frames = [read_batches(home, [batch], batch.template) for batch in batches]
    if not frames:
        return pl.DataFrame(schema={"flags": pl.String(), "row": pl.Int64()})
    return pl.concat(frames, how="diagonal").sort("row")
