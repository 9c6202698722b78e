"""Places: whole numbers, apart from each other, equal for equal input."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from export.layout import even_places, level_places


@given(st.integers(1, 14), st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13)), max_size=30))
@settings(max_examples=40, deadline=None)
def test_no_two_nodes_share_a_place_and_equal_input_gives_equal_places(
    count: int, pairs: list[tuple[int, int]]
) -> None:
    pairs = [(a % count, b % count) for a, b in pairs]
    places = even_places(count, pairs)
    assert len(set(places)) == count
    assert places == even_places(count, pairs) == even_places(count, [(b, a) for a, b in pairs[::-1]])


def test_texts_of_a_crowded_ring_do_not_overlap() -> None:
    generator = random.Random(3)
    pairs = [(generator.randrange(60), generator.randrange(60)) for _ in range(90)]
    places = even_places(60, pairs)
    close = [
        (a, b)
        for i, a in enumerate(places)
        for b in places[:i]
        if abs(a[0] - b[0]) < 100 and abs(a[1] - b[1]) < 55
    ]
    assert close == []


def test_a_hub_with_many_leaves_is_laid_out_in_time() -> None:
    places = even_places(400, [(0, n) for n in range(1, 400)])
    assert len(set(places)) == 400


def test_levels_are_columns_and_others_stand_below_the_money() -> None:
    places = level_places(6, [(0, 1), (0, 2), (1, 3), (2, 3), (4, 1), (5, 5)], {0: 1, 1: 2, 2: 2, 3: 3})
    assert places[0][0] < places[1][0] == places[2][0] < places[3][0]
    lowest = max(places[n][1] for n in range(4))
    assert places[4][1] > lowest and places[5][1] > lowest
    assert len(set(places)) == 6


@pytest.mark.parametrize("places", [even_places(0, []), level_places(0, [], {})])
def test_nothing_gives_nothing(places: list[tuple[int, int]]) -> None:
    assert places == []
