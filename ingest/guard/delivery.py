"""What a parser child leaves behind, believed only after names, types and the row account were checked."""

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from graph.errors import SchemaError
from ingest.layouts import Layouts
from ingest.mapped import SheetRecord
from ingest.reasons import Level, Reason
from ingest.rows import REJECT_SCHEMA, batch_columns
from ingest.template import template, templates

_PIECE_ROWS = 20_000
_FILE = re.compile(r"[0-9]+-([0-9]+|rejects)\.parquet")
_KEY = "^[0-9a-f]{32}$"
_HEX = "^[0-9a-f]*$"
_LONGEST_RAW = 2 * 4096
_FLAGS = frozenset(reason.value for reason in Reason if reason.level is Level.FLAG)
# SUSPECT_15_DIGIT is a flag, and rejects a row whose check digit fails too (`Cleaned.refused`).
_REJECT_CODES = [reason.value for reason in Reason if reason.level is Level.ROW] + [
    Reason.HEADER_UNKNOWN.value,
    Reason.SUSPECT_15_DIGIT.value,
]


class NotBelieved(Exception):
    """The child's answer contradicts itself or is not what a parser writes."""


@dataclass(frozen=True, slots=True)
class DeliveredRows:
    """Rows of one template as a Parquet file of the parent's own."""

    template: str
    path: Path
    rows: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """A parsed file: its rows by template, its rejects (rows.REJECT_SCHEMA, in order) and its counts.

    rejected: reason code -> rows."""

    frames: tuple[DeliveredRows, ...]
    rejects: Path
    rejected: Mapping[str, int]
    rows_in: int
    layout_rows: int
    flags: frozenset[str]
    names_informant: bool
    sheets: tuple[SheetRecord, ...]

    def reject_pieces(self) -> Iterator[pl.DataFrame]:
        """The rejects piece by piece, so that a file of nothing else fills no memory here."""
        for at in range(0, sum(self.rejected.values()), _PIECE_ROWS):
            yield pl.scan_parquet(self.rejects).slice(at, _PIECE_ROWS).collect()

    def discard(self) -> None:
        """Remove what was not moved elsewhere."""
        for path in (self.rejects, *(rows.path for rows in self.frames)):
            path.unlink(missing_ok=True)


def accept(answer: Mapping[str, Any], scratch: Path, own: Path, layouts: Layouts) -> Delivery:
    """The delivery an answer describes, its files copied out of the child's reach, then checked.

    own: a folder the child can't write. layouts: the templates the child was given. NotBelieved when anything
    does not fit; `own` is left as it was.
    """
    copied: list[Path] = []
    try:
        frames = tuple(_rows(spec, scratch, own, copied) for spec in listed(answer["frames"]))
        rejects = copy_out(answer["rejects"]["file"], scratch, own, copied)
        rejected = _rejects(rejects, count(answer["rejects"]["rows"]))
        rows_in, flags = count(answer["rows_in"]), frozenset(listed(answer["flags"]))
        names = [rows.template for rows in frames]
        if rows_in != sum(rows.rows for rows in frames) + sum(rejected.values()):
            raise NotBelieved("the row account does not add up")
        if not names or sorted(set(names)) != names or not flags <= _FLAGS:
            raise NotBelieved("templates or flags are not in order")
        layout, informant = count(answer["layout_rows"]), answer["informant"] is True
        sheets = tuple(_sheet(spec, layouts) for spec in listed(answer["sheets"]))
        return Delivery(frames, rejects, rejected, rows_in, layout, flags, informant, sheets)
    except BaseException as error:
        for path in copied:
            path.unlink(missing_ok=True)
        if isinstance(error, LookupError | TypeError | AttributeError | OSError | SchemaError | _POLARS):
            raise NotBelieved(type(error).__name__) from error
        raise


_POLARS = pl.exceptions.PolarsError | pl.exceptions.PanicException


def _rows(spec: Mapping[str, Any], scratch: Path, own: Path, copied: list[Path]) -> DeliveredRows:
    name, rows = str(spec["template"]), count(spec["rows"])
    if name not in templates():
        raise NotBelieved("there is no such template")
    path = copy_out(spec["file"], scratch, own, copied)
    if pl.read_parquet_schema(path) != batch_columns(template(name)):
        raise NotBelieved("the rows have other columns than their template")
    # Every column is decoded once, so that a page that can't be read is found before it counts as loaded.
    found = pl.scan_parquet(path).select(
        pl.len(),
        keys=pl.col("row_key").str.contains(_KEY).fill_null(False).all(),
        places=((pl.col("line") >= 1) & (pl.col("row") >= 1)).fill_null(False).all(),
        nulls=pl.sum_horizontal(pl.all().null_count()),
    )
    height, keys, places, _ = found.collect().row(0)
    if height != rows or not keys or not places:
        raise NotBelieved("rows are missing or have no place or key")
    return DeliveredRows(name, path, rows)


def _sheet(spec: Mapping[str, Any], layouts: Layouts) -> SheetRecord:
    """How a sheet was read; of the template only the name is the child's word."""
    known, header = layouts.named(spec["layout"]), texts(spec["header"])
    columns = {}
    for field, at in spec["columns"].items():
        if field not in known.columns or count(at) >= len(header):
            raise NotBelieved("a column is none of the template's or of the header's")
        columns[field] = (at, header[at])
    return SheetRecord(
        text(spec["sheet"]),
        known.name,
        known.layout,
        known.content,
        count(spec["header_line"]),
        header,
        columns,
        texts(spec["unmapped"]),
        {text(kind): count(number) for kind, number in spec["hidden"].items()},
    )


def _rejects(path: Path, rows: int) -> dict[str, int]:
    """Rows by reason code."""
    if pl.read_parquet_schema(path) != REJECT_SCHEMA:
        raise NotBelieved("the rejects have other columns")
    raw = pl.col("raw")
    fine = (
        pl.col("code").is_in(_REJECT_CODES) & raw.str.contains(_HEX) & (raw.str.len_bytes() <= _LONGEST_RAW)
    )
    by_code = pl.scan_parquet(path).group_by("code").agg(pl.len(), fine.fill_null(False).all().alias("fine"))
    counts = by_code.sort("code").collect()
    if counts["len"].sum() != rows or not counts["fine"].all():
        raise NotBelieved("rejects are missing or have no code")
    return {code: int(number) for code, number, _ in counts.iter_rows()}


def copy_out(file: object, scratch: Path, own: Path, copied: list[Path]) -> Path:
    """A private copy: whoever still holds the child's file open can't change what was checked."""
    if not isinstance(file, str) or not _FILE.fullmatch(file):
        raise NotBelieved("a file has a name no parser gives")
    source, place = scratch / file, own / file
    if source.is_symlink() or not source.is_file():
        raise NotBelieved("a file is missing")
    copied.append(place)
    shutil.copyfile(source, place, follow_symlinks=False)
    source.unlink()
    return place


def count(value: object) -> int:
    """`value` if it is a count."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise NotBelieved("a count is no count")
    return value


def listed(value: object) -> list[Any]:
    """`value` if it is a list."""
    if not isinstance(value, list):
        raise NotBelieved("a list is missing")
    return value


def text(value: object) -> str:
    """`value` if it is a text."""
    if not isinstance(value, str):
        raise NotBelieved("a text is missing")
    return value


def texts(value: object) -> tuple[str, ...]:
    """`value` if it is a list of texts."""
    return tuple(text(one) for one in listed(value))
