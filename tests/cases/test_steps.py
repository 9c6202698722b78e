import pytest

from cases.board import Board, History
from cases.marks import Rest, Strength
from cases.steps import Step, StepKind, step_between, steps_of
from graph.contract import Direction, Ref

A, B, C = (Ref("Account", str(n)) for n in range(1, 4))
LINE = ("TRANSFER", A, B)
START = Board().with_nodes([A, B, C])
GROUPED = START.with_group([A, B], "甲")
REST = Rest(A, "TRANSFER", Direction.OUT, "Account")


@pytest.mark.parametrize(
    ("before", "after", "step"),
    [
        (Board(), START, Step(StepKind.ADD, 3)),
        (START, START.without_nodes([A, B]), Step(StepKind.REMOVE, 2)),
        (START, Board().with_nodes([Ref("Account", "9")]), Step(StepKind.NEW_CHART, 1)),
        (START, GROUPED, Step(StepKind.GROUP, 2)),
        (GROUPED, GROUPED.ungrouped([GROUPED.groups[0].mark]), Step(StepKind.UNGROUP, 1)),
        (GROUPED, GROUPED.with_group_name(GROUPED.groups[0].mark, "乙"), Step(StepKind.RENAME, 1)),
        (START, START.with_rests([REST]), Step(StepKind.COUNT_REST, 1)),
        (START, START.with_hidden([A], [LINE]), Step(StepKind.HIDE, 2)),
        (START.with_hidden([A]), START, Step(StepKind.SHOW, 1)),
        (START, START.with_note(A, "看过"), Step(StepKind.NOTE, 1)),
        (START.with_note(A, "看过"), START.with_note(A, "又看"), Step(StepKind.NOTE, 1)),
        (START, START.with_strengths([LINE], Strength.TENTATIVE), Step(StepKind.STRENGTH, 1)),
        (START, START.with_pins([A], True), Step(StepKind.PIN, 1)),
        (START, START.with_bundles([(B, A)], True), Step(StepKind.BUNDLE, 1)),
        (START, START.with_places({A: (1.0, 2.0)}), Step(StepKind.MOVE, 1)),
        (START, START, Step(StepKind.OTHER, 0)),
    ],
)
def test_a_step_is_named_after_what_it_changed(before: Board, after: Board, step: Step) -> None:
    assert step_between(before, after) == step


def test_the_list_holds_what_was_undone_too() -> None:
    history = History().step(START).step(GROUPED)
    assert [step.kind for step in steps_of(history)] == [StepKind.ADD, StepKind.GROUP]
    assert steps_of(history.undo()) == steps_of(history)
    assert history.back_to(2).now == Board()
    assert history.back_to(2).back_to(-1).now == START
    assert history.back_to(9) == history.undo().undo()
    assert steps_of(History()) == ()
