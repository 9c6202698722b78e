"""Cuts labels by time: each fold learns from earlier decisions and is tested on later ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from graph.errors import InputError

LEAST_OF_CLASS = 50
FOLDS = 3
_FIRST_SHARE = 0.4
_LEAST_IN_TRAINING = 15
_LEAST_IN_TEST = 5


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one account of the lake, and from when on it was known (UTC)."""

    account: str
    mule: bool
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Fold:
    """One test by time. at: features are as of then; trained: decided by then; tested: decided after it.

    until: the last decision tested. Both in order of decided_at, account; no account is in both.
    """

    at: datetime
    until: datetime
    trained: tuple[Decision, ...]
    tested: tuple[Decision, ...]


def enough(decisions: Sequence[Decision]) -> None:
    """InputError when there are too few decisions of one kind to learn from."""
    for mule, name in ((True, "1 (mule)"), (False, "0 (no mule)")):
        count = sum(one.mule == mule for one in decisions)
        if count < LEAST_OF_CLASS:
            raise InputError(
                f"Only {count} usable labels are {name}; at least {LEAST_OF_CLASS} of each kind are needed."
            )


def by_time(decisions: Sequence[Decision], folds: int = FOLDS) -> tuple[Fold, ...]:
    """`folds` tests: the first learns from the earliest two fifths, each tests the next part of the rest.

    decisions: one an account. Decisions of one instant are never parted. InputError when the times of the
    labels leave a fold with fewer than 15 of a kind to learn from or 5 to test on.
    """
    ordered = sorted(decisions, key=lambda one: (one.decided_at, one.account))
    if len({one.account for one in ordered}) != len(ordered):
        raise ValueError("one decision an account is expected")
    shares = [_FIRST_SHARE + (1 - _FIRST_SHARE) * part / folds for part in range(folds + 1)]
    cuts = [ordered[max(0, round(share * len(ordered)) - 1)].decided_at for share in shares]
    found: list[Fold] = []
    for at, until in pairwise(cuts):
        trained = tuple(one for one in ordered if one.decided_at <= at)
        tested = tuple(one for one in ordered if at < one.decided_at <= until)
        for part, least, what in (
            (trained, _LEAST_IN_TRAINING, "learn from"),
            (tested, _LEAST_IN_TEST, "test on"),
        ):
            for mule in (True, False):
                count = sum(one.mule == mule for one in part)
                if count < least:
                    raise InputError(
                        f"The labels can't be tested by time: fold {len(found) + 1} has {count} labels "
                        f"{int(mule)} to {what}, {least} are needed; add labels decided at other times."
                    )
        found.append(Fold(at, until, trained, tested))
    return tuple(found)
