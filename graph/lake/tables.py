"""Writes and opens the canonical tables: Parquet files in folders, swapped all at once by a manifest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from graph.errors import UnreadableSource
from graph.lake.digest import GraphDigest, TypeSums, digest_of, table_sums
from graph.lake.folders import new_folder, remove_all_but
from graph.lake.home import LakeHome
from graph.lake.parts import (
    FRESH,
    GONE,
    WHOLE,
    Part,
    Stack,
    as_json,
    file_name,
    file_names,
    from_json,
    stack_of,
)
from graph.lake.seal import read_sealed, unbroken, write_sealed
from graph.lake.shape import checked, identity, only_stored
from graph.schema.catalog import stored_tables, table_columns

MANIFEST = "manifest.json"
_REMEDY = "run `python -m ingest rebuild` to make them again"


@dataclass(frozen=True, slots=True)
class Relation:
    """The files one table is read from: rows of `whole` that no file of `gone` names, and fresh rows.

    Fresh rows count unless a later layer's gone rows name them: each comes with those later files.
    """

    whole: Path | None
    gone: tuple[Path, ...] = ()
    fresh: tuple[tuple[Path, tuple[Path, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class LakeTables:
    """The canonical tables of one state of the lake; read-only.

    root: where the folders of `parts` lie, None for tables without files. made_of: what the writer said they
    were made of. sums: what each table with rows counts for in the digest.
    """

    root: Path | None
    rows: dict[str, int]
    digest: GraphDigest
    made_of: str = ""
    parts: tuple[Part, ...] = ()
    sums: Mapping[str, TypeSums] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """A short name of content and custody: equal tables have one, whatever way they came about."""
        return state_name(self.digest)

    @property
    def folders(self) -> tuple[Path, ...]:
        """Every folder that holds files of these tables."""
        return tuple(self.root / part.folder for part in self.parts) if self.root else ()

    @property
    def intact(self) -> bool:
        """Whether every file is what was put in force."""
        return all(
            unbroken(folder / name, stored.checksum)
            for folder, part in zip(self.folders, self.parts, strict=True)
            for name, stored in part.files.items()
        )

    def stack(self, name: str) -> Stack:
        """What a table is made of: a whole file and the layers over it."""
        return stack_of(self.parts, name)

    def file(self, folder: str, name: str) -> Path:
        """A file of these tables; UnreadableSource when its bytes are not those that were put in force."""
        said = next(part.files[name].checksum for part in self.parts if part.folder == folder)
        path = (self.root or Path()) / folder / name
        if not unbroken(path, said):
            table = name.partition(".")[0]
            raise UnreadableSource(f"The lake's table {table} is damaged on disk; {_REMEDY}.", file=name)
        return path

    def relation(self, name: str, by_to: bool = False) -> Relation:
        """The files of a table; UnreadableSource when one is damaged: no answer comes out of it.

        by_to: those sorted by the far end, where there are such.
        """
        stack = self.stack(name)
        whole = self.file(stack.folder, file_name(name, WHOLE, by_to)) if stack.folder else None
        gone: tuple[Path, ...] = ()
        fresh: list[tuple[Path, tuple[Path, ...]]] = []
        for layer in reversed(stack.layers):
            if layer.fresh:
                fresh.append((self.file(layer.folder, file_name(name, FRESH, by_to)), gone))
            if layer.gone:
                gone = (self.file(layer.folder, file_name(name, GONE)), *gone)
        return Relation(whole, gone, tuple(reversed(fresh)))

    def scan(self, name: str, by_to: bool = False) -> pl.LazyFrame:
        """A table as a lazy frame, in no order that could be relied on.

        An empty one with the right columns when it has no rows. by_to: read from the files sorted by the far
        end, where there are such; the rows are the same.
        """
        files = self.relation(name, by_to)
        pieces = [_without(name, pl.scan_parquet(files.whole), files.gone)] if files.whole else []
        pieces += [_without(name, pl.scan_parquet(path), later) for path, later in files.fresh]
        if not pieces:
            return pl.LazyFrame(schema=table_columns(name))
        return pieces[0] if len(pieces) == 1 else pl.concat(pieces)

    def frame(self, name: str) -> pl.DataFrame:
        """A table in memory, in no order that could be relied on."""
        return self.scan(name).collect()


def _without(name: str, rows: pl.LazyFrame, gone: Sequence[Path]) -> pl.LazyFrame:
    """`rows` less those whose identity is among the rows of the files `gone`."""
    if not gone:
        return rows
    columns = identity(name)
    named = pl.concat([pl.scan_parquet(path).select(columns) for path in gone])
    return rows.join(named, on=columns, how="anti", nulls_equal=True, maintain_order="left")


def state_name(digest: GraphDigest) -> str:
    """The short name of a state, by content and custody."""
    return f"{digest.digest[:20]}-{digest.custody[:12]}"


def empty_tables() -> LakeTables:
    """The state of a lake that holds nothing."""
    return LakeTables(None, dict.fromkeys(stored_tables(), 0), digest_of({}))


def tables_of(
    root: Path, sums: Mapping[str, TypeSums], parts: Sequence[Part], made_of: str = ""
) -> LakeTables:
    """Tables with these sums in the folders `parts` below `root`; what has no rows is left out."""
    kept = {name: own for name, own in sums.items() if own.rows}
    rows = {name: kept[name].rows if name in kept else 0 for name in stored_tables()}
    return LakeTables(root, rows, digest_of(kept), made_of, tuple(p for p in parts if p.files), kept)


def write_tables(home: LakeHome, frames: Mapping[str, pl.DataFrame], made_of: str = "") -> LakeTables:
    """Write all canonical tables and put them in force at once; a reader sees the old state or the new one.

    frames: table name -> rows with exactly the catalog's columns; a missing table is an empty one. made_of:
    kept beside them for whoever asks what they hold. The folder is named by the digests of graph and
    provenance, so the same content is written once. StorageFailed when the disk refuses.
    """
    only_stored(list(frames))
    # One piece each: putting the rows of several pieces into another order costs five times as much.
    ready = {name: checked(name, frame).rechunk() for name, frame in frames.items() if frame.height}
    sums = {name: table_sums(name, frame) for name, frame in ready.items()}
    before = _in_force(home)
    tables = tables_of(home.tables, sums, (), made_of)
    part = _written_before(before, tables)
    if part is None:
        with new_folder(home.tables / free_name(before.parts, tables.state)) as writer:
            for name, frame in ready.items():
                writer.write(name, frame)
            part = writer.part()
    return put_in_force(home, tables_of(home.tables, sums, (part,), made_of))


def put_in_force(home: LakeHome, tables: LakeTables) -> LakeTables:
    """Have the manifest name `tables`, whose files are in place; then remove what it no longer names."""
    write_sealed(home.tables / MANIFEST, manifest_of(tables))
    remove_all_but(home.tables, tables.parts)
    return tables


def manifest_of(tables: LakeTables) -> dict[str, Any]:
    """All but the place of the folders, as plain values for JSON."""
    return {
        "rows": tables.rows,
        "digest": tables.digest.as_dict(),
        "made_of": tables.made_of,
        "parts": as_json(tables.parts),
        "sums": {name: [f"{own.content:064x}", f"{own.custody:064x}"] for name, own in tables.sums.items()},
    }


def read_manifest(root: Path, raw: Mapping[str, Any]) -> LakeTables:
    """The inverse of `manifest_of`; ValueError, KeyError or TypeError when it is not of that form."""
    counts = GraphDigest.from_dict(raw["digest"]).counts
    sums = {
        name: TypeSums(int(content, 16), int(custody, 16), counts[name])
        for name, (content, custody) in raw["sums"].items()
    }
    tables = tables_of(root, sums, from_json(raw["parts"]), raw["made_of"])
    if tables.digest.as_dict() != raw["digest"]:
        raise ValueError("sums and digest differ")
    return tables


def open_tables(home: LakeHome) -> LakeTables:
    """The tables in force; all empty when nothing was loaded yet.

    UnreadableSource when a file is missing or the manifest is not what was written.
    """
    try:
        manifest = read_sealed(home.tables / MANIFEST)
        if manifest is None:
            return empty_tables()
        if "sums" not in manifest:
            raise UnreadableSource(f"The lake's tables are of an older form; {_REMEDY}.", file=MANIFEST)
        tables = read_manifest(home.tables, manifest)
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableSource(
            f"The list of the lake's tables is damaged on disk; {_REMEDY}.", file=MANIFEST
        ) from error
    for folder in tables.folders:
        if not folder.is_dir():
            raise UnreadableSource(f"The lake's tables are missing on disk; {_REMEDY}.", file=str(folder))
    return tables


def remove_old_tables(home: LakeHome) -> None:
    """Remove files of tables that are not in force: what an interrupted writer left; for the one writer."""
    try:
        tables = open_tables(home)
    except UnreadableSource:
        return  # nothing says which one is in force
    remove_all_but(home.tables, tables.parts)


def free_name(parts: Sequence[Part], wanted: str) -> str:
    """`wanted`, with a number behind it when a folder in force is called so."""
    taken = {part.folder for part in parts}
    number = 1
    name = wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


def _in_force(home: LakeHome) -> LakeTables:
    """The tables in force as far as they can be read; for who is about to write all of them anew."""
    try:
        return open_tables(home)
    except UnreadableSource:
        return empty_tables()


def _written_before(before: LakeTables, wanted: LakeTables) -> Part | None:
    """The folder in force when it holds all tables of `wanted` whole and intact; else None."""
    if len(before.parts) != 1 or before.state != wanted.state or not before.intact:
        return None
    whole = {file for name in wanted.sums for file in file_names(name, [WHOLE])}
    return before.parts[0] if set(before.parts[0].files) == whole else None
