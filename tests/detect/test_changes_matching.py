"""The matching and the choice against slow, plain versions of the same formulas."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from detect.changes.decide import choose
from detect.changes.settings import load_settings

SETTINGS = load_settings()
scores = st.lists(
    st.lists(st.sampled_from([0.0, 0.05, 0.1, 0.2, 0.3, 0.45, 0.9]), min_size=4, max_size=4),
    min_size=1,
    max_size=4,
)


def best_total(table: np.ndarray) -> float:
    """Greatest sum of score over the bound of any one-to-one choice, by trying all."""
    gain = np.maximum(table - SETTINGS.least_score, 0.0)
    olds, news = gain.shape
    return max(sum(gain[i, p[i]] for i in range(olds)) for p in permutations(range(news), olds))


@settings(max_examples=60)
@given(scores)
def test_the_choice_is_one_to_one_and_the_best(rows: list[list[float]]) -> None:
    table = np.array(rows)
    chosen = choose(sparse.csr_array(table), SETTINGS)
    assert len({one.old for one in chosen}) == len(chosen) == len({one.new for one in chosen})
    total = sum(one.score - SETTINGS.least_score for one in chosen)
    assert total == pytest.approx(best_total(table))
    for one in chosen:
        assert one.score == table[one.old, one.new] >= SETTINGS.least_score
        others = [table[one.old, c] for c in range(4) if c != one.new]
        others += [table[r, one.new] for r in range(len(rows)) if r != one.old]
        second = max((v for v in others if v >= SETTINGS.least_score), default=0.0)
        assert one.margin == pytest.approx((one.score - second) / one.score)
        near = one.score * (1 - SETTINGS.least_margin)
        assert one.decided == (not any(v > near for v in others if v >= SETTINGS.least_score))


def test_no_pairs_give_no_choice() -> None:
    assert choose(sparse.csr_array((3, 2)), SETTINGS) == ()
    assert choose(sparse.csr_array(np.full((2, 2), SETTINGS.least_score - 0.01)), SETTINGS) == ()


def test_leaving_one_alone_beats_a_worse_pairing() -> None:
    # 0.9 + nothing is more than 0.3 + 0.3, each less the bound.
    chosen = choose(sparse.csr_array(np.array([[0.9, 0.3], [0.3, 0.0]])), SETTINGS)
    assert [(one.old, one.new) for one in chosen] == [(0, 0)]
