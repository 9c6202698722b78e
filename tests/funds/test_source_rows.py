"""The rows behind movements: both sheets' rows of a transfer, each once, and nothing for nothing."""

from funds.ledgers import load_ledgers
from funds.source_rows import rows_behind
from graph.lake.home import LakeHome
from graph.lake.tables import open_tables


def test_both_sheets_rows_are_named_once(sample_home: LakeHome) -> None:
    tables = open_tables(sample_home)
    keys = load_ledgers(tables).rows["event_key"].to_list()[:300]
    rows = rows_behind(tables, keys)
    assert list(rows) == sorted(set(rows))
    assert len(rows) > len(keys)  # mirror rows
    each = {row for key in keys for row in rows_behind(tables, [key])}
    assert each == set(rows)
    assert rows_behind(tables, []) == rows_behind(tables, ["no such key"]) == ()
