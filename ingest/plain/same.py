"""Kernel that numbers the different texts of a column, so that each is cleaned once."""

from typing import Any

import numpy as np

from ingest.plain.kernel import kernel, part

_FAR = 64
_NOBODY = -1


@part
def _mixed(views: Any, data: Any, row: Any) -> Any:
    """A number that equal texts share; a poor one only costs time."""
    size = views[4 * row]
    found = np.uint64(size) * np.uint64(0x9E3779B97F4A7C15)
    if size <= 12:
        for word in range(1, 4):
            found = (found ^ np.uint64(views[4 * row + word])) * np.uint64(0x9E3779B97F4A7C15)
            found ^= found >> np.uint64(29)
        return found
    at = np.int64(views[4 * row + 3])
    for k in range(at, at + size):
        found = (found ^ np.uint64(data[k])) * np.uint64(0x100000001B3)
    found ^= found >> np.uint64(29)
    return found * np.uint64(0x9E3779B97F4A7C15)


@part
def _equal(views: Any, data: Any, one: Any, other: Any) -> Any:
    size = views[4 * one]
    if size != views[4 * other] or views[4 * one + 1] != views[4 * other + 1]:
        return False
    if size <= 12:
        return views[4 * one + 2] == views[4 * other + 2] and views[4 * one + 3] == views[4 * other + 3]
    first, second = np.int64(views[4 * one + 3]), np.int64(views[4 * other + 3])
    for k in range(4, size):  # noqa: SIM110  no generators in a kernel
        if data[first + k] != data[second + k]:
            return False
    return True


@kernel
def number_texts(views: Any, data: Any, filled: Any, table: Any, place: Any, first: Any) -> Any:
    """How many different texts there are, null being one; -1 when there are more than `first` has room for.

    table: all -1, a power of two of at least twice the room. place: by row, the number of its text. first: by
    number, the row it stands in first. Rows that crowd in one place of the table count as too many as well.
    """
    mask = np.uint64(len(table) - 1)
    different, nothing = 0, _NOBODY
    for row in range(len(filled)):
        if not filled[row]:
            if nothing == _NOBODY:
                if different == len(first):
                    return -1
                nothing = different
                first[different] = row
                different += 1
            place[row] = nothing
            continue
        spot = (_mixed(views, data, row) >> np.uint64(20)) & mask
        steps = 0
        while table[spot] != _NOBODY and not _equal(views, data, row, first[table[spot]]):
            spot = (spot + np.uint64(1)) & mask
            steps += 1
            if steps == _FAR:
                return -1
        if table[spot] == _NOBODY:
            if different == len(first):
                return -1
            table[spot] = different
            first[different] = row
            different += 1
        place[row] = table[spot]
    return different
