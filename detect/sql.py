"""Runs a rule's `sql` over the lake's views on a locked-down connection, values bound, rows capped."""

import threading
import time
from collections.abc import Mapping
from typing import Any

import duckdb
import polars as pl

from detect.sql_text import read_sql
from graph.contract import QueryResult
from graph.errors import QueryFailed, UnsafeQuery

ROW_LIMIT = 100_000
TIMEOUT_S = 120.0


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
    read = read_sql(text)
    if not read.ordered:
        raise UnsafeQuery("A rule's SQL ends with ORDER BY, so that equal data gives equal rows.")
    missing = sorted(read.parameters - set(parameters))
    if missing:
        raise UnsafeQuery(
            f"The SQL names ${missing[0]}, which is no parameter of the rule.", parameter=missing[0]
        )
    values = {name: parameters[name] for name in sorted(read.parameters)}
    started = time.perf_counter()
    frame = _fetched(connection, text, values, row_limit, timeout_s)
    return QueryResult(
        tuple(frame.columns),
        tuple(frame.head(row_limit).rows()),
        truncated=frame.height > row_limit,
        seconds=time.perf_counter() - started,
    )


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
