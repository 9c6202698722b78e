"""Quality of rules, gangs, mules and roles on worlds with known truth: `python -m bench.quality --seeds 105`.

Seeds 1 to 5, 101 to 108 and 117 to 146 were looked at while rules and weights were tuned; figures that are
reported come from others. `--keep DIR` keeps each world's figures, so that a run broken off goes on where it
stopped.
"""

import argparse
import hashlib
import json
import tempfile
from pathlib import Path

from bench.clock import CHECKOUT, machine
from bench.quality_rules import not_run
from bench.quality_tables import as_record, from_record, rules_table, whole_table
from bench.quality_world import WorldFigures, measure
from bench.worlds import done, made_world
from detect.rule import QUERIES

_STAGES = ("graph", "simulate", "ingest", "funds", "detect")
TUNING_SEEDS = frozenset({1, 2, 3, 4, 5, *range(101, 109), *range(117, 147)})


def main() -> None:
    """Print for each noise level a line for every rule, and gangs, mules and roles beside the floors."""
    given = _parser().parse_args()
    print(machine())
    tuned = sorted(TUNING_SEEDS & set(given.seeds))
    if tuned:
        print(f"Used for tuning, so not to be reported: seeds {', '.join(map(str, tuned))}.")
    print(f"Not run by detection, so without a line: {', '.join(not_run()) or 'none'}.")
    for noise in given.noise:
        worlds = {seed: _world(given, noise, seed) for seed in sorted(set(given.seeds))}
        print(f"\n{noise} noise, {given.accounts} accounts, seeds {' '.join(map(str, worlds))}\n")
        print(rules_table(list(worlds.values())) + "\n")
        print(whole_table(worlds), flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[105])
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--noise", nargs="+", default=["MID"], choices=["LOW", "MID", "HIGH"])
    parser.add_argument("--engine", default="embedded")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep figures here, and use those kept")
    parser.add_argument("--worlds", type=Path, metavar="DIR", help="keep simulated worlds, loaded, for reuse")
    return parser


def _world(given: argparse.Namespace, noise: str, seed: int) -> WorldFigures:
    """Figures of one world, from `--keep` when they are of the same rules and code, else measured."""
    name = f"{given.engine}_{given.accounts}_{noise}_{seed}_{_state()}.json"
    kept: Path | None = given.keep / name if given.keep else None
    if kept is not None and kept.exists():
        return from_record(json.loads(kept.read_text(encoding="utf-8")))
    if given.worlds:
        figures = _measured(given, noise, seed, given.worlds / f"{given.accounts}_{noise}_{seed}")
    else:
        with tempfile.TemporaryDirectory() as folder:
            figures = _measured(given, noise, seed, Path(folder))
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(as_record(figures)), encoding="utf-8")
    return figures


def _measured(given: argparse.Namespace, noise: str, seed: int, place: Path) -> WorldFigures:
    """Figures of the world in a folder, which is made there unless it stands whole already."""
    world = made_world(place, given.accounts, seed, noise)
    done("detect", "--lake", str(world.lake), "--engine", given.engine)
    return measure(world.lake, world.truth)


def _state() -> str:
    """Short name of the rules, weights and code that figures depend on, as they are now."""
    files = list(QUERIES.rglob("*.yml"))
    files += [path for stage in _STAGES for path in (CHECKOUT / stage).rglob("*.py")]
    files += (CHECKOUT / "bench").glob("quality*.py")
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sorted(files))).hexdigest()[:8]


if __name__ == "__main__":
    main()
