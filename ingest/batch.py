"""Writes and reads the immutable batches: normalised rows of one file and template as Parquet."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from graph.durable import remove, replacing
from graph.errors import UnreadableSource
from graph.lake.home import LakeHome
from graph.lake.seal import seal, unbroken
from ingest.ledger import BatchRecord, batch_name, batch_path
from ingest.row_files import GROUP_ROWS
from ingest.rows import batch_columns
from ingest.template import template


def write_batch(home: LakeHome, name: str, sha256: str, frame: pl.DataFrame) -> BatchRecord:
    """Write under a temporary name, make it durable, then name it; in force only once the ledger says so."""
    with replacing(_place(home, name, sha256)) as temporary:
        write_rows(temporary, frame)
        content = seal(temporary)
    return BatchRecord(sha256, name, batch_name(name, sha256), frame.height, content)


def adopt_batch(home: LakeHome, name: str, sha256: str, written: Path, rows: int) -> BatchRecord:
    """The same for rows that `write_rows` left at `written`: the file is moved, not written again."""
    with replacing(_place(home, name, sha256)) as temporary:
        shutil.move(written, temporary)
        content = seal(temporary)
    return BatchRecord(sha256, name, batch_name(name, sha256), rows, content)


def write_rows(path: Path, frame: pl.DataFrame) -> None:
    """Rows as every batch stores them."""
    frame.write_parquet(path, compression="lz4", statistics=False, row_group_size=GROUP_ROWS)


def intact(home: LakeHome, record: BatchRecord) -> bool:
    """Whether a batch in force is there, byte for byte."""
    return unbroken(batch_path(home, record), record.content)


def read_batches(
    home: LakeHome, records: Sequence[BatchRecord], name: str, wanted: Sequence[str] | None = None
) -> pl.DataFrame:
    """All rows of a template's batches in force, with `source` (sha256); an empty frame without batches.

    wanted: the columns to read, all by default. A column that a batch lacks, because its template was
    younger, is null.
    """
    columns = batch_columns(template(name))
    if wanted is not None:
        columns = {column: columns[column] for column in wanted}
    frames = []
    for record in records:
        if record.template == name:
            frames.append(_scan(home, record, columns).collect())
    if not frames:
        return pl.DataFrame(schema={**columns, "source": pl.String()})
    return pl.concat(frames)


def remove_orphans(home: LakeHome, records: Sequence[BatchRecord]) -> int:
    """Remove batch files that no ledger row names (an interrupted load); how many there were."""
    known = {batch_path(home, record) for record in records}
    orphans = [path for path in home.batches.glob("*/*") if path not in known]
    for path in orphans:
        remove(path)
    return len(orphans)


def scan_batches(home: LakeHome, records: Sequence[BatchRecord], name: str) -> pl.LazyFrame:
    """The same rows with all columns, each of them read from the files when it is collected."""
    columns = batch_columns(template(name))
    frames = [_scan(home, record, columns) for record in records if record.template == name]
    return pl.concat(frames) if frames else pl.LazyFrame(schema={**columns, "source": pl.String()})


def _place(home: LakeHome, name: str, sha256: str) -> Path:
    return home.batches / batch_name(name, sha256)


def rows_of(home: LakeHome, record: BatchRecord, columns: Mapping[str, pl.DataType]) -> pl.LazyFrame:
    """The rows of one batch with these columns (one it lacks is null) and `source`, unchecked."""
    path = batch_path(home, record)
    stored = pl.read_parquet_schema(path)
    missing = [pl.lit(None, dtype=dtype).alias(c) for c, dtype in columns.items() if c not in stored]
    return pl.scan_parquet(path).with_columns(missing).select(*columns, source=pl.lit(record.sha256))


def damaged(record: BatchRecord) -> UnreadableSource:
    """The error for a batch that is not what was written."""
    return UnreadableSource(
        f"The batch {record.template}/{record.sha256[:12]} is damaged or missing;"
        " load that file again first, or unload it.",
        file=record.path,
    )


def _scan(home: LakeHome, record: BatchRecord, columns: Mapping[str, pl.DataType]) -> pl.LazyFrame:
    if not intact(home, record):
        raise damaged(record)
    return rows_of(home, record, columns)
