"""The outside benchmark on daily data: halves, values within the rules' bounds, known rankings."""

import polars as pl
import pytest

from bench.amlsim_daily import DAILY, WINDOWS_AS_THEY_ARE, find, ranked, signs, tuning, two_amounts
from bench.amlsim_floor import FEATURES, average_precision, boosted, features, recall_at
from tests.detect.ledgers import START, Payment, facts_of

DAY = 24 * 60
# 300.00 goes round over four accounts, a step every five days.
ROUND = [
    Payment("A", "B", 0, 300_00, row=1),
    Payment("B", "C", 5 * DAY, 299_00, row=2),
    Payment("C", "D", 10 * DAY, 298_00, row=3),
    Payment("D", "A", 15 * DAY, 295_00, row=4),
]


def test_a_slow_small_cycle_is_found_with_daily_values_only() -> None:
    tables = facts_of(ROUND).tables
    daily = find(tables, DAILY)
    assert [(f.subject.key, [o.key for o in f.others]) for f in daily["F10"]] == [("A", ["B", "C", "D"])]
    assert {rule: found for rule, found in find(tables, WINDOWS_AS_THEY_ARE).items() if found} == {}
    assert ranked(signs(daily)) == ["A", "B", "C", "D"]


def test_a_cycle_longer_than_thirty_days_or_short_of_two_percent_stays_silent() -> None:
    late = [*ROUND[:3], Payment("D", "A", 30 * DAY + 1, 295_00, row=4)]
    short = [*ROUND[:3], Payment("D", "A", 15 * DAY, 293_99, row=4)]
    edge = [*ROUND[:3], Payment("D", "A", 30 * DAY, 294_00, row=4)]
    assert [len(find(facts_of(p).tables, DAILY)["F10"]) for p in (late, short, edge)] == [0, 0, 1]


def test_an_account_named_by_more_rules_comes_first() -> None:
    signed = pl.DataFrame({"account": ["a", "b", "c"], "F01": [0.9, 0.3, 0.0], "F10": [0.0, 0.2, 0.9]})
    assert ranked(signed) == ["b", "a", "c"]


def test_the_halves_are_stable_and_even() -> None:
    keys = [f"amlsim:{n}" for n in range(2000)]
    assert [tuning(key) for key in keys[:6]] == [tuning(key) for key in keys[:6]]
    assert 900 < sum(map(tuning, keys)) < 1100


def test_features_are_plain_counts_and_sums() -> None:
    rows = [("A", "B", 100, 0), ("A", "C", 300, 0), ("A", "B", 200, 1), ("C", "A", 50, 2)]
    moves = pl.DataFrame(rows, schema=["from_key", "to_key", "amount_fen", "day"], orient="row").with_columns(
        at=pl.lit(START) + pl.duration(days="day")
    )
    frame = features(moves, ["A", "Z"])
    assert frame.columns == ["account", *FEATURES]
    assert frame.row(0) == ("A", 3, 600, 2, 200, 300, 2, 1, 50, 1, 50, 50, 1)
    assert frame.row(1) == ("Z", *[0.0] * 12)


@pytest.mark.parametrize(
    ("order", "area"),
    [(["x", "y", "a", "b"], 1.0), (["a", "x", "b", "y"], 0.5), (["a", "x"], 0.25), ([], 0.0)],
)
def test_average_precision_has_its_known_values(order: list[str], area: float) -> None:
    assert average_precision(order, frozenset("xy")) == area


def test_recall_counts_what_the_first_places_hold() -> None:
    assert [recall_at(["x", "a", "y"], frozenset("xy"), k) for k in (0, 1, 2, 3)] == [0, 0.5, 0.5, 1]


def test_the_boosted_floor_learns_a_plain_difference_and_repeats_itself() -> None:
    names = [f"n{i:03d}" for i in range(200)]
    frame = pl.DataFrame({"account": names, "sum": [float(i % 10) for i in range(200)]})
    target = [i % 10 == 9 for i in range(100)]
    first = boosted(frame, frame, names[:100], target, names[100:], ["sum"])
    assert set(first[:10]) == {f"n{i}" for i in range(109, 200, 10)}
    assert first == boosted(frame, frame, names[:100], target, names[100:], ["sum"])


def test_two_amounts_are_two_different_sums_paid() -> None:
    rows = [("A", 100), ("A", 100), ("B", 100), ("B", 101), ("C", 5)]
    assert two_amounts(pl.DataFrame(rows, schema=["from_key", "amount_fen"], orient="row")) == ["B"]
