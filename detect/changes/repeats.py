"""Repeats the matching on parts of the evidence, so that what hangs on a few rows is seen to waver."""

from collections import Counter
from dataclasses import replace

import numpy as np
from scipy import sparse

from detect.changes.decide import choose
from detect.changes.matching import match
from detect.changes.settings import ChangeSettings
from detect.changes.sides import KindSides, Sides

_SEED = 0


def stability(
    sides: Sides, settings: ChangeSettings, rounds: int | None = None
) -> dict[tuple[int, int], float]:
    """(ended, begun) -> share of the repeats in which they were chosen; pairs never chosen are not in it.

    Each of `repeats` leaves out `drop` of the neighbours on both sides, drawn with a fixed seed (subsampling:
    Politis & Romano 1994). A pair can lead by much only because its neighbours were matched to suit it; such
    choices do not come back.
    """
    rng = np.random.default_rng(_SEED)
    count: Counter[tuple[int, int]] = Counter()
    for _ in range(settings.repeats):
        part = replace(sides, kinds=tuple(_thinned(kind, settings.drop, rng) for kind in sides.kinds))
        count.update((one.old, one.new) for one in choose(match(part, settings, rounds).score, settings))
    return {pair: found / settings.repeats for pair, found in sorted(count.items())}


def _thinned(kind: KindSides, drop: float, rng: np.random.Generator) -> KindSides:
    return replace(
        kind,
        before=_without(kind.before, drop, rng),
        after=_without(kind.after, drop, rng),
        before_ended=_without(kind.before_ended, drop, rng),
        after_begun=_without(kind.after_begun, drop, rng),
    )


def _without(matrix: sparse.csr_array, drop: float, rng: np.random.Generator) -> sparse.csr_array:
    part = matrix.copy()
    part.data = np.where(rng.random(part.nnz) < drop, 0.0, part.data)
    part.eliminate_zeros()
    return part
