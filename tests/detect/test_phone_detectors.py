"""Phones together, swapped cards, contacts of the listed: against plain searches over small random worlds."""

import itertools
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from detect.detectors.co_location import co_location
from detect.detectors.imei_imsi_churn import imei_imsi_churn
from detect.detectors.listed_contact import listed_contact
from detect.facts import Facts
from detect.worlds import build_world
from tests.detect.ledgers import in_memory

START = datetime(2024, 3, 1, tzinfo=UTC)
CHINA = timedelta(hours=8)
MEET = {
    "within": timedelta(minutes=10),
    "min_days": 3,
    "metres": 0.0,
    "crowd": 1_000,
    "trip_gap": timedelta(minutes=15),
    "min_convoy": 3,
}
CHURN = {"least": 3, "window": timedelta(days=3), "max_devices": 50}
LISTED = {"max_hops": 2, "min_contacts": 3, "max_partners": 3}


def _facts(lines: list[str]) -> tuple[Facts, dict[str, str]]:
    world = build_world(lines)
    return Facts(in_memory(world.frames)), {ref.key: name for name, ref in world.names.items()}


def _at(minutes: int) -> str:
    return f"{START + timedelta(minutes=minutes):%Y-%m-%dT%H:%M}+00:00"


@pytest.mark.parametrize("seed", range(4))
def test_pairs_of_phones_are_those_of_a_search_over_all_pairs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sights = [
        (
            f"S{rng.integers(1, 7)}",
            f"C{rng.integers(1, 3)}",
            int(rng.integers(0, 5) * 1440 + rng.integers(0, 60)),
        )
        for _ in range(90)
    ]
    facts, names = _facts([f"{sim} AT_CELL {cell} at={_at(minute)}" for sim, cell, minute in sights])
    days: dict[frozenset[str], set[object]] = {}
    for (one, cell, a), (two, other, b) in itertools.combinations(sights, 2):
        if one != two and cell == other and abs(a - b) <= 10:
            day = (START + timedelta(minutes=min(a, b)) + CHINA).date()
            days.setdefault(frozenset((one, two)), set()).add(day)
    wanted = {pair: len(met) for pair, met in days.items() if len(met) >= 3}
    found = {
        frozenset((names[hit.subject.key], names[hit.values["other"]])): hit.values["days"]
        for hit in co_location(facts, MEET).hits
    }
    assert found == wanted and wanted


