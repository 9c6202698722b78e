"""Convoys are those of a plain look at every trip of two phones."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detect.kernels.convoy import convoys

Meeting = tuple[int, int]  # minute, cell
DAY = 100


def _expected(meetings: list[Meeting], gap: int, least: int) -> tuple[int, int]:
    trips: list[list[Meeting]] = []
    for meeting in meetings:
        if trips and meeting[0] - trips[-1][-1][0] <= gap:
            trips[-1].append(meeting)
        else:
            trips.append([meeting])
    cells = [len({cell for _, cell in trip}) for trip in trips]
    days = {trip[0][0] // DAY for trip, many in zip(trips, cells, strict=True) if many >= least}
    return max(cells, default=0), len(days)


def _found(pairs: list[list[Meeting]], gap: int, least: int) -> list[tuple[int, int]]:
    rows = np.array([row for pair in pairs for row in pair], np.int64).reshape(-1, 2)
    start = np.cumsum([0, *(len(pair) for pair in pairs)])
    got = convoys(start, rows[:, 0], rows[:, 1], rows[:, 0] // DAY, gap, least)
    return list(zip(got.cells.tolist(), got.days.tolist(), strict=True))


MEETINGS = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 5)), max_size=25).map(sorted)


@given(st.lists(MEETINGS, max_size=5), st.sampled_from([0, 5, 20, 100]), st.integers(2, 5))
def test_convoys_are_those_of_a_look_at_every_trip(pairs: list[list[Meeting]], gap: int, least: int) -> None:
    assert _found(pairs, gap, least) == [_expected(pair, gap, least) for pair in pairs]


def test_two_cells_passed_again_and_again_stay_two() -> None:
    assert _found([[(n, n % 2) for n in range(40)]], 5, 3) == [(2, 0)]


def test_no_meetings_give_nothing() -> None:
    assert _found([], 5, 3) == []
    assert _found([[]], 5, 3) == [(0, 0)]
