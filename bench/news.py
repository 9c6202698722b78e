"""The findings of a new sheet: `python -m bench.news --accounts 100000`.

Of a simulated world one bank sheet is held back: some accounts of one bank, about 10,000 rows. Detection runs
over all else, the sheet is loaded, and `detect new` says what it brings; its findings are held against those
of all rules over all rows. Each figure is the whole command, in CPU seconds of all its processes.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from bench.clock import machine, run
from bench.few import hold_back
from bench.worlds import simulated
from detect.pipeline import stored_run
from detect.rule import load_rules
from detect.run import run_rules
from graph.lake.home import LakeHome
from graph.lake.tables import open_tables


def main() -> int:
    """Print what each step costs; 1 when the findings differ."""
    parser = argparse.ArgumentParser(prog="python -m bench.news", description=__doc__)
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--sheet", type=int, default=10_000, help="rows of the new sheet")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        return measure(Path(folder), given.accounts, given.sheet, given.seed)


def measure(folder: Path, accounts: int, sheet: int, seed: int) -> int:
    """As `main`, of one world."""
    data, home = folder / "data", LakeHome(folder / "lake")
    simulated(data, accounts, seed, "MID")
    (new,) = hold_back(data, sheet, 1)
    lake = ("--lake", str(home.root))
    run("-m", "ingest", str(data), *lake)
    whole = run("-m", "detect", "--json", *lake)
    loaded = run("-m", "ingest", str(new), *lake, "--json")
    rows = json.loads(loaded.output)["files"][0]["rows_in"]
    found = run("-m", "detect", "new", "--json", *lake)
    said = json.loads(found.output)
    print(f"all of `detect`, {open_tables(home).rows['TRANSFER']:,} transfers: {whole}")
    print(f"loading {rows:,} rows: {loaded}")
    counts = ", ".join(f"{len(said[name])} {name}" for name in ("new", "other", "gone"))
    print(f"`detect new`: {found}; {counts}", flush=True)
    return compare(home)


def compare(home: LakeHome) -> int:
    """Print what the rules cost from the stored run on, and over all rows; 1 when the findings differ."""
    tables, rules = open_tables(home), load_rules()
    anew = run_rules(tables, rules)
    onward = run_rules(tables, rules, earlier=stored_run(home, tables))
    same = (onward.findings, onward.truncated) == (anew.findings, anew.truncated)
    for name, one in (("from the stored run on", onward), ("over all rows", anew)):
        most = sorted(one.cpu_seconds.items(), key=lambda item: -item[1])[:8]
        total = sum(one.cpu_seconds.values())
        print(f"rules {name}: {total:.1f} CPU-s; " + ", ".join(f"{rule} {cpu:.1f}" for rule, cpu in most))
    print(f"{len(anew.findings):,} findings, {'the same' if same else 'NOT THE SAME'} both ways")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
