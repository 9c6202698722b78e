"""Writes and reads the immutable batches: normalised rows of one file and template as Parquet."""

import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from graph.errors import UnreadableSource
from graph.lake.home import LakeHome
from ingest.ledger import BatchRecord, batch_path
from ingest.readers.original import sync_folder
from ingest.rows import batch_columns
from ingest.template import template


def write_batch(home: LakeHome, name: str, sha256: str, frame: pl.DataFrame) -> BatchRecord:
    """Write under a temporary name, make it durable, then name it; in force only once the ledger says so."""
    temporary = _temporary(home, name, sha256)
    write_rows(temporary, frame)
    return _named(temporary, name, sha256, frame.height)


def adopt_batch(home: LakeHome, name: str, sha256: str, written: Path, rows: int) -> BatchRecord:
    """The same for rows that `write_rows` left at `written`: the file is moved, not written again."""
    temporary = _temporary(home, name, sha256)
    shutil.move(written, temporary)
    return _named(temporary, name, sha256, rows)


def write_rows(path: Path, frame: pl.DataFrame) -> None:
    """Rows as every batch stores them."""
    frame.write_parquet(path, compression="lz4", statistics=False)


def _temporary(home: LakeHome, name: str, sha256: str) -> Path:
    folder = home.batches / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{sha256}.tmp"


def _named(temporary: Path, name: str, sha256: str, rows: int) -> BatchRecord:
    """Make the file durable and give it its name."""
    place = temporary.with_suffix(".parquet")
    with temporary.open("rb+") as handle:
        content = hashlib.file_digest(handle, "sha256").hexdigest()
        os.fsync(handle.fileno())
    temporary.replace(place)
    sync_folder(place.parent)
    return BatchRecord(sha256, name, f"{name}/{place.name}", rows, content)


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
            frames.append(_read(home, record, columns))
    if not frames:
        return pl.DataFrame(schema={**columns, "source": pl.String()})
    return pl.concat(frames)


def read_keys(home: LakeHome, records: Sequence[BatchRecord], name: str) -> pl.Series:
    """The row keys of a template's batches in force."""
    paths = [batch_path(home, record) for record in records if record.template == name]
    if not paths:
        return pl.Series("row_key", [], dtype=pl.String)
    return pl.scan_parquet(paths).select("row_key").collect().to_series()


def remove_orphans(home: LakeHome, records: Sequence[BatchRecord]) -> int:
    """Remove batch files that no ledger row names (an interrupted load); how many there were."""
    known = {batch_path(home, record) for record in records}
    orphans = [path for path in home.batches.glob("*/*") if path not in known]
    for path in orphans:
        path.unlink()
    return len(orphans)


def _read(home: LakeHome, record: BatchRecord, columns: dict[str, pl.DataType]) -> pl.DataFrame:
    path = batch_path(home, record)
    try:
        stored = pl.read_parquet_schema(path)
        frame = pl.read_parquet(path, columns=[c for c in columns if c in stored])
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UnreadableSource(
            f"The batch {record.template}/{record.sha256[:12]} is damaged or missing;"
            " unload that file and load its original again.",
            file=record.path,
        ) from error
    missing = [pl.lit(None, dtype=dtype).alias(c) for c, dtype in columns.items() if c not in frame.columns]
    return frame.with_columns(missing).select(*columns, source=pl.lit(record.sha256))
