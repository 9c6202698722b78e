"""Records that a person judged to be one holder count once in rules, and only once somebody said so."""

from pathlib import Path

import pytest

from detect.evidence.graph import holders
from detect.facts import Facts
from detect.rule import load_rules
from detect.run import run_rules
from detect.worlds import tiny_world
from graph.lake.home import lake_home
from graph.lake.tables import LakeTables, write_tables
from tests.frames import edge, table

SHARED_PHONE = ("A HOLDS K1", "B HOLDS K2", "K1 BOUND_TO S", "K2 BOUND_TO S")
FAN = (
    "A HOLDS K1", "B HOLDS K2", "C HOLDS K3",
    "K1 TRANSFER K3 at=2024-03-01T09:00 amount=9000",
    "K2 TRANSFER K3 at=2024-03-01T09:10 amount=9000",
)  # fmt: skip


def _tables(folder: Path, lines: tuple[str, ...], judged: bool) -> LakeTables:
    world = tiny_world(lines)
    one, other = world["Person"]["key"].sort().to_list()[:2]
    same = table("SAME_AS", [edge(("Person", one), ("Person", other), verdict="same")])
    return write_tables(lake_home(folder), {**world, "SAME_AS": same} if judged else world)


@pytest.mark.parametrize(("judged", "hits"), [(False, 1), (True, 0)])
def test_a_phone_of_one_person_under_two_records_is_no_finding(
    tmp_path: Path, judged: bool, hits: int
) -> None:
    found = run_rules(_tables(tmp_path, SHARED_PHONE, judged), load_rules(), ["C04"]).findings
    assert len(found) == hits


@pytest.mark.parametrize(("judged", "payers"), [(False, 2), (True, 1)])
def test_payers_are_distinct_after_same_as(tmp_path: Path, judged: bool, payers: int) -> None:
    tables = _tables(tmp_path, FAN, judged)
    facts = Facts(tables)
    # Beside the payers there are the payee and whoever stands behind a cash counter.
    assert facts.money.party_count == payers + 2
    assert facts.holder_of["holder"].n_unique() == holders(tables)["holder"].n_unique() == payers + 1
