"""Places for the nodes of a chart too large for the browser to lay out, worked out once for a structure."""

import functools
from collections.abc import Iterable, Sequence

import numpy as np

from graph.contract import EdgeTable, Ref

Place = tuple[float, float]
# The browser needs half a second for this many nodes, and most of a minute for five times as many.
PLACED_ABOVE = 300


def place_hints(refs: Sequence[Ref], pairs: Iterable[tuple[Ref, Ref]]) -> dict[Ref, Place]:
    """A place for every node, decided by the nodes' order and links; pairs with other ends are left out.

    No refs give none. The last few structures are kept in memory: numbers, no keys.
    """
    number = {ref: at for at, ref in enumerate(refs)}
    ends = [(number[a], number[b]) for a, b in pairs if a in number and b in number]
    edges = np.array(ends, dtype=np.int64).reshape(-1, 2)
    found = _places(len(number), edges.tobytes())
    return {ref: found[at] for ref, at in number.items()}


@functools.lru_cache(maxsize=8)
def _places(count: int, edges: bytes) -> tuple[Place, ...]:
    # Numba and scipy are waited for by the first chart of this size, not by every start.
    from graph.layout import places

    pairs = np.frombuffer(edges, dtype=np.int64).reshape(-1, 2)
    table = EdgeTable(count, pairs[:, 0], pairs[:, 1], np.ones(len(pairs)))
    return tuple((float(x), float(y)) for x, y in places(table).round(1))
