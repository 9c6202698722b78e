"""Says what one step of a chart's history was, from the boards before and after it."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from cases.board import Board, History


class StepKind(StrEnum):
    """What an analyst did to a chart; the first that applies names the step."""

    NEW_CHART = "new_chart"
    ADD = "add"
    REMOVE = "remove"
    GROUP = "group"
    UNGROUP = "ungroup"
    RENAME = "rename"
    COUNT_REST = "count_rest"
    HIDE = "hide"
    SHOW = "show"
    NOTE = "note"
    STRENGTH = "strength"
    PIN = "pin"
    BUNDLE = "bundle"
    MOVE = "move"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Step:
    """One step and how many nodes, marks or lines it changed."""

    kind: StepKind
    count: int


def step_between(before: Board, after: Board) -> Step:
    """What led from one board to the next; OTHER with 0 when they are equal."""
    was, now = set(before.shown), set(after.shown)
    if was and now and not was & now:
        return Step(StepKind.NEW_CHART, len(now))
    old, new = {group.id for group in before.groups}, {group.id for group in after.groups}
    hid = len(after.hidden - before.hidden) + len(after.hidden_lines - before.hidden_lines)
    showed = len(before.hidden - after.hidden) + len(before.hidden_lines - after.hidden_lines)
    grouped = [group for group in after.groups if group.id not in old]
    changes = (
        (StepKind.ADD, len(now - was)),
        (StepKind.REMOVE, len(was - now)),
        (StepKind.GROUP, sum(len(group.members) for group in grouped)),
        (StepKind.UNGROUP, len(old - new)),
        (StepKind.RENAME, len(set(after.groups) - set(before.groups))),
        (StepKind.COUNT_REST, len(set(after.rests) ^ set(before.rests))),
        (StepKind.HIDE, hid),
        (StepKind.SHOW, showed),
        (StepKind.NOTE, len(set(before.notes.items()) ^ set(after.notes.items()))),
        (StepKind.STRENGTH, len(set(before.strengths.items()) ^ set(after.strengths.items()))),
        (StepKind.PIN, len(before.pinned ^ after.pinned)),
        (StepKind.BUNDLE, len(before.bundles ^ after.bundles)),
        (StepKind.MOVE, len(set(after.places.items()) - set(before.places.items()))),
    )
    kind, count = next(((kind, n) for kind, n in changes if n), (StepKind.OTHER, 0))
    # A note that changed stands in both sets, and is one.
    twice = kind in (StepKind.NOTE, StepKind.STRENGTH)
    return Step(kind, (count + 1) // 2 if twice and count > 1 else count)


def steps_of(history: History) -> tuple[Step, ...]:
    """All steps from the oldest board kept to the newest undone one; none for a fresh chart."""
    boards = (*history.past, history.now, *history.future)
    return tuple(step_between(before, after) for before, after in pairwise(boards))
