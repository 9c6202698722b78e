"""The outside test format loads whole."""

from pathlib import Path

import pytest

from tests.ingest.build import load, table, write_text

OUTSIDE = Path(__file__).resolve().parents[3] / "shared" / "data" / "amlsim-20k" / "20K_cycle200"


def test_nodes_and_transactions_become_synthetic_accounts(tmp_path: Path) -> None:
    nodes = write_text(
        tmp_path / "nodes.csv",
        ("nodeid", "isFraud", "init_balance", "fraudStep"),
        [("0", "0", "5.5", "-1"), ("1", "1", "7", "3")],
    )
    moves = write_text(
        tmp_path / "t.csv",
        ("sourceNodeId", "targetNodeId", "value", "time"),
        [("0", "1", "2.5", "1"), ("1", "2", "2.4", "1")],
    )
    result = load(tmp_path / "var", nodes, moves)
    assert [r.template for r in result.records] == ["amlsim_nodes", "amlsim_transactions"]
    accounts = table(tmp_path / "var", "Account").select("key", "synthetic").rows()
    assert accounts == [("amlsim:0", True), ("amlsim:1", True), ("amlsim:2", True)]
    events = table(tmp_path / "var", "TRANSFER").sort("at")
    assert events["amount_fen"].to_list() == [250, 240]
    assert events["at"].is_unique().all()  # the order inside a step is the order of the rows


@pytest.mark.outside_data
@pytest.mark.skipif(not OUTSIDE.is_dir(), reason="the shared outside data is not on this machine")
def test_the_outside_sample_loads_whole(tmp_path: Path) -> None:
    result = load(tmp_path / "var", OUTSIDE / "nodes.csv", OUTSIDE / "transactions.csv")
    assert [(r.rows_in, r.rejected) for r in result.records] == [(20_000, 0), (117_805, 0)]
    assert table(tmp_path / "var", "Account").height == 20_000
    assert table(tmp_path / "var", "TRANSFER").height == 117_805
