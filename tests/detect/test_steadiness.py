"""How often repeats find a gang and its members again: known answers, seeds and resolutions apart."""

import numpy as np
import pytest

from detect.steadiness import REPEATS, stays, steadiness
from graph.contract import Ints


def _ids(*nodes: int) -> Ints:
    return np.array(nodes, dtype=np.int64)


GROUP = _ids(1, 2, 3, 4)


def test_the_same_groups_again_are_wholly_steady() -> None:
    repeats = [[_ids(7, 8), GROUP]] * len(REPEATS)
    found = steadiness(GROUP, repeats)
    assert (found.seeds, found.resolutions) == (1.0, 1.0)
    assert stays(GROUP, repeats).tolist() == [1.0] * 4


def test_seeds_and_resolutions_are_told_apart() -> None:
    half = [_ids(1, 2)]
    repeats = [[GROUP] if factor == 1.0 else half for _, factor in REPEATS]
    found = steadiness(GROUP, repeats)
    assert found.seeds == 1.0 and found.resolutions == 0.5
    others = sum(factor != 1.0 for _, factor in REPEATS)
    left = (len(REPEATS) - others) / len(REPEATS)
    assert stays(GROUP, repeats).tolist() == pytest.approx([1.0, 1.0, left, left])


def test_a_member_that_goes_to_a_worse_match_does_not_stay() -> None:
    repeats = [[_ids(1, 2, 3), _ids(4, 5, 6)]] * len(REPEATS)
    assert stays(GROUP, repeats).tolist() == [1.0, 1.0, 1.0, 0.0]


def test_searches_that_find_nothing_or_nothing_in_common_keep_nobody() -> None:
    for empty in ([], [_ids(8, 9)]):
        repeats = [empty] * len(REPEATS)
        found = steadiness(GROUP, repeats)
        assert (found.seeds, found.resolutions) == (0.0, 0.0)
        assert stays(GROUP, repeats).tolist() == [0.0] * 4
