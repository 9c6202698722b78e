"""Writes a source file's rows as Parquet while it is still being read: one file a template, in row groups."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl

from ingest.rows import batch_columns
from ingest.template import template

GROUP_ROWS = 20_000
"""Rows of a row group, so that a few rows of a batch can be read without all of it."""


class RowFiles:
    """The files of one source file in a folder, called `<number>-0.parquet` and so on.

    What was added is on disk and no longer in memory. To be closed before the files are read.
    """

    def __init__(self, folder: Path, number: int) -> None:
        self._folder, self._number = folder, number
        self._writers: dict[str, Any] = {}
        self._rows: dict[str, int] = {}

    def add(self, name: str, rows: pl.DataFrame) -> None:
        """Write more rows (`rows.batch_columns`) of the template called `name`; none make an empty file."""
        table = rows.to_arrow(compat_level=pl.CompatLevel.newest())  # without copying texts
        if name not in self._writers:
            self._writers[name] = _writer(self.path(len(self._writers)), table.schema, name)
            self._rows[name] = 0
        if rows.height:
            self._writers[name].write_table(table, row_group_size=GROUP_ROWS)
        self._rows[name] += rows.height

    def close(self) -> list[dict[str, Any]]:
        """Finish the files; template, file and rows of each, in the order of the templates' names."""
        for writer in self._writers.values():
            writer.close()
        files = {name: self.path(index).name for index, name in enumerate(self._writers)}
        return [{"template": name, "file": files[name], "rows": self._rows[name]} for name in sorted(files)]

    def discard(self) -> None:
        """Remove the files, finished or not: the source file is refused."""
        for index, writer in enumerate(self._writers.values()):
            with suppress(OSError):  # a full disk, which is what it is refused for
                writer.close()
            self.path(index).unlink(missing_ok=True)

    def path(self, index: int | str) -> Path:
        """Where the file with this index stands."""
        return self._folder / f"{self._number}-{index}.parquet"


def _writer(path: Path, schema: Any, name: str) -> Any:
    import pyarrow.parquet as pq  # loaded with the first rows: a child has other work than to start

    return pq.ParquetWriter(
        path, schema, compression="lz4", write_statistics=False, use_dictionary=_repeating(name)
    )


def _repeating(name: str) -> list[str]:
    """Text columns whose values come again; to look for repeated serials costs more than it saves."""
    codes = {field for field, column in template(name).columns.items() if column.kind == "code"}
    columns = batch_columns(template(name)).items()
    return [field for field, dtype in columns if dtype == pl.String() and field not in {*codes, "row_key"}]