@pytest.mark.parametrize("seed", range(3))
def test_moving_together_is_that_of_a_look_at_every_trip(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sights = [
        (f"S{rng.integers(1, 4)}", f"C{rng.integers(1, 6)}", int(rng.integers(0, 4) * 1440 + m))
        for m in rng.integers(0, 300, 300)
    ]
    facts, names = _facts([f"{sim} AT_CELL {cell} at={_at(minute)}" for sim, cell, minute in sights])
    hits = co_location(facts, MEET).hits
    for hit in hits:
        pair = {names[hit.subject.key], names[hit.values["other"]]}
        met = sorted(
            (min(a, b), cell)
            for (one, cell, a), (two, other, b) in itertools.combinations(sights, 2)
            if {one, two} == pair and cell == other and abs(a - b) <= 10
        )
        trips = [[met[0]]]
        for before, now in itertools.pairwise(met):
            trips.append([now]) if now[0] - before[0] > 15 else trips[-1].append(now)
        cells = [len({cell for _, cell in trip}) for trip in trips]
        days = {trip[0][0] // 1440 for trip, many in zip(trips, cells, strict=True) if many >= 3}
        assert (hit.values["convoy_cells"], hit.values["convoy_days"]) == (max(cells), len(days))
    assert any(hit.values["convoy_days"] for hit in hits)


def test_a_crowded_place_is_left_out_and_said() -> None:
    lines = [f"S{n} AT_CELL C at={_at(day * 1440)}" for n in range(1, 5) for day in range(3)]
    facts, _ = _facts(lines)
    assert len(co_location(facts, {**MEET, "crowd": 4}).hits) == 6
    cut = co_location(facts, {**MEET, "crowd": 3})
    assert cut.hits == () and cut.truncated == ("S10 left out 3 crowded cell spans.",)


def _knot(pairs: Iterable[tuple[str, str]]) -> int:
    """Nodes of the largest component with three of each and a circle; 0 when there is none."""
    edges = set(pairs)
    left, best = {node for edge in edges for node in edge}, 0
    while left:
        group = {left.pop()}
        while more := {n for edge in edges if group & set(edge) for n in edge} - group:
            group |= more
        left -= group
        inside = sum(edge[0] in group for edge in edges)
        kinds = Counter(node[0] for node in group)
        if inside >= len(group) and min(kinds["D"], kinds["S"]) >= 3:
            best = max(best, len(group))
    return best


@pytest.mark.parametrize("seed", range(12))
def test_the_largest_knot_is_that_of_a_search_over_all_windows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(8, 26))
    minutes = sorted(int(m) for m in rng.choice(7 * 1440, count, replace=False))
    uses = [(f"D{rng.integers(1, 6)}", f"S{rng.integers(1, 6)}", minute) for minute in minutes]
    lines = ["D1..D5 : Device"]
    lines += [f"{sim} CALLED X at={_at(minute)} from_device=key({device})" for device, sim, minute in uses]
    facts, _ = _facts(lines)
    wanted = max(
        _knot((d, s) for d, s, at in uses if begun <= at <= begun + 3 * 1440) for _, _, begun in uses
    )
    hits = imei_imsi_churn(facts, CHURN).hits
    assert max((h.values["devices"] + h.values["sims"] for h in hits), default=0) == wanted


def test_a_test_card_in_too_many_devices_is_left_out_and_said() -> None:
    lines = ["D1..D3 : Device"]
    lines += [
        f"S{n} CALLED X at={_at(n * 10 + d)} from_device=key(D{d})" for n in (1, 2, 3) for d in (1, 2, 3)
    ]
    facts, _ = _facts(lines)
    assert len(imei_imsi_churn(facts, CHURN).hits) == 1
    cut = imei_imsi_churn(facts, {**CHURN, "max_devices": 2})
    assert cut.hits == () and cut.truncated == ("S11 left out 3 SIMs that were seen in too many devices.",)


def _near(lines: list[str], **changes: Any) -> tuple[dict[str, int], tuple[str, ...]]:
    facts, names = _facts(["Person:A LISTED_AS E", "E : ListEntry valid_from_on=2024-03-01", *lines])
    result = listed_contact(facts, {**LISTED, **changes})
    return {names[hit.subject.key]: hit.values["hops"] for hit in result.hits}, result.truncated


def test_a_shop_is_neither_listed_nor_passed_and_it_is_said() -> None:
    lines = ["A HOLDS Account:K1", f"K1 TRANSFER M at={_at(0)} every=PT1H times=3 amount=1"]
    assert _near(lines, max_hops=4) == ({"M": 2}, ())
    lines += [
        f"P1..P3 TRANSFER M at={_at(0)} every=P1D amount=1",
        f"P1 TRANSFER M at={_at(9)} times=2 amount=1",
    ]
    assert _near(lines, max_hops=4) == ({}, ("X03 did not go on from 1 nodes with too many partners.",))


def test_a_way_through_an_account_counts_only_while_it_was_held() -> None:
    dealt = f"K1 TRANSFER K2 at={_at(600)} every=PT1H times=3 amount=1"
    held = "A HOLDS Account:K1 valid_from_at=2020-01-01T00:00"
    assert _near([f"{held} valid_to_at=2024-03-02T00:00", dealt])[0] == {"K2": 2}
    assert _near([f"{held} valid_to_at=2024-03-01T18:00", dealt])[0] == {}


def test_people_judged_to_be_one_are_one_listed_person() -> None:
    lines = ["Person:B HOLDS Account:K1", f"K1 TRANSFER K2 at={_at(0)} every=PT1H times=3 amount=1"]
    assert _near(lines)[0] == {}
    assert _near([*lines, "A SAME_AS B"])[0] == {"K2": 2}
