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


class CycleRoom(NamedTuple):
    """Arrays of one search for cycles.

    paths, lengths: as in PathRoom. head: the last slot of each payment, -1 for none; a slot is a told cycle's
    number times `longest` plus the place in it; following: the slot of the same payment before. shared: of
    each told cycle, scratch. done: first payments whose search has ended. low: smallest payment so far on
    the stack. one, two: marks of each account; near: accounts marked.
    """

    paths: Ints
    lengths: Ints
    head: Ints
    following: Ints
    shared: Ints
    done: npt.NDArray[np.bool_]
    stack: Ints
    low: Ints
    position: Ints
    best: Ints
    one: Ints
    two: Ints
    near: Ints


def cycle_room(outs: int, accounts: int, longest: int) -> CycleRoom:
    """Room for all cycles over `outs` payments among `accounts`; each told one has a payment of its own."""
    return CycleRoom(
        # Most of what is only made room for is never touched, so it takes no memory.
        paths=np.empty((outs, longest), np.int64),
        lengths=np.zeros(outs, np.int64),
        head=np.full(outs, -1, np.int64),
        following=np.empty(outs * longest, np.int64),
        shared=np.zeros(outs, np.int64),
        done=np.zeros(outs, np.bool_),
        stack=np.zeros(longest + 1, np.int64),
        low=np.zeros(longest + 1, np.int64),
        position=np.zeros(longest + 1, np.int64),
        best=np.zeros(longest + 1, np.int64),
        one=np.full((accounts, 2), -1, np.int64),
        two=np.full((accounts, 2), -1, np.int64),
        near=np.empty(accounts, np.int64),
    )
