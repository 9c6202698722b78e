"""Writes and opens the canonical tables: one Parquet file a type, swapped all at once by a manifest."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from graph import durable
from graph.durable import disk, make_folder, put_folder, remove, sync_file
from graph.errors import SchemaError, UnreadableSource
from graph.lake.digest import GraphDigest, graph_digest
from graph.lake.home import LakeHome
from graph.lake.seal import checksum, read_sealed, unbroken, write_sealed
from graph.schema.catalog import NODE_TYPES, RELATION_TYPES, stored_tables, table_columns

MANIFEST = "manifest.json"
# Relations that are also kept sorted by their far end, so that both directions are looked up fast.
BOTH_ENDS: tuple[str, ...] = ("TRANSFER", "CALLED", "LOGGED_IN", "LOGGED_IN_FROM")
_ROW_GROUP = 20_000
_REMEDY = "run `python -m ingest rebuild` to make them again"


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
    """The canonical tables of one state of the lake; read-only.

    made_of: what the writer said they were made of. files: the checksum of each file, none for older lakes.
    """

    folder: Path | None
    rows: dict[str, int]
    digest: GraphDigest
    made_of: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    def path(self, name: str, by_to: bool = False) -> Path | None:
        """The Parquet file of a table, None when the table has no rows.

        UnreadableSource when its bytes are not those that were put in force: no answer comes out of them.
        """
        if self.folder is None or not self.rows.get(name):
            return None
        suffix = ".by_to" if by_to and name in BOTH_ENDS else ""
        path = self.folder / f"{name}{suffix}.parquet"
        if path.name in self.files and not unbroken(path, self.files[path.name]):
            raise UnreadableSource(f"The lake's table {name} is damaged on disk; {_REMEDY}.", file=path.name)
        return path

    @property
    def intact(self) -> bool:
        """Whether every file is what was put in force; True for older lakes that hold no seals."""
        folder = self.folder
        return folder is None or all(unbroken(folder / name, said) for name, said in self.files.items())

    def scan(self, name: str) -> pl.LazyFrame:
        """A table as a lazy frame; an empty one with the right columns when it has no rows."""
        path = self.path(name)
        return pl.scan_parquet(path) if path else pl.LazyFrame(schema=table_columns(name))

    def frame(self, name: str) -> pl.DataFrame:
        """A table in memory."""
        return self.scan(name).collect()


def write_tables(home: LakeHome, frames: Mapping[str, pl.DataFrame], made_of: str = "") -> LakeTables:
    """Write all canonical tables and put them in force at once; a reader sees the old state or the new one.

    frames: table name -> rows with exactly the catalog's columns; a missing table is an empty one. made_of:
    kept beside them for whoever asks what they hold. The folder is named by the digests of graph and
    provenance, so the same content is written once. StorageFailed when the disk refuses.
    """
    unknown = [name for name in frames if name not in stored_tables()]
    if unknown:
        raise SchemaError(f"{unknown[0]} is no stored table of the catalog; see docs/schema.md.")
    # One piece each: putting the rows of several pieces into another order costs five times as much.
    ready = {name: checked(name, frame).rechunk() for name, frame in frames.items() if frame.height}
    digest = graph_digest(ready)
    folder = home.tables / f"{digest.digest[:20]}-{digest.custody[:12]}"
    files = _files_in_force(home, folder)
    if files is None:
        files = _write_folder(folder, ready)
    rows = {name: ready[name].height if name in ready else 0 for name in stored_tables()}
    manifest = {"folder": folder.name, "rows": rows, "digest": digest.as_dict()}
    write_sealed(home.tables / MANIFEST, {**manifest, "made_of": made_of, "files": files})
    _remove_all_but(home, folder)
    return LakeTables(folder, rows, digest, made_of, files)


def open_tables(home: LakeHome) -> LakeTables:
    """The tables in force; all empty when nothing was loaded yet.

    UnreadableSource when a file is missing or the manifest is not what was written.
    """
    try:
        manifest = read_sealed(home.tables / MANIFEST)
        if manifest is None:
            return LakeTables(None, dict.fromkeys(stored_tables(), 0), graph_digest({}))
        folder, digest = home.tables / manifest["folder"], GraphDigest.from_dict(manifest["digest"])
        made_of, files = manifest.get("made_of", ""), manifest.get("files", {})
        tables = LakeTables(folder, manifest["rows"], digest, made_of, files)
    except (ValueError, KeyError) as error:
        raise UnreadableSource(
            f"The list of the lake's tables is damaged on disk; {_REMEDY}.", file=MANIFEST
        ) from error
    if not folder.is_dir():
        raise UnreadableSource(f"The lake's tables are missing on disk; {_REMEDY}.", file=str(folder))
    return tables


def remove_old_tables(home: LakeHome) -> None:
    """Remove table folders that are not in force: what an interrupted writer left; for the one writer."""
    try:
        folder = open_tables(home).folder
    except UnreadableSource:
        return  # nothing says which one is in force
    if home.tables.is_dir():
        _remove_all_but(home, folder)


def _remove_all_but(home: LakeHome, folder: Path | None) -> None:
    for other in sorted(home.tables.iterdir()):
        if other.is_dir() and other != folder:
            remove(other)


def _files_in_force(home: LakeHome, folder: Path) -> Mapping[str, str] | None:
    """The sealed files of `folder` if it is in force and intact; else None."""
    try:
        tables = open_tables(home)
    except UnreadableSource:
        return None
    return tables.files if tables.folder == folder and tables.files and tables.intact else None


def _write_folder(folder: Path, frames: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Write every table into a new folder at `folder`; file name -> checksum."""
    temporary = folder.with_name(folder.name + ".tmp")
    with disk(folder):
        shutil.rmtree(temporary, ignore_errors=True)
        make_folder(temporary)
        try:
            for name, frame in frames.items():
                _write_parquet(frame.sort(sort_columns(name), nulls_last=True), temporary / f"{name}.parquet")
                if name in BOTH_ENDS:
                    ordered = frame.sort(sort_columns(name, by_to=True), nulls_last=True)
                    _write_parquet(ordered, temporary / f"{name}.by_to.parquet")
            files = {path.name: checksum(path) for path in sorted(temporary.iterdir())}
            # One that lies there is damaged, or was left by an interrupted run and never came into force.
            shutil.rmtree(folder, ignore_errors=True)
            put_folder(temporary, folder)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
    return files


def _write_parquet(frame: pl.DataFrame, path: Path) -> None:
    durable.step("write", path)
    frame.write_parquet(path, compression="zstd", compression_level=1, row_group_size=_ROW_GROUP)
    durable.step("written", path)
    sync_file(path)
