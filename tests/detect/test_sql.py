"""A rule's SQL: only one SELECT over the views is admitted, values are bound, order and rows are kept."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from detect.sql import run_sql
from detect.sql_text import read_sql, to_spark
from detect.worlds import tiny_world
from graph.errors import QueryFailed, UnsafeQuery
from graph.lake.duck import connect
from graph.lake.home import LakeHome
from graph.lake.tables import write_tables

TOTALS = """
WITH paid AS (
  SELECT from_key, to_key, amount_fen, t.at FROM transfer t WHERE t.at >= $since AND t.at <= $since + $window
)
SELECT to_key AS subject, count(DISTINCT from_key) AS payers, sum(amount_fen)::BIGINT AS fen,
       min(paid.at) AS first_at, list(DISTINCT from_key ORDER BY from_key) AS who
FROM paid GROUP BY to_key HAVING count(*) >= $least ORDER BY payers DESC, subject
"""


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    lines = [
        "K1..K3 TRANSFER K9 at=2024-03-01T09:00 every=PT1H amount=10",
        "K1 TRANSFER K2 at=2024-03-01T09:00 amount=1",
    ]
    tables = write_tables(LakeHome(Path(tmp_path_factory.mktemp("sql"))), tiny_world(lines))
    with connect(tables) as opened:
        yield opened


def _since(hours: int, least: int = 1) -> dict[str, object]:
    since = datetime(2024, 3, 1, 1, tzinfo=UTC)
    return {"since": since, "window": timedelta(hours=hours), "least": least, "unused": 1}


def test_rows_come_back_typed_and_in_the_stated_order(connection: duckdb.DuckDBPyConnection) -> None:
    result = run_sql(connection, TOTALS, _since(2))
    assert result.columns == ("subject", "payers", "fen", "first_at", "who")
    assert [row[1:4] for row in result.rows] == [
        (3, 3000, datetime(2024, 3, 1, 1, tzinfo=UTC)),
        (1, 100, datetime(2024, 3, 1, 1, tzinfo=UTC)),
    ]
    assert len(result.rows[0][4]) == 3 and not result.truncated


def test_a_window_is_closed_and_a_value_is_bound_not_pasted(connection: duckdb.DuckDBPyConnection) -> None:
    assert run_sql(connection, TOTALS, _since(1)).rows[0][1] == 2
    text = "SELECT key AS subject FROM account WHERE key = $key ORDER BY 1"
    assert run_sql(connection, text, {"key": "' OR 1=1 --"}).rows == ()


def test_rows_above_the_cap_are_cut_and_said(connection: duckdb.DuckDBPyConnection) -> None:
    result = run_sql(connection, "SELECT key AS subject FROM account ORDER BY 1", {}, row_limit=2)
    assert len(result.rows) == 2 and result.truncated


def test_a_runaway_is_ended(connection: duckdb.DuckDBPyConnection) -> None:
    joins = ", ".join(f"transfer t{n}" for n in range(16))
    with pytest.raises(QueryFailed, match="ran longer"):
        run_sql(
            connection, f"SELECT sum(t0.amount_fen) AS subject FROM {joins} ORDER BY 1", {}, timeout_s=0.2
        )


def test_a_refusal_does_not_repeat_a_stored_value(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(QueryFailed) as caught:
        run_sql(connection, "SELECT CAST(key AS DATE) AS subject FROM account ORDER BY 1", {})
    assert "8800" not in caught.value.message


def test_a_missing_value_and_a_missing_order_are_refused(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(UnsafeQuery, match=r"\$key"):
        run_sql(connection, "SELECT key AS subject FROM account WHERE key = $key ORDER BY 1", {})
    with pytest.raises(UnsafeQuery, match="ORDER BY"):
        run_sql(connection, "SELECT key AS subject FROM account", {})


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM account",
        "SELECT key FROM read_parquet('x')",
        "SELECT key FROM 'x.parquet'",
        "SELECT key FROM glob('*')",
        "SELECT getenv('HOME') AS subject",
        "SELECT current_setting('x') AS subject",
        "SELECT key FROM main.account",
        "SELECT key FROM information_schema.tables",
        "SELECT key FROM duckdb_settings()",
        "SELECT key FROM unknown_view",
        "SELECT key FROM account; SELECT key FROM account",
        "INSERT INTO account SELECT key FROM account",
        "COPY account TO 'x'",
        "ATTACH 'x'",
        "SET memory_limit='1GB'",
        "INSTALL httpfs",
        "PRAGMA version",
        "DESCRIBE account",
        "SELECT key FROM account WHERE key = ?",
        "SELECT key, key FROM account",
        "SELECT range(10000000) AS subject",
        "SELECT list_transform([1], x -> x) AS subject",
        "SELECT n AS subject FROM generate_series(1) AS s(n)",
        "SELECT unnest([1]) AS subject",
        "not sql at all",
        "",
    ],
)
def test_what_is_not_one_plain_select_is_refused(text: str) -> None:
    with pytest.raises(UnsafeQuery):
        read_sql(text)


def test_the_parts_of_an_admitted_text_are_named() -> None:
    read = read_sql(TOTALS)
    assert read.parameters == {"since", "window", "least"} and read.relations == {"TRANSFER"} and read.ordered


def test_the_same_text_is_written_for_spark() -> None:
    assert "transfer" in to_spark(TOTALS) and "BIGINT" in to_spark(TOTALS)
