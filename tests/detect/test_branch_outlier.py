"""Branches against their peers: the tail and its adjustment agree with sums and sorting by hand."""

from math import comb

import numpy as np
import pytest

from detect.detectors.branch_outlier import adjusted_p, one_sided_p


def _tail(k: int, total: int, share: float) -> float:
    return sum(comb(total, i) * share**i * (1 - share) ** (total - i) for i in range(k, total + 1))


def test_the_tail_is_the_sum_over_as_many_or_more_of_the_total() -> None:
    openings, involved = np.array([10, 30, 60]), np.array([6, 0, 9])
    found = one_sided_p(openings, involved)
    assert found == pytest.approx([_tail(6, 15, 0.1), 1.0, _tail(9, 15, 0.6)])


def test_a_unit_without_peers_or_a_world_without_cases_is_never_unlikely() -> None:
    assert one_sided_p(np.array([7]), np.array([7])).tolist() == [1.0]
    assert one_sided_p(np.array([7, 3]), np.array([0, 0])).tolist() == [1.0, 1.0]
    assert one_sided_p(np.array([], dtype=np.int64), np.array([], dtype=np.int64)).size == 0


def test_adjusted_values_are_the_least_of_all_larger_ranks() -> None:
    p = np.array([0.04, 0.01, 0.03, 0.5])
    # Ranks: 0.01 x 4/1, 0.03 x 4/2, 0.04 x 4/3, 0.5 x 4/4; the third lowers the second.
    assert adjusted_p(p) == pytest.approx([0.16 / 3, 0.04, 0.16 / 3, 0.5])
    assert adjusted_p(np.array([])).size == 0
