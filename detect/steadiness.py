"""How often repeated searches find a gang and each of its members again, over seeds and over resolutions."""

from collections.abc import Sequence

import numpy as np

from detect.membership import overlap
from detect.results import Steadiness
from graph.contract import Floats, Ints

# Repeated searches: (added to the seed, factor on the resolution). Factor 1: only the seed differs.
REPEATS = ((1, 1.0), (2, 1.0), (3, 0.7), (4, 1.4), (5, 2.0))


def steadiness(group: Ints, repeats: Sequence[Sequence[Ints]]) -> Steadiness:
    """Mean best Jaccard overlap with the repeats, those of other seeds and other resolutions apart.

    group: node ids, ascending; repeats: the groups of each search of REPEATS, in its order.
    """
    found = np.array([overlap(group, other) for other in repeats])
    same = np.array([factor == 1.0 for _, factor in REPEATS])
    return Steadiness(round(float(found[same].mean()), 6), round(float(found[~same].mean()), 6))


def stays(group: Ints, repeats: Sequence[Sequence[Ints]]) -> Floats:
    """For each node of the group the share (0 to 1) of repeats in which it stands in the best match.

    The best match is the group of that search with the largest Jaccard overlap, the first of equals; a search
    that found nothing in common keeps nobody.
    """
    kept = np.zeros(len(group))
    for other in repeats:
        best = max(other, key=lambda one: overlap(group, [one]), default=None)
        if best is not None:
            kept += np.isin(group, best)
    share: Floats = np.round(kept / max(len(repeats), 1), 6)
    return share
