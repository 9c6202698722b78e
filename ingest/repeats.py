"""Counts rows equal to one before them: in their file, or in a batch in force of another file."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from graph.lake.home import LakeHome
from ingest.kept.lookup import held_keys, key_hashes
from ingest.ledger import BatchRecord

_Hashes = npt.NDArray[np.uint64]


class Repeats:
    """The row keys of a home by template, as sorted 64-bit hashes: what was loaded costs no more than a look.

    Only the count of repeated rows hangs on them; settling compares whole keys.
    """

    def __init__(self, home: LakeHome) -> None:
        self._home = home
        self._known: dict[str, list[_Hashes]] = {}

    def count(self, name: str, keys: pl.Series, others: Sequence[BatchRecord]) -> int:
        """How many of a file's row keys came before; they count as known from here on.

        others: the batches in force of other files, read when the template is asked about for the first time.
        """
        if name not in self._known:
            mine = [record for record in others if record.template == name]
            self._known[name] = [held_keys(self._home, record) for record in mine]
        different: _Hashes = np.unique(key_hashes(keys).to_numpy())
        fresh = different
        for known in self._known[name]:
            fresh = fresh[~_is_in(fresh, known)]
        self._add(self._known[name], fresh)
        return len(keys) - len(fresh)

    @staticmethod
    def _add(known: list[_Hashes], fresh: _Hashes) -> None:
        """Smaller pieces are put together as they come, so that there never are many."""
        known.append(fresh)
        while len(known) > 1 and known[-2].size <= 2 * known[-1].size:
            last = known.pop()
            known[-1] = np.sort(np.concatenate([known[-1], last]))


def _is_in(some: _Hashes, known: _Hashes) -> npt.NDArray[np.bool_]:
    if not known.size:
        return np.zeros(some.size, dtype=np.bool_)
    at = np.minimum(np.searchsorted(known, some), known.size - 1)
    found: npt.NDArray[np.bool_] = known[at] == some
    return found
