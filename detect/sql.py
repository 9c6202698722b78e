"""Runs a rule's `sql` over the lake's views on a locked-down connection, values bound, rows capped."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from detect.sql_text import read_sql
from graph.contract import QueryResult
from graph.errors import QueryFailed, UnsafeQuery

ROW_LIMIT = 100_000
TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True)
class SqlFrame:
    """Rows of one admitted SELECT as a frame, and whether there were more than the limit."""

    frame: pl.DataFrame
    truncated: bool


def run_sql(
    connection: duckdb.DuckDBPyConnection,
    text: str,
    parameters: Mapping[str, Any],
    *,
    row_limit: int = ROW_LIMIT,
    timeout_s: float = TIMEOUT_S,
) -> QueryResult:
    """Rows of one admitted SELECT in the order it states, at most `row_limit` of them.

    connection: of `graph.lake.duck.connect`. parameters: values by name (timedelta, datetime in UTC, int,
    float, str, bool, None); those that the text does not name are left out. Instants come back in UTC.
    UnsafeQuery when the text is not admitted, has no ORDER BY or names a parameter without value; QueryFailed
    when DuckDB refuses it or it runs longer than `timeout_s`.
    """
    started = time.perf_counter()
    found = sql_frame(connection, text, parameters, row_limit=row_limit, timeout_s=timeout_s)
    return QueryResult(
        tuple(found.frame.columns),
        tuple(found.frame.rows()),
        truncated=found.truncated,
        seconds=time.perf_counter() - started,
    )


def sql_frame(
    connection: duckdb.DuckDBPyConnection,
    text: str,
    parameters: Mapping[str, Any],
    *,
    row_limit: int = ROW_LIMIT,
    timeout_s: float = TIMEOUT_S,
) -> SqlFrame:
    """The same rows as a frame, for a caller that needs few of them as Python values."""
    read = read_sql(text)
    if not read.ordered:
        raise UnsafeQuery("A rule's SQL ends with ORDER BY, so that equal data gives equal rows.")
    missing = sorted(read.parameters - set(parameters))
    if missing:
        raise UnsafeQuery(
            f"The SQL names ${missing[0]}, which is no parameter of the rule.", parameter=missing[0]
        )
    values = {name: parameters[name] for name in sorted(read.parameters)}
    frame = _fetched(connection, text, values, row_limit, timeout_s)
    return SqlFrame(frame.head(row_limit), truncated=frame.height > row_limit)


# Raised before any row is read, so their text repeats the statement at most; others may quote a stored value.
_BEFORE_READING = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)


def _said(error: duckdb.Error) -> str:
    kind = type(error).__name__
    return f"{kind}: {str(error).splitlines()[0]}" if isinstance(error, _BEFORE_READING) else kind


def _fetched(
    connection: duckdb.DuckDBPyConnection,
    text: str,
    values: Mapping[str, Any],
    row_limit: int,
    timeout_s: float,
) -> pl.DataFrame:
    ended = threading.Event()

    def interrupt() -> None:
        ended.set()
        connection.interrupt()

    timer = threading.Timer(timeout_s, interrupt)
    timer.start()
    try:
        answer = connection.sql(text, params=dict(values)).limit(row_limit + 1).to_arrow_table()
    except duckdb.Error as error:
        if ended.is_set():
            message = f"The SQL ran longer than {timeout_s:g} s and was ended; narrow its window or data."
            raise QueryFailed(message) from error
        raise QueryFailed(f"DuckDB refused the SQL ({_said(error)}); check names and types.") from error
    finally:
        timer.cancel()
    frame = pl.from_arrow(answer)
    return frame if isinstance(frame, pl.DataFrame) else frame.to_frame()
