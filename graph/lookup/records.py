"""Rows of nodes and of relations read where they lie, without a scan: for look-ups of few rows in many."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graph.lake.tables import LakeTables
from graph.lookup.folder import kept_folder
from graph.schema.catalog import STORED_NODES

NAME = "nodes-1"


class NodeRecords:
    """The rows of each node type in the order of their keys, mapped from files without compression."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tables: dict[str, pa.Table] = {}

    @classmethod
    def kept(cls, root: Path, tables: LakeTables) -> "NodeRecords":
        """The records of these tables below `root`, made when they are missing."""
        return cls(kept_folder(root, NAME, tables.state, lambda place: _write(place, tables)))

    def rows(self, kind: str, places: Sequence[int]) -> list[dict[str, Any]]:
        """The rows of a type at places in the order of keys."""
        if not places:
            return []
        table = self._tables.get(kind)
        if table is None:
            source = pa.memory_map(str(self._folder / f"{kind}.arrow"))
            table = self._tables[kind] = pa.ipc.open_file(source).read_all()
        return _dicts(table.take(pa.array(places)))


def _write(place: Path, tables: LakeTables) -> None:
    for kind in STORED_NODES:
        if tables.rows.get(kind):
            frame = tables.scan(kind).collect().sort("key").rechunk()
            rows = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
            sink = pa.OSFile(str(place / f"{kind}.arrow"), "wb")
            with sink, pa.ipc.new_file(sink, rows.schema) as writer:
                writer.write_table(rows)


class SortedRows:
    """One Parquet file that is sorted by a type and a key; the bounds of its pieces are known."""

    def __init__(self, path: Path, near: str) -> None:
        self._file = pq.ParquetFile(path, memory_map=True)
        self._type, self._key = f"{near}_type", f"{near}_key"
        names = self._file.schema_arrow.names
        columns = names.index(self._type), names.index(self._key)
        self._first: list[tuple[str, str]] = []
        self._last: list[tuple[str, str]] = []
        for number in range(self._file.metadata.num_row_groups):
            group = self._file.metadata.row_group(number)
            stats = [group.column(column).statistics for column in columns]
            if any(one is None or not one.has_min_max for one in stats):
                raise ValueError("a piece tells no bounds")
            one_type = stats[0].min == stats[0].max
            # Keys of a piece that holds two types lie anywhere between the least and the greatest text.
            self._first.append((stats[0].min, stats[1].min if one_type else ""))
            self._last.append((stats[0].max, stats[1].max if one_type else "\U0010ffff"))

    def rows(self, kind: str, key: str) -> pl.DataFrame:
        """All rows at one node, as stored."""
        wanted = kind, key
        pieces = range(bisect_left(self._last, wanted), bisect_right(self._first, wanted))
        found = self._file.read_row_groups(list(pieces))
        here = pc.and_(pc.equal(found.column(self._type), kind), pc.equal(found.column(self._key), key))
        frame = pl.from_arrow(found.filter(here))
        assert isinstance(frame, pl.DataFrame)  # noqa: S101  (a table is never a series)
        return frame


def sorted_rows(tables: LakeTables, name: str, by_to: bool) -> SortedRows | None:
    """The file of a relation where it is one whole one with bounds; None where its rows lie in layers."""
    files = tables.relation(name, by_to)
    if files.whole is None or files.gone or files.fresh:
        return None
    try:
        return SortedRows(files.whole, "to" if by_to else "from")
    except ValueError:
        return None


def _dicts(table: pa.Table) -> list[dict[str, Any]]:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101  (a table is never a series)
    return frame.to_dicts()
