"""How good probabilities are: area under precision and recall, precision at a recall, Brier score."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from graph.contract import Floats

Flags = NDArray[np.bool_]
WANTED_RECALL = 0.8


@dataclass(frozen=True, slots=True)
class Figures:
    """Of n labelled accounts, `positives` of them mules. All shares 0 to 1; None where they have no meaning.

    brier: mean square of probability less truth; 0 is best.
    """

    n: int
    positives: int
    pr_auc: float | None
    precision_at_recall: float | None
    brier: float | None

    def as_dict(self) -> dict[str, float | int | None]:
        """Plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, raw: Mapping[str, float | int | None]) -> "Figures":
        """The inverse of `as_dict`; TypeError when it is not of that form."""
        return cls(**raw)  # type: ignore[arg-type]  # a sealed file holds what was written


def figures(truth: Flags, score: Floats, probability: Floats) -> Figures:
    """All figures of a ranking by `score` and of its probabilities, in the order of `truth`; four decimals.

    Equal scores count as one step: none of them is better than chance made it.
    """
    n, positives = len(truth), int(truth.sum())
    if not positives:
        brier = float(np.mean(probability**2)) if n else None
        return Figures(n, 0, None, None, None if brier is None else round(brier, 4))
    precision, recall = precision_recall(truth, score)
    steps = np.diff(recall, prepend=0.0)
    reached = int(np.argmax(recall >= WANTED_RECALL - 1e-12))
    return Figures(
        n,
        positives,
        round(float((steps * precision).sum()), 4),
        round(float(precision[reached]), 4),
        round(float(np.mean((probability - truth) ** 2)), 4),
    )


def precision_recall(truth: Flags, score: Floats) -> tuple[Floats, Floats]:
    """Precision and recall at each distinct score, highest first; at least one true one is expected.

    The area under it (average precision) is the sum of precision times the growth of recall.
    """
    order = np.argsort(-score, kind="stable")
    ranked, hits = score[order], np.cumsum(truth[order])
    last = np.append(ranked[1:] != ranked[:-1], True)
    found = hits[last].astype(np.float64)
    shown = np.flatnonzero(last) + 1
    return found / shown, found / hits[-1]
