"""The measures are those of the literature: checked by hand and against scikit-learn."""

import math
import random

import pytest
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from detect.quality import (
    adjusted_rand,
    gang_quality,
    group_of_persons,
    normalised_mutual_information,
    ranking_quality,
)


def test_equal_groupings_reach_one() -> None:
    quality = gang_quality({"a": "R1", "b": "R1", "c": "R2"}, {"a": "G7", "b": "G7", "c": "G1"})
    assert quality.ari == quality.nmi == quality.recall == quality.precision == 1.0


def test_a_missed_ring_and_an_invented_gang_both_cost() -> None:
    true = {f"r{i}": "R" for i in range(10)}
    assert gang_quality(true, {}).ari == 0
    invented = true | {f"x{i}": "X" for i in range(10)}
    assert gang_quality(true, invented).ari < 0.8
    assert gang_quality(true, invented).precision == 0.5


def test_nodes_in_no_group_do_not_flatter() -> None:
    true, found = {"a": "R", "b": "R", "c": "R"}, {"a": "G", "b": "G"}
    assert gang_quality(true, found).ari == adjusted_rand([1, 1, 1], [1, 1, 2])


@pytest.mark.parametrize("seed", range(5))
def test_measures_agree_with_scikit_learn(seed: int) -> None:
    draw = random.Random(seed)
    one = [draw.randrange(6) for _ in range(80)]
    other = [x if draw.random() < 0.6 else draw.randrange(9) for x in one]
    assert math.isclose(adjusted_rand(one, other), adjusted_rand_score(one, other), abs_tol=1e-12)
    expected = normalized_mutual_info_score(one, other)
    assert math.isclose(normalised_mutual_information(one, other), expected, abs_tol=1e-12)


def test_a_ranking_is_measured_at_its_threshold_and_at_a_recall() -> None:
    quality = ranking_quality(["a", "x", "b", "c", "y"], frozenset("abcd"), shown=2)
    assert (quality.precision, quality.recall) == (0.5, 0.25)
    assert quality.precision_at_recall == 3 / 4
    assert quality.precision_at_k == 3 / 4


def test_a_recall_never_reached_gives_no_precision() -> None:
    assert ranking_quality(["a"], frozenset("abcd"), shown=1).precision_at_recall == 0.0
    assert ranking_quality([], frozenset(), shown=0).precision_at_recall == 0.0


def test_a_person_in_two_gangs_counts_in_the_better_one() -> None:
    assert group_of_persons({"best": ["a"], "next": ["a", "b"]}) == {"a": "best", "b": "next"}
