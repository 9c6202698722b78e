"""Runs the benchmarks that docs/measured.md states, one after the other: `python -m bench [NAME ...]`."""

import argparse
import subprocess
import sys
import time

from bench.clock import CHECKOUT, machine

# What each one measures, and how it is called; docs/measured.md holds the last output of each.
BENCHES: dict[str, tuple[str, ...]] = {
    "sample": ("bench.sample", "--accounts", "20000", "--seed", "102", "--noise", "MID"),
    "quality": (
        *("bench.quality", "--accounts", "5000", "--noise", "MID", "HIGH"),
        *("--seeds", *map(str, range(137, 147))),
    ),
    "planted": ("bench.quality_planted", "--seeds", "109", "110", "111", "112"),
    "controllers": ("bench.quality_controllers", "--seeds", "109", "110", "111", "112"),
    "calibration": ("bench.calibration", "--seeds", "109", "110", "111"),
    "learned": ("bench.learned", "--seeds", "109", "110"),
    "changes": ("bench.quality_changes", "--seeds", "109", "110", "111", "112"),
    "neo4j": ("bench.neo4j_rebuild",),
    "simulate": ("bench.simulate", "speed", "--accounts", "100000", "--seeds", "1"),
    "ingest": ("bench.ingest", "--rows", "1000000"),
    "few": ("bench.few", "--rows", "1000000", "10000000"),
    "news": ("bench.news", "--accounts", "100000"),
    "increments": ("bench.increments", "--count", "60", "--seed", "11"),
    "hostile": ("bench.hostile",),
    "layouts": ("bench.layouts",),
    "doctor": ("bench.doctor", "--seeds", "103", "104"),
    "faults": ("bench.faults",),
    "large": ("bench.large",),
    "histories": ("bench.histories",),
    "resolve": ("bench.resolve",),
    "covert": ("bench.covert",),
    "amlsim": ("bench.amlsim_daily",),
    "graphalytics": ("bench.graphalytics", "--neo4j"),
    "tracing": ("bench.tracing", "truth", "--seeds", "117", "118", "119", "120"),
    "freeze": ("bench.freeze", "--seeds", *map(str, range(147, 157))),
    "ui": ("bench.ui", "canvas"),
    "overview": ("bench.ui", "overview"),
    "speed": ("bench.speed", "--transfers", "1000000", "--seeds", "109"),
}


def main() -> int:
    """Run the named benchmarks, all of them by default; 1 when one failed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of {', '.join(BENCHES)}")
    names = parser.parse_args().names or list(BENCHES)
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]}; there are {', '.join(BENCHES)}.")
    print(machine(), flush=True)
    failed = []
    for name in names:
        print(f"\n== {name}: python -m {' '.join(BENCHES[name])}", flush=True)
        started = time.monotonic()
        done = subprocess.run([sys.executable, "-m", *BENCHES[name]], cwd=CHECKOUT, check=False)
        print(f"== {name}: {time.monotonic() - started:.0f} s, exit code {done.returncode}", flush=True)
        if done.returncode:
            failed.append(name)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
