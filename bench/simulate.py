"""Measures how hard the simulated world is for plain methods, and how fast it is written.

python -m bench.simulate floors [--accounts N] [--seeds 1 2 3] [--noise MID]
python -m bench.simulate speed  [--accounts 100000]
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from graspologic_native import leiden_csr
from sklearn.metrics import adjusted_rand_score

from simulate.events import DONE
from simulate.play import Played, play, write
from simulate.settings import Settings, default_rings


def summed(played: Played) -> sp.csr_matrix:
    """Symmetric matrix of yuan moved between each two accounts, whichever way."""
    events = played.events
    keep = (events.state == DONE) & (events.payer >= 0) & (events.payee >= 0) & (events.payer != events.payee)
    ends = (events.payer[keep], events.payee[keep])
    size = played.world.accounts.count
    one_way = sp.coo_matrix((events.amount_fen[keep] / 100.0, ends), shape=(size, size)).tocsr()
    both = (one_way + one_way.T).tocsr()
    both.sum_duplicates()
    both.sort_indices()
    return both


def leiden(graph: sp.csr_matrix, seed: int) -> np.ndarray:
    """Community of each account by seeded Leiden at resolution 1, two iterations."""
    parts = (graph.indptr.astype(np.int64), graph.indices.astype(np.int32), graph.data.astype(np.float64))
    _, found = leiden_csr(*parts, graph.shape[0], seed=seed, iterations=2)
    return np.array([found[node] for node in range(graph.shape[0])])


def floors(settings: Settings) -> dict[str, float]:
    """Agreement of Leiden with the rings, and precision of rankings for mules at k = number of mules.

    ari_members: over ring accounts only (kindest to Leiden). ari_all: over all accounts, those of
    nobody's ring
    together as one class. persons: over ring persons by the community of their ring account, else
    their main one.
    """
    played = play(settings, lambda _: None)
    graph = summed(played)
    found = leiden(graph, settings.seed)
    world, size = played.world, played.world.accounts.count
    ring, mule = np.full(size, -1), np.zeros(size, dtype=bool)
    person_of, person_ring = [], []
    for one in played.rings:
        cards = {card.holder: card.account for card in reversed(one.cards)}
        for card in one.cards:
            ring[card.account], mule[card.account] = one.index, True
        for person, _ in one.everyone():
            person_of.append(cards.get(person, int(world.main[person])))
            person_ring.append(one.index)
    count = int(mule.sum())
    turnover = np.asarray(graph.sum(axis=1)).ravel()
    degree = np.diff(graph.indptr)

    def precision(score: np.ndarray) -> float:
        return float(mule[np.lexsort((np.arange(size), -score))[:count]].mean())

    return {
        "seed": settings.seed,
        "transfers": int(((played.events.payer >= 0) & (played.events.payee >= 0)).sum()),
        "ring_transfers": int((played.events.ring >= 0).sum()),
        "mules": count,
        "mule_share": count / size,
        "ari_members": float(adjusted_rand_score(ring[mule], found[mule])),
        "ari_all": float(adjusted_rand_score(ring, found)),
        "ari_persons": float(adjusted_rand_score(person_ring, found[np.array(person_of)])),
        "turnover_precision": precision(turnover),
        "degree_precision": precision(degree),
    }


def speed(settings: Settings, folder: Path) -> dict[str, float]:
    """CPU seconds and peak memory of playing and writing one world."""
    folder.mkdir(parents=True, exist_ok=True)
    start = time.process_time()
    played = play(settings, lambda _: None)
    middle = time.process_time()
    made = write(played, folder, lambda _: None)
    end = time.process_time()
    return {
        "transfers": int(((played.events.payer >= 0) & (played.events.payee >= 0)).sum()),
        "rows": sum(rows for _, rows in made),
        "play_cpu_s": round(middle - start, 2),
        "write_cpu_s": round(end - middle, 2),
        "cpu_s": round(end - start, 2),
        "peak_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
    }


def main() -> int:
    """Run one measurement and print a JSON line for each result."""
    parser = argparse.ArgumentParser(prog="python -m bench.simulate")
    parser.add_argument("what", choices=["floors", "speed"])
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--noise", default="MID")
    given = parser.parse_args()
    for seed in given.seeds:
        settings = Settings(given.accounts, default_rings(given.accounts), 90, seed, given.noise)
        if given.what == "floors":
            print(json.dumps({k: round(v, 3) for k, v in floors(settings).items()}))
            continue
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(speed(settings, Path(folder) / f"seed-{seed}")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
