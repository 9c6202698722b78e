"""One contender of bench.speed in a process of its own: `python -m bench.speed_run GRAPH [--own-threads]`.

It is asked on standard input, a line `TASK<tab>NAME<tab>FILE` a run, and answers one JSON line each.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

from bench import speed_engines as engines
from bench import speed_patterns as patterns
from bench.speed_graph import read

OURS = "Duanlian"
HOPS = patterns.HOPS
TASKS: dict[str, dict[str, engines.Prepare]] = {
    **{
        task: {
            OURS: engines.ours(task),
            "igraph": engines.igraph(task),
            "networkit": engines.networkit(task),
            "networkx": engines.networkx(task),
            "rustworkx": engines.rustworkx(task),
        }
        for task in ("components", "strong", "pagerank")
    },
    "leiden": {OURS: engines.ours("leiden"), "igraph": engines.igraph("leiden")},
    "cycles": {
        OURS: patterns.counted(HOPS),
        f"{OURS} to 8 hops": patterns.counted(8),
        f"{OURS} rule F10": patterns.rules("F10"),
        "snapml temp-cycle": patterns.preprocessor("temp-cycle"),
        "snapml lc-cycle": patterns.preprocessor("lc-cycle"),
    },
    "suite": {
        OURS: patterns.rules(*patterns.SUITE),
        "snapml": patterns.preprocessor("fan", "degree", "scatter-gather", "temp-cycle", "lc-cycle"),
        "snapml, no lc-cycle": patterns.preprocessor("fan", "degree", "scatter-gather", "temp-cycle"),
    },
}
TASKS["components"]["networkit undirected"] = engines.networkit("undirected")
THREADED = ("networkit", "snapml")
"""Contenders, by the first word of their name, that choose several threads if nobody says how many."""


def main() -> None:
    """Answer CPU seconds (user and system, all threads) and wall seconds of the algorithm for each line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graph", type=Path)
    parser.add_argument("--own-threads", action="store_true")
    given = parser.parse_args()
    graph, kept = read(given.graph), engines.Kept()
    ready: dict[tuple[str, str], engines.Prepared] = {}
    for line in sys.stdin:
        task, name, file = line.rstrip("\n").split("\t")
        if (task, name) not in ready:
            ready = {(task, name): TASKS[task][name](graph, not given.own_threads, kept)}
        run, answer = ready[task, name]
        wall, cpu = time.monotonic(), time.process_time()
        found = run()
        cost = {"cpu_s": time.process_time() - cpu, "wall_s": time.monotonic() - wall}
        np.save(file, answer(found))
        print(json.dumps(cost), flush=True)


if __name__ == "__main__":
    main()
