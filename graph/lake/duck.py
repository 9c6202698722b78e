"""A locked-down DuckDB connection over the canonical tables, one view a type (GUARANTEES 3.11)."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from graph.lake.same import canonical_keys
from graph.lake.shape import identity, orders
from graph.lake.tables import LakeTables
from graph.lake.watched import Watched
from graph.schema.catalog import stored_tables, table_columns
from graph.schema.kinds import COLUMN_TYPES

_MEMORY = "2GB"


def connect(
    tables: LakeTables, spill: Path | None = None, *, holders_as_one: bool = False
) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB with views named like the catalog's types in lower case (`transfer`, `account`).

    Types kept by both ends have a second view, `transfer_by_to`. The connection reads below the tables'
    folders only: no other file, no URL, no extension, no change of settings. spill: folder for what does not
    fit in memory (mode 0700, holds personal data); None keeps all in memory. holders_as_one: `holds` names
    one key for all records of a holder that people judged to be one, for rules that count holders.
    """
    connection = duckdb.connect(":memory:")
    settings = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "memory_limit": f"'{_MEMORY}'",
        "TimeZone": "'UTC'",
        "threads": "2",
        "preserve_insertion_order": "true",
        # A name in SQL must never reach a variable of the Python around it.
        "python_enable_replacements": "false",
    }
    if spill is not None:
        spill.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings["temp_directory"] = _quoted(spill)
    if tables.folders:
        settings["allowed_directories"] = f"[{_listed(tables.folders)}]"
    for name, value in settings.items():
        connection.execute(f"SET {name} = {value}")
    for name in stored_tables():
        _create_view(connection, tables, name)
    if holders_as_one:
        _join_holders(connection, tables)
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _create_view(connection: duckdb.DuckDBPyConnection, tables: LakeTables, name: str) -> None:
    held = tables.in_memory.get(name) if isinstance(tables, Watched) else None
    for by_to in orders(name):
        view = name.lower() + ("_by_to" if by_to else "")
        if held is not None:
            connection.register(view, held.to_arrow())
        else:
            connection.execute(f'CREATE VIEW "{view}" AS {relation_text(tables, name, by_to)}')


def relation_text(tables: LakeTables, name: str, by_to: bool = False) -> str:
    """A SELECT of a table's rows, in no order that could be relied on; of no rows when it has none."""
    files = tables.relation(name, by_to)
    pieces = [_without(name, files.whole, files.gone)] if files.whole else []
    pieces += [_without(name, path, later) for path, later in files.fresh]
    return " UNION ALL ".join(pieces) or f"SELECT {_typed_nulls(name)} LIMIT 0"


def _without(name: str, path: Path, gone: Sequence[Path]) -> str:
    """The rows of a file less those whose identity is among the rows of the files `gone`."""
    rows = f"SELECT r.* FROM read_parquet({_quoted(path)}) r"
    if not gone:
        return rows
    same = " AND ".join(f'g."{column}" IS NOT DISTINCT FROM r."{column}"' for column in identity(name))
    return f"{rows} WHERE NOT EXISTS (SELECT 1 FROM read_parquet([{_listed(gone)}]) g WHERE {same})"


def _join_holders(connection: duckdb.DuckDBPyConnection, tables: LakeTables) -> None:
    """Put representatives into the view `holds`; nothing changes while nobody was judged to be one."""
    joined = canonical_keys(tables)
    if joined.is_empty():
        return
    connection.execute("CREATE TABLE joined_holder (type VARCHAR, key VARCHAR, representative VARCHAR)")
    connection.executemany("INSERT INTO joined_holder VALUES (?, ?, ?)", joined.rows())
    connection.execute(
        "CREATE OR REPLACE VIEW holds AS "
        "SELECT h.* REPLACE (coalesce(j.representative, h.from_key) AS from_key) "
        f"FROM ({relation_text(tables, 'HOLDS')}) h "
        "LEFT JOIN joined_holder j ON j.type = h.from_type AND j.key = h.from_key"
    )


def _typed_nulls(name: str) -> str:
    by_polars = {str(types.polars): types.duckdb for types in COLUMN_TYPES.values()}
    return ", ".join(
        f'CAST(NULL AS {by_polars[str(dtype)]}) AS "{column}"'
        for column, dtype in table_columns(name).items()
    )


def _listed(paths: Iterable[Path]) -> str:
    return ", ".join(map(_quoted, paths))


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
