"""Hands a table of unknown columns from the child, which read the file, to the parent, which proposes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from ingest.guard.delivery import NotBelieved, copy_out, count, text, texts
from ingest.layouts import Layouts
from ingest.readers.grid import Grid, no_faults
from ingest.reasons import Reason
from ingest.unknown import ROWS, UnknownTable


def leave_table(table: UnknownTable, scratch: Path, number: int) -> dict[str, Any]:
    """Write the table's cells as Parquet; what the answer says of it."""
    grid, file = table.grid, f"{number}-0.parquet"
    grid.cells.write_parquet(scratch / file, compression="lz4", statistics=False)
    return {
        "name": table.file,
        "sheet": grid.sheet,
        "header": list(grid.header),
        "header_line": grid.header_line,
        "header_rows": [list(row) for row in grid.header_rows],
        "encoding": grid.encoding,
        "from_1904": grid.from_1904,
        "flags": sorted(flag.value for flag in grid.flags),
        "hidden": dict(grid.hidden),
        "file": file,
    }


def accept_table(answer: Mapping[str, Any], scratch: Path, own: Path, layouts: Layouts) -> UnknownTable:
    """The table an answer describes; NotBelieved when it is none. Nothing stays in `own`."""
    try:
        header = texts(answer["header"])
        cells = _cells(answer["file"], scratch, own, len(header))
        grid = Grid(
            text(answer["sheet"]),
            header,
            count(answer["header_line"]),
            cells,
            no_faults(),
            cells.height,
            flags=frozenset(Reason(word) for word in texts(answer["flags"])),
            encoding=_encoding(answer["encoding"]),
            from_1904=answer["from_1904"] is True,
            header_rows=tuple(texts(row) for row in answer["header_rows"]),
            hidden={text(kind): count(number) for kind, number in answer["hidden"].items()},
        )
        return UnknownTable(text(answer["name"]), grid)
    except (LookupError, TypeError, ValueError, AttributeError, OSError, pl.exceptions.PolarsError) as error:
        raise NotBelieved(type(error).__name__) from error


def _cells(file: object, scratch: Path, own: Path, width: int) -> pl.DataFrame:
    copied: list[Path] = []
    try:
        path = copy_out(file, scratch, own, copied)
        wanted = {"line": pl.Int64(), **{f"c{at}": pl.String() for at in range(width)}}
        if pl.read_parquet_schema(path) != wanted:
            raise NotBelieved("the table has other columns than its header")
        cells = pl.read_parquet(path)
    finally:
        for path in copied:
            path.unlink(missing_ok=True)
    if cells.height > ROWS:
        raise NotBelieved("the table has more rows than were asked for")
    return cells


def _encoding(value: object) -> str:
    try:
        "".encode(text(value).removesuffix("-sig"))
    except LookupError as error:
        raise NotBelieved("there is no such encoding") from error
    return text(value)
