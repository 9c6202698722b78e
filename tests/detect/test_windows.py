"""The kernel of busy windows finds what trying every window finds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detect.kernels.windows import widest

WINDOW = 5


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 4)), max_size=12), min_size=1, max_size=4)
)
def test_widest_window_of_each_group(groups: list[list[tuple[int, int]]]) -> None:
    rows = [sorted(group) for group in groups]
    start = np.cumsum([0, *(len(group) for group in rows)]).astype(np.int64)
    at = np.array([moment for group in rows for moment, _ in group], dtype=np.int64)
    item = np.array([thing for group in rows for _, thing in group], dtype=np.int64)
    hits = np.zeros((len(rows), 4), np.int64)
    count = widest(start, at, item, WINDOW, 2, np.zeros(5, np.int64), hits)
    wanted = {}
    for g, group in enumerate(rows):
        most = max(
            (len({thing for moment, thing in group if 0 <= moment - since <= WINDOW}) for since, _ in group),
            default=0,
        )
        if most >= 2:
            wanted[g] = most
    assert {int(g): int(items) for g, _, _, items in hits[:count]} == wanted
    for g, first, last, items in hits[:count].tolist():
        assert start[g] <= first <= last < start[g + 1] and at[last] - at[first] <= WINDOW
        assert len(set(item[first : last + 1].tolist())) == items
