"""Our algorithms and pattern kernels beside their peers: `python -m bench.speed --transfers 1000000`.

Every library runs in a process of its own, in turn with the others, on one invented graph
(`bench/speed_graph.py`). Stated are the fewest CPU seconds of the algorithm alone over all rounds, on one
thread and, where a contender can, on as many as it chooses. Reading the graph, and building the peers' own
graphs, is left out; what ours builds is not. Answers are compared with ours.
"""

import argparse
import json
import os
import select
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bench.clock import CHECKOUT, machine
from bench.speed_engines import modularity
from bench.speed_graph import EACH, Transfers, make, save
from bench.speed_run import HOPS, OURS, TASKS, THREADED

_ALONE = {"OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_NEAR = 1e-6
"""Rankings are taken as equal when their differences add up to less."""
# Which peer each target names, and how many times ours it must cost at least.
TARGETS: dict[str, tuple[tuple[str, float], ...]] = {
    **dict.fromkeys(
        ("components", "strong", "pagerank"), (("igraph", 1.0), ("networkit", 1.0), ("networkx", 50.0))
    ),
    "leiden": (("igraph", 1 / 1.1),),
    "cycles": (("snapml temp-cycle", 10.0),),
    "suite": (("snapml", 3.0),),
}


class Try(NamedTuple):
    """A contender and whether it chooses its threads itself."""

    name: str
    own_threads: bool

    @property
    def library(self) -> str:
        """The first word of its name."""
        return self.name.split()[0].rstrip(",")

    def __str__(self) -> str:
        return f"{self.name}, own threads" if self.own_threads else self.name


def main() -> None:
    """Print a table for each seed and task."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transfers", type=int, default=1_000_000)
    parser.add_argument("--each", type=int, default=EACH, help="transfers an account")
    parser.add_argument("--seeds", type=int, nargs="+", default=[109])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=3_600, help="wall seconds a run may take")
    parser.add_argument("--alone", action="store_true", help="leave out runs on threads of their own choice")
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=list(TASKS))
    given = parser.parse_args()
    print(machine())
    for seed in given.seeds:
        graph = make(given.transfers, seed, given.each)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "graph.npz"
            save(graph, path)
            print(f"seed {seed}: {len(graph.at):,} transfers, {graph.accounts:,} accounts", flush=True)
            with Contenders(path, given.limit) as contenders:
                for task in given.tasks:
                    measure(task, graph, contenders, given.rounds, given.alone)


class Contenders:
    """One process a library, one more where it chooses its threads itself; all end with the block."""

    def __init__(self, graph: Path, limit: float) -> None:
        """Nothing is started before it is asked; limit: wall seconds of one run with what it prepares."""
        self.graph = graph
        self.limit = limit
        self.started: dict[tuple[str, bool], subprocess.Popen[str]] = {}
        self.all = ExitStack()

    def __enter__(self) -> "Contenders":
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """A process ends when nothing more is asked of it."""
        self.all.close()

    def ask(self, task: str, each: Try) -> tuple[dict[str, float], np.ndarray] | None:
        """One run of a contender: its cost and its answer; None when it did not end within the limit."""
        answer = self.graph.with_name("answer.npy")
        process = self._process(each)
        assert process.stdin and process.stdout  # noqa: S101  both are pipes
        process.stdin.write(f"{task}\t{each.name}\t{answer}\n")
        process.stdin.flush()
        if not select.select([process.stdout], [], [], self.limit)[0]:
            process.kill()
            del self.started[(each.library, each.own_threads)]
            return None
        line = process.stdout.readline()
        if not line:
            raise SystemExit(f"{each} did not finish {task}.")
        cost: dict[str, float] = json.loads(line)
        return cost, np.load(answer)

    def _process(self, each: Try) -> "subprocess.Popen[str]":
        key = (each.library, each.own_threads)
        if key not in self.started:
            more = ("--own-threads",) if each.own_threads else ()
            self.started[key] = process = subprocess.Popen(
                [sys.executable, "-m", "bench.speed_run", str(self.graph), *more],
                cwd=CHECKOUT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=os.environ | ({} if each.own_threads else _ALONE),
            )
            self.all.enter_context(process)
        return self.started[key]


def measure(task: str, graph: Transfers, contenders: Contenders, rounds: int, alone: bool) -> None:
    """Run all contenders of a task `rounds` times in turn and print what the best of each cost.

    alone: only on one thread. Whoever does not end within the limit once is not asked again, and said.
    """
    tries = [Try(name, False) for name in TASKS[task]]
    tries += [Try(each.name, True) for each in tries if each.library in THREADED and not alone]
    costs: dict[Try, list[dict[str, float]]] = {each: [] for each in tries}
    answers: dict[Try, list[np.ndarray]] = {each: [] for each in tries}
    for _ in range(rounds):
        for each in list(tries):
            ran = contenders.ask(task, each)
            if ran is None:
                print(f"\n{each} did not finish {task} in {contenders.limit:.0f} s wall.", flush=True)
                tries.remove(each)
                continue
            cost, answer = ran
            costs[each].append(cost)
            answers[each].append(answer)
            del answers[each][1 : -1 if each == tries[0] else None]
    best = {each: min(cost["cpu_s"] for cost in costs[each]) for each in tries}
    load = os.getloadavg()[0]
    print(f"\n{task}, best of {rounds}, load average {load:.0f}", flush=True)
    ours = tries[0]
    for each in tries:
        wall = min(cost["wall_s"] for cost in costs[each])
        rate = f"; {len(graph.at) / best[each]:,.0f} transfers a CPU-s" if task in ("cycles", "suite") else ""
        said = compared(task, graph, answers[ours][0], answers[each][0], each)
        line = f"{best[each]:.3f} CPU-s, {best[each] / best[ours]:.2f} times ours, {wall:.3f} s wall{rate}"
        print(f"  {each}: {line}; {said}")
    steady = all(np.array_equal(answers[ours][0], answer) for answer in answers[ours])
    print(f"  ours again: {'the same bytes' if steady else 'ANOTHER ANSWER'}")
    for name, wanted in TARGETS[task]:
        if Try(name, False) not in best:
            print(f"  target {wanted:.2f} times of {name}: it did not finish, no ratio", flush=True)
            continue
        ratio = best[Try(name, False)] / best[ours]
        state = "reached" if ratio >= wanted else "MISSED"
        print(f"  target {wanted:.2f} times of {name}: {ratio:.2f}, {state}", flush=True)


def compared(task: str, graph: Transfers, ours: np.ndarray, theirs: np.ndarray, each: Try) -> str:
    """One sentence on how an answer stands to ours."""
    if task == "pagerank":
        apart = float(np.abs(ours - theirs).sum())
        return f"differences add up to {apart:.1e}, {'equal' if apart < _NEAR else 'DIFFERENT'}"
    if task == "leiden":
        return f"modularity {modularity(graph, theirs):.6f}, {int(theirs.max()) + 1} communities"
    if task == "suite" or each.name.endswith(("F10", "lc-cycle")):
        rules = each.name.startswith(OURS)
        found = (
            f"hits of each rule {theirs.tolist()}"
            if rules
            else f"patterns over all rows {int(theirs.sum()):,}"
        )
        return f"{found}; another definition, not compared"
    if task == "cycles":
        width = min(HOPS - 1, theirs.shape[1])
        apart = int((ours[:, :width] != theirs[:, :width]).any(axis=1).sum())
        more = int(theirs[:, width:].sum())
        return (
            f"by hops from 2 {theirs.sum(axis=0).tolist()}, to {HOPS} hops "
            f"{'equal' if not apart else f'{apart} transfers DIFFERENT'}, {more} beyond"
        )
    apart = int((ours != theirs).sum())
    return f"{int(theirs.max()) + 1} groups, {'equal' if not apart else f'{apart} nodes DIFFERENT'}"


if __name__ == "__main__":
    main()
