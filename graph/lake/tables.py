"""Writes and opens the canonical tables: one Parquet file a type, swapped all at once by a manifest."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from graph.errors import SchemaError, UnreadableSource
from graph.lake.digest import GraphDigest, graph_digest
from graph.lake.home import LakeHome
from graph.schema.catalog import NODE_TYPES, RELATION_TYPES, stored_tables, table_columns

MANIFEST = "manifest.json"
# Relations that are also kept sorted by their far end, so that both directions are looked up fast.
BOTH_ENDS: tuple[str, ...] = ("TRANSFER", "CALLED", "LOGGED_IN", "LOGGED_IN_FROM")
_ROW_GROUP = 20_000


def sort_columns(name: str, by_to: bool = False) -> list[str]:
    """The columns a table is stored in order of; total, so that equal content gives equal bytes."""
    if name in NODE_TYPES:
        return ["key"]
    ends = ["to_type", "to_key"] if by_to else ["from_type", "from_key"]
    rest = ["from_type", "from_key"] if by_to else ["to_type", "to_key"]
    if RELATION_TYPES[name].event:
        return [*ends, "at", "event_key"]
    return [*ends, *rest, "valid_from_at"]


def checked(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` in the catalog's column order; SchemaError names the first column that differs."""
    wanted = table_columns(name)
    for column, dtype in wanted.items():
        if column not in frame.columns:
            raise SchemaError(f"Table {name} lacks the column {column}; see docs/schema.md.")
        if frame.schema[column] != dtype:
            raise SchemaError(f"Column {name}.{column} is {frame.schema[column]}, the catalog says {dtype}.")
    extra = [c for c in frame.columns if c not in wanted]
    if extra:
        raise SchemaError(f"Table {name} has a column {extra[0]} that the catalog does not know.")
    return frame.select(list(wanted))


@dataclass(frozen=True, slots=True)
class LakeTables:
    """The canonical tables of one state of the lake; read-only."""

    folder: Path | None
    rows: dict[str, int]
    digest: GraphDigest

    def path(self, name: str, by_to: bool = False) -> Path | None:
        """The Parquet file of a table, None when the table has no rows."""
        if self.folder is None or not self.rows.get(name):
            return None
        suffix = ".by_to" if by_to and name in BOTH_ENDS else ""
        return self.folder / f"{name}{suffix}.parquet"

    def scan(self, name: str) -> pl.LazyFrame:
        """A table as a lazy frame; an empty one with the right columns when it has no rows."""
        path = self.path(name)
        return pl.scan_parquet(path) if path else pl.LazyFrame(schema=table_columns(name))

    def frame(self, name: str) -> pl.DataFrame:
        """A table in memory."""
        return self.scan(name).collect()


def write_tables(home: LakeHome, frames: Mapping[str, pl.DataFrame]) -> LakeTables:
    """Write all canonical tables and put them in force at once; a reader sees the old state or the new one.

    frames: table name -> rows with exactly the catalog's columns; a missing table is an empty one.
    The folder is named by the digests of graph and provenance, so the same content is written once.
    """
    unknown = [name for name in frames if name not in stored_tables()]
    if unknown:
        raise SchemaError(f"{unknown[0]} is no stored table of the catalog; see docs/schema.md.")
    # One piece each: putting the rows of several pieces into another order costs five times as much.
    ready = {name: checked(name, frame).rechunk() for name, frame in frames.items() if frame.height}
    digest = graph_digest(ready)
    folder = home.tables / f"{digest.digest[:20]}-{digest.custody[:12]}"
    if not folder.exists():
        _write_folder(folder, ready)
    rows = {name: ready[name].height if name in ready else 0 for name in stored_tables()}
    manifest = {"folder": folder.name, "rows": rows, "digest": digest.as_dict()}
    _replace_text(home.tables / MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
    for other in home.tables.iterdir():
        if other.is_dir() and other != folder:
            shutil.rmtree(other, ignore_errors=True)
    return LakeTables(folder, rows, digest)


def open_tables(home: LakeHome) -> LakeTables:
    """The tables in force; all empty when nothing was loaded yet. UnreadableSource when a file is missing."""
    manifest_path = home.tables / MANIFEST
    if not manifest_path.exists():
        return LakeTables(None, dict.fromkeys(stored_tables(), 0), graph_digest({}))
    manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
    folder = home.tables / manifest["folder"]
    if not folder.is_dir():
        raise UnreadableSource(
            "The lake's tables are missing on disk; run `python -m ingest rebuild` to make them again.",
            file=str(folder),
        )
    return LakeTables(folder, manifest["rows"], GraphDigest.from_dict(manifest["digest"]))


def _write_folder(folder: Path, frames: Mapping[str, pl.DataFrame]) -> None:
    temporary = folder.with_name(folder.name + ".tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    for name, frame in frames.items():
        _write_parquet(frame.sort(sort_columns(name), nulls_last=True), temporary / f"{name}.parquet")
        if name in BOTH_ENDS:
            ordered = frame.sort(sort_columns(name, by_to=True), nulls_last=True)
            _write_parquet(ordered, temporary / f"{name}.by_to.parquet")
    temporary.rename(folder)
    _sync_folder(folder.parent)


def _write_parquet(frame: pl.DataFrame, path: Path) -> None:
    frame.write_parquet(path, compression="zstd", compression_level=1, row_group_size=_ROW_GROUP)
    with path.open("rb") as handle:
        os.fsync(handle.fileno())


def _replace_text(path: Path, text: str) -> None:
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
