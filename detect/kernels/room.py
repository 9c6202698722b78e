"""Room for a path search: where kernels write what they find and keep where they are."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from graph.contract import Ints


class PathRoom(NamedTuple):
    """Arrays of one search for paths; a named tuple because compiled loops take no other record.

    paths: int64 (n, longest), indices of outs, -1 behind the end. lengths: hops of each path found.
    """

    used: npt.NDArray[np.bool_]
    paths: Ints
    lengths: Ints
    stack: Ints
    position: Ints
    best: Ints


def path_room(outs: int, longest: int) -> PathRoom:
    """Room for all paths over `outs` payments, since no two paths start with one payment."""
    return PathRoom(
        used=np.zeros(outs, np.bool_),
        paths=np.full((outs, longest), -1, np.int64),
        lengths=np.zeros(outs, np.int64),
        stack=np.zeros(longest + 1, np.int64),
        position=np.zeros(longest + 1, np.int64),
        best=np.zeros(longest + 1, np.int64),
    )
