"""Two charts become one: nothing shown vanishes, and but for places it does not matter which came first."""

from dataclasses import replace

from hypothesis import given

from cases.board import Board, History
from cases.charts.merge import Conflict, compared, merged
from cases.marks import Strength
from graph.contract import Ref
from tests.cases.charts.test_codec import boards

A, B, C, D = (Ref("Account", name) for name in "abcd")


def bare(board: Board) -> tuple[object, ...]:
    """A board without places and order."""
    said = (dict(board.notes), dict(board.strengths), board.pinned, board.hidden_lines, board.bundles)
    return (set(board.shown), dict(board.origin), board.hidden, *said)


@given(boards(), boards())
def test_merging_is_commutative_up_to_places(first: Board, second: Board) -> None:
    one, other = merged(first, second), merged(second, first)
    assert bare(one.board) == bare(other.board)
    assert {(c.field, c.ref) for c in one.conflicts} == {(c.field, c.ref) for c in other.conflicts}
    assert {**one.board.places, **first.places} == one.board.places, "places of the first win"


@given(boards(), boards())
def test_nothing_that_one_of_them_shows_vanishes(first: Board, second: Board) -> None:
    whole = merged(first, second)
    assert set(whole.board.shown) == set(first.shown) | set(second.shown)
    assert set(whole.board.visible) >= set(first.visible) | set(second.visible)
    assert whole.board.shown[: len(first.shown)] == first.shown
    assert len(set(whole.board.shown)) == len(whole.board.shown)


@given(boards())
def test_a_chart_merged_with_itself_or_nothing_is_itself(board: Board) -> None:
    for whole in (merged(board, board), merged(board, Board()), merged(Board(), board)):
        assert bare(whole.board) == bare(board) and whole.board.places == board.places
        assert whole.conflicts == ()


@given(boards(), boards(), boards())
def test_the_order_of_three_merges_does_not_matter_to_what_is_shown(a: Board, b: Board, c: Board) -> None:
    left = merged(merged(a, b).board, c).board
    right = merged(a, merged(b, c).board).board
    assert set(left.visible) == set(right.visible) and set(left.shown) == set(right.shown)


def test_conflicts_are_told_and_settled_by_the_stated_rule() -> None:
    first = Board((A, B, C), origin={B: A}, places={A: (1.0, 2.0)}, hidden=frozenset({C, A}))
    second = Board((A, B, D), origin={D: A}, places={A: (9.0, 9.0)}, hidden=frozenset({D}))
    whole = merged(first, second)
    assert whole.added == (D,)
    assert set(whole.conflicts) == {Conflict("hidden", A), Conflict("origin", B), Conflict("places", A)}
    assert whole.board.hidden == {C, D}, "hidden where only one has it; visible where one shows it"
    assert whole.board.origin == {D: A}, "what somebody put there by itself is not collapsed with another"
    assert whole.board.places == {A: (1.0, 2.0)}


def test_what_was_grouped_judged_and_noted_is_merged_by_the_stated_rule() -> None:
    line = ("TRANSFER", A, B)
    first = Board((A, B, C)).with_group([A, B], "跑分").with_strengths([line], Strength.CONFIRMED)
    first = first.with_note(A, "开户经理称未见本人").with_hidden((), [line]).with_pins([A], pinned=True)
    second = Board((A, B, C, D)).with_group([C, D], "取现").with_strengths([line], Strength.TENTATIVE)
    second = (
        second.with_note(A, "本人到案")
        .with_note(second.groups[0].mark, "四人")
        .with_hidden([second.groups[0].mark])
    )
    whole = merged(first, second).board
    assert [(g.id, g.name, set(g.members)) for g in whole.groups] == [
        ("g1", "跑分", {A, B}),
        ("g2", "取现", {C, D}),
    ]
    assert whole.strengths == {line: Strength.TENTATIVE}, "the less sure counts"
    assert whole.notes[A].splitlines() == sorted(["开户经理称未见本人", "本人到案"])
    assert whole.notes[whole.groups[1].mark] == "四人" and whole.hidden == {whole.groups[1].mark}
    assert whole.hidden_lines == frozenset(), "the second chart shows that line"
    assert whole.pinned == {A}
    crossing = Board((A, B, C)).with_group([B, C], "另一组")
    told = merged(first, crossing)
    assert [g.members for g in told.board.groups] == [(A, B)], "a node lies in one group; the first's stays"
    assert Conflict("groups", B) in told.conflicts


def test_a_merge_is_one_step_back() -> None:
    now = History(Board((A,)))
    after = now.step(merged(now.now, Board((B, C))).board)
    assert after.undo().now == now.now and after.undo().redo().now == after.now


def test_two_versions_are_compared() -> None:
    before = Board((A, B, C), places={A: (0.0, 0.0)}, hidden=frozenset({B}))
    after = replace(before, shown=(A, B, D), places={A: (5.0, 0.0)}, hidden=frozenset())
    told = compared(before, after)
    assert (told.added, told.removed, told.hidden, told.brought_back) == ((D,), (C,), (), (B,))
    assert told.moved == 1 and told.parts == ()
    assert compared(after, after).moved == 0
