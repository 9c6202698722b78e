"""Card levels follow victims' money in time order, first in first out."""

from collections.abc import Sequence

import polars as pl

from detect.worlds import build_world
from funds.levels import card_levels, counting_transfers
from tests.detect.ledgers import in_memory

# DOMAIN 7.1: own 1,000; +10,000 V1; +4,000 own; -8,000 to B; +6,000 V2; -9,000 to C.
EXAMPLE = (
    "R1 PAID_FROM V1 at=2024-03-01T09:00 amount=10000",
    "R1 PAID_TO A at=2024-03-01T09:00 amount=10000",
    "R2 PAID_FROM V2 at=2024-03-01T09:40 amount=6000",
    "R2 PAID_TO A at=2024-03-01T09:40 amount=6000",
    "V1 TRANSFER A at=2024-03-01T09:00 amount=10000 to_balance_fen=1100000",
    "O TRANSFER A at=2024-03-01T09:10 amount=4000 to_balance_fen=1500000",
    "A TRANSFER B at=2024-03-01T09:20 amount=8000",
    "V2 TRANSFER A at=2024-03-01T09:40 amount=6000",
    "A TRANSFER C at=2024-03-01T10:00 amount=9000",
)


def _carried(lines: Sequence[str], share: float = 0.01) -> dict[tuple[str, str], int]:
    world = build_world(lines)
    names = {ref.key: name for name, ref in world.names.items()}
    steps = counting_transfers(in_memory(world.frames), share)
    return {
        (names[case], names[account]): fen
        for case, account, fen in steps.select("case", "account", "carried_fen").iter_rows()
    }


def test_the_domain_example_splits_as_fifo_does() -> None:
    carried = _carried(EXAMPLE)
    assert carried["R1", "B"] == 700_000
    assert carried["R1", "C"] == 300_000
    assert carried["R2", "C"] == 200_000


def test_levels_are_those_of_the_domain_example() -> None:
    world = build_world([*EXAMPLE, "B TRANSFER D at=2024-03-01T09:05 amount=8000"])
    levels = card_levels(in_memory(world.frames))
    found = dict(levels.group_by("account").agg(pl.col("level").min()).iter_rows())
    assert {name: found.get(world.names[name].key) for name in "ABCD"} == {"A": 1, "B": 2, "C": 2, "D": None}


def test_exactly_the_least_share_counts_and_a_fen_less_does_not() -> None:
    start = (
        "R PAID_FROM V at=2024-03-01T09:00 amount=1000",
        "R PAID_TO A at=2024-03-01T09:00 amount=1000",
        "V TRANSFER A at=2024-03-01T09:00 amount=1000",
    )
    assert _carried([*start, "A TRANSFER B at=2024-03-01T10:00 amount=10"])["R", "B"] == 1_000
    assert ("R", "B") not in _carried([*start, "A TRANSFER B at=2024-03-01T10:00 amount=9.99"])


def test_cash_takes_the_oldest_money_with_it() -> None:
    carried = _carried(
        [
            "R PAID_FROM V at=2024-03-01T09:00 amount=1000",
            "R PAID_TO A at=2024-03-01T09:00 amount=1000",
            "V TRANSFER A at=2024-03-01T09:00 amount=1000",
            "O TRANSFER A at=2024-03-01T09:10 amount=1000",
            "A CASH_OUT M at=2024-03-01T09:20 amount=600",
            "A TRANSFER B at=2024-03-01T10:00 amount=1000",
        ]
    )
    assert carried["R", "B"] == 40_000


def test_a_vague_report_finds_its_row_within_a_day_and_only_one() -> None:
    lines = [
        "R PAID_FROM V at=2024-03-01T09:00 amount=1000",
        "R PAID_TO A at=2024-03-01T09:00 amount=1000",
        "V TRANSFER A at=2024-03-02T09:00 amount=1000",
        "V TRANSFER A at=2024-03-02T09:01 amount=1000",
    ]
    assert _carried(lines) == {("R", "A"): 100_000}
    late = [*lines[:2], "V TRANSFER A at=2024-03-02T09:00:01 amount=1000"]
    assert _carried(late) == {}


def test_no_reports_give_no_levels() -> None:
    assert card_levels(in_memory({})).height == 0
