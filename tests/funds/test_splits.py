"""Left-over fen go to the largest rests, among equals to the older money, however many owners there are."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from funds.cells import REST, WEIGHT
from funds.splits import give_rest


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=200), st.data())
def test_left_over_fen(rests: list[int], data: st.DataObject) -> None:
    left = data.draw(st.integers(0, len(rests)))
    part = np.zeros((len(rests) + 3, 4), dtype=np.int64)
    part[: len(rests), REST] = rests
    give_rest(part, np.zeros(len(rests), dtype=np.int64), len(rests), left)
    served = sorted(range(len(rests)), key=lambda n: (-rests[n], n))[:left]
    assert np.flatnonzero(part[:, WEIGHT]).tolist() == sorted(served)
    assert int(part[:, WEIGHT].sum()) == left
