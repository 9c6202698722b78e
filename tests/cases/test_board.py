from hypothesis import given
from hypothesis import strategies as st

from cases.board import Board, History, started_with
from graph.contract import Ref

A, B, C, D = (Ref("Account", str(n)) for n in range(1, 5))
boards = st.lists(st.sampled_from([A, B, C, D]), max_size=4).map(lambda refs: Board().with_nodes(refs))


def test_expanding_adds_and_collapsing_takes_away_what_came_from_it() -> None:
    board = Board().with_nodes([A]).with_nodes([B, C], origin=A).with_nodes([D, A], origin=B)
    assert board.shown == (A, B, C, D)
    assert board.collapsed(B).shown == (A, B, C)
    assert board.collapsed(A).shown == (A,)
    assert board.collapsed(D) == board


def test_collapsing_keeps_what_was_there_before() -> None:
    board = Board().with_nodes([A, B]).with_nodes([B, C], origin=A)
    assert board.collapsed(A).shown == (A, B)


def test_a_circle_of_expansions_ends() -> None:
    board = Board(shown=(A, B, C), origin={B: A, C: B, A: C})
    assert board.collapsed(A).shown == (A,)


def test_hidden_nodes_come_back_when_they_are_fetched_again() -> None:
    board = Board().with_nodes([A, B]).with_hidden([B, D])
    assert (board.visible, board.hidden) == ((A,), frozenset({B}))
    assert board.with_nodes([B]).visible == (A, B)


def test_places_of_unknown_nodes_are_not_kept() -> None:
    assert Board().with_nodes([A]).with_places({A: (1.0, 2.0), D: (3.0, 4.0)}).places == {A: (1.0, 2.0)}


@given(st.lists(boards, max_size=12))
def test_every_step_can_be_undone_and_done_again(steps: list[Board]) -> None:
    history = History()
    for board in steps:
        history = history.step(board)
    last = history.now
    depth = len(history.past)
    for _ in range(depth):
        history = history.undo()
    assert history.now == Board()
    assert history.undo() == history
    for _ in range(depth):
        history = history.redo()
    assert history.now == last
    assert history.redo() == history


def test_moving_a_node_is_remembered_without_being_a_step() -> None:
    history = started_with([A])
    moved = history.moved(history.now.with_places({A: (5.0, 5.0)}))
    assert moved.now.places == {A: (5.0, 5.0)}
    assert moved.past == ()
