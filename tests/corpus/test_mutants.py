"""A slice of `bench/hostile.py`: damaged files and cards are accounted for, in either order."""

from pathlib import Path

from bench.hostile import load_damaged_cards, load_mutants
from bench.mutants import write_mutants


def test_damaged_files_are_accounted_for_and_leave_a_lake_that_order_does_not_change(tmp_path: Path) -> None:
    found = load_mutants(tmp_path, 60, seed=7)
    assert sum(found.outcomes.values()) <= 60  # equal bytes are one file
    assert found.outcomes["loaded"] and len(found.outcomes) > 3
    assert found.wrong_accounts == 0
    assert found.longest_s < 60
    assert found.same_digest


def test_damaged_cards_wait_and_no_good_row_does(tmp_path: Path) -> None:
    found = load_damaged_cards(tmp_path, rows=2_000, damaged=100, seed=7)
    assert (found.quarantined, found.good_rejected, found.merged) == (100, 0, 0)


def test_the_same_seed_damages_the_same_way(tmp_path: Path) -> None:
    first, second = (write_mutants(tmp_path / name, 40, 3) for name in ("a", "b"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert len({path.read_bytes() for path in first}) > 35
