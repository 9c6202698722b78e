from hypothesis import given
from hypothesis import strategies as st

from cases.board import Board, History, started_with
from cases.marks import Rest, Strength
from graph.contract import Direction, Ref

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


def test_going_back_before_a_move_finds_where_the_chart_had_put_a_node() -> None:
    history = started_with([A, B]).step(Board().with_nodes([A, B, C]))
    stood = history.stood({A: (1.0, 1.0), C: (2.0, 2.0)})
    moved = stood.step(stood.now.with_places({A: (9.0, 9.0)}))
    assert moved.now.places == {A: (9.0, 9.0), C: (2.0, 2.0)}
    assert moved.undo().now.places == {A: (1.0, 1.0), C: (2.0, 2.0)}
    assert moved.undo().undo().now.places == {A: (1.0, 1.0)}
    again = moved.stood({A: (5.0, 5.0)})
    assert (again.now, again.past) == (moved.now, moved.past)


def test_a_node_lies_in_one_group_at_most_and_groups_dissolve_in_a_new_one() -> None:
    board = Board().with_nodes([A, B, C, D]).with_group([A, B], "甲")
    first = board.groups[0]
    again = board.with_group([first.mark, C], "乙")
    assert [group.members for group in again.groups] == [(A, B, C)]
    assert again.groups[0].id != first.id
    apart = board.with_group([B, C], "乙")
    assert [group.members for group in apart.groups] == [(A,), (B, C)]
    assert board.with_group([A], "丙") == board
    assert board.with_group([first.mark, D], "丁").unfolded([Ref("Group", "g2")]) == (A, B, D)


def test_what_is_said_of_a_mark_goes_with_it_and_comes_back_by_undo() -> None:
    line = ("TRANSFER", A, B)
    grouped = Board().with_nodes([A, B, C]).with_group([A, B], "甲")
    mark = grouped.groups[0].mark
    said = (
        grouped.with_note(mark, " 取款 ").with_strengths([line], Strength.TENTATIVE).with_pins([mark], True)
    )
    said = said.with_places({mark: (1.0, 2.0)}).with_hidden([mark], [line])
    assert said.notes == {mark: "取款"}
    free = said.ungrouped([mark])
    assert (free.notes, free.pinned, free.places, free.hidden) == ({}, frozenset(), {}, frozenset())
    assert free.shown == (A, B, C)
    assert free.strengths == {line: Strength.TENTATIVE}
    gone = said.without_nodes([A])
    assert (gone.strengths, gone.hidden_lines) == ({}, frozenset())
    assert History().step(said).step(gone).undo().now == said
    assert said.with_note(mark, "  ").notes == {}


def test_a_mark_means_what_it_stands_for() -> None:
    rest = Rest(C, "TRANSFER", Direction.OUT, "Account")
    board = Board().with_nodes([A, B, C, D]).with_group([A, B], "甲").with_rests([rest, rest])
    mark = board.groups[0].mark
    assert board.rests == (rest,)
    assert board.without_nodes([mark]).shown == (C, D)
    assert board.only([mark]).shown == (A, B)
    assert board.only([mark]).rests == ()
    assert board.only([C, rest.mark]).rests == (rest,)
    assert board.without_nodes([rest.mark]).shown == board.shown
    assert board.without_nodes([C]).rests == ()
    assert board.collapsed(C).rests == ()
