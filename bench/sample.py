"""Cost of simulate, ingest and detect on the sample: `python -m bench.sample [--accounts N] [--seed S]`."""

import argparse
import json
import tempfile
from pathlib import Path

from bench.clock import machine, run


def main() -> None:
    """Print one line a stage; a fresh folder each time, the code's caches as they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=101)
    parser.add_argument("--noise", default="MID")
    given = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        data, lake = Path(folder) / "data", Path(folder) / "lake"
        world = ["--accounts", str(given.accounts), "--seed", str(given.seed), "--noise", given.noise]
        made = run("-m", "simulate", "--out", str(data), *world, "--json")
        print(f"simulate {' '.join(world)}: {made}")
        loaded = run("-m", "ingest", str(data), "--lake", str(lake), "--json")
        print(f"ingest: {loaded}")
        found = run("-m", "detect", "--lake", str(lake), "--json")
        print(f"detect: {found}")
        both = loaded.cpu_s + found.cpu_s
        print(f"ingest + detect: {both:.1f} CPU-s, {max(loaded.peak_mib, found.peak_mib):,.0f} MiB peak")
        again = run("-m", "ingest", str(data), "--lake", str(lake), "--json")
        print(f"ingest again (nothing new): {again}")
        stats = run("-m", "graph", "stats", "--lake", str(lake), "--json")
        print(json.dumps(json.loads(stats.output)))


if __name__ == "__main__":
    main()
