"""The measures are those of the literature: checked by hand and against scikit-learn."""

import math
import random

import pytest
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from detect.quality import (
    adjusted_rand,
    gang_quality,
    group_of_persons,
    hits_quality,
    normalised_mutual_information,
    precision_at,
    ranking_quality,
    roles_quality,
    share_found,
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


def test_precision_at_k_counts_what_is_there_and_says_nothing_of_nothing() -> None:
    assert precision_at(["a", "x", "b"], frozenset("ab"), 2) == 0.5
    assert precision_at(["a", "x", "b"], frozenset("ab"), 10) == 2 / 3
    assert precision_at([], frozenset("ab"), 10) is None


def test_a_subject_hit_twice_counts_once_at_its_best_score() -> None:
    hits = [("x", 0.2, False), ("x", 0.9, False), ("a", 0.5, True)]
    quality = hits_quality(hits)
    assert (quality.hits, quality.subjects, quality.judged, quality.precision) == (3, 2, 2, 0.5)


def test_the_first_ten_are_those_of_the_highest_scores() -> None:
    right = [(f"a{n}", 0.9, True) for n in range(10)]
    wrong = [(f"x{n}", 0.1, False) for n in range(30)]
    quality = hits_quality(wrong + right)
    assert (quality.at_10, quality.at_50, quality.precision) == (1.0, 0.25, 0.25)


def test_subjects_that_the_truth_does_not_know_are_neither_right_nor_wrong() -> None:
    quality = hits_quality([("site", 1.0, None), ("a", 0.5, True), ("a", 0.4, None)])
    assert (quality.subjects, quality.judged, quality.precision) == (2, 1, 1.0)
    assert hits_quality([("site", 1.0, None)]).precision is None
    assert hits_quality([]).at_10 is None


def test_a_pattern_is_found_when_one_hit_cites_half_of_it() -> None:
    planted = [frozenset("abcd"), frozenset("efg")]
    assert share_found(planted, [frozenset("abx")]) == 0.5
    assert share_found(planted, [frozenset("a"), frozenset("b"), frozenset("efz")]) == 0.5
    assert share_found(planted, []) == 0.0


def test_where_nothing_is_planted_there_is_no_recall() -> None:
    assert share_found([], [frozenset("a")]) is None


def test_roles_are_judged_over_members_with_a_proposal_beside_the_commonest_role() -> None:
    true = {"a": "caller", "b": "caller", "c": "cash_crew", "d": "caller"}
    quality = roles_quality(true, {"a": "caller", "b": "cash_crew", "c": "cash_crew", "outsider": "caller"})
    assert (quality.members, quality.proposed, quality.right, quality.floor) == (4, 3, 2 / 3, 2 / 3)
    assert roles_quality(true, {}).right is None
