"""How many changes happened at once in one neighbourhood: one person buys a phone, a ring swaps them all."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from detect.changes.decide import Chosen
from detect.changes.sides import Sides


def count_together(chosen: Sequence[Chosen], sides: Sides) -> list[int]:
    """For each pair how many of its type, tied to it, may have changed at the same moment; itself counted.

    Two pairs are tied when their ended ones touched each other before, or their begun ones after, and there
    is a moment after both ended and before both began (or, where uses overlap, the other way round); ties
    are followed on.
    """
    if not chosen:
        return []
    old, new = np.array([one.old for one in chosen]), np.array([one.new for one in chosen])
    tied = sparse.csr_array((len(chosen), len(chosen)))
    for kind in sides.kinds:
        tied = tied + kind.before_ended[old][:, old] + kind.after_begun[new][:, new]
    ends = sides.ended["at"].to_numpy()[old].astype(np.int64)
    starts = sides.began["at"].to_numpy()[new].astype(np.int64)
    first, last = np.minimum(ends, starts), np.maximum(ends, starts)
    pairs = sparse.coo_array(tied + tied.T)
    row, column = pairs.coords
    meet = np.maximum(first[row], first[column]) <= np.minimum(last[row], last[column])
    both = sparse.csr_array((np.ones(int(meet.sum())), (row[meet], column[meet])), shape=tied.shape)
    _, part = connected_components(both, directed=False)
    types = sides.ended["type"].to_numpy()[old]
    return [
        int(
            np.sum(
                (part == part[n])
                & (types == types[n])
                & (np.maximum(first, first[n]) <= np.minimum(last, last[n]))
            )
        )
        for n in range(len(chosen))
    ]
