"""Bank sheets through ingest and through a plain pandas script: `python -m bench.ingest --rows 1000000`.

The world is simulated large enough for the wanted number of bank rows; CSV sheets only, so that both sides
read the same files. Ingest is the whole command: guarded parsing, cleaning, ledger, settling, tables.
"""

import argparse
import json
import shutil
import tempfile
from itertools import pairwise
from pathlib import Path

from bench.clock import Cost, machine, run

_ROWS_AN_ACCOUNT = 20.5  # of CSV bank sheets, at 90 days


def main() -> None:
    """Print the cost of both and their ratio, and how the cost grows from one size to the next."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-peer", action="store_true", help="leave the pandas script out")
    given = parser.parse_args()
    print(machine())
    costs: list[tuple[int, Cost]] = []
    for wanted in given.rows:
        with tempfile.TemporaryDirectory() as folder:
            sheets = make_sheets(Path(folder), wanted, given.seed)
            lake = Path(folder) / "lake"
            own = run("-m", "ingest", str(sheets), "--lake", str(lake), "--json")
            rows = sum(file["rows_in"] for file in json.loads(own.output)["files"])
            print(f"ingest, {rows:,} rows: {own}; {own.cpu_s / rows * 1e6:.1f} CPU-us a row", flush=True)
            costs.append((rows, own))
            if given.no_peer:
                continue
            peer = run("-m", "bench.plain_pandas", str(sheets), str(Path(folder) / "pandas"))
            print(f"pandas, same files: {peer}; {peer.output.strip()}")
            ratio = f"{peer.cpu_s / own.cpu_s:.2f} in CPU-s, {peer.wall_s / own.wall_s:.2f} in wall s"
            print(f"pandas / ingest: {ratio}", flush=True)
    for (fewer, small), (more, large) in pairwise(costs):
        print(f"{more / fewer:.1f} times the rows cost {large.cpu_s / small.cpu_s:.1f} times the CPU-s")


def make_sheets(folder: Path, wanted: int, seed: int) -> Path:
    """A folder of CSV bank sheets with about `wanted` rows."""
    data, sheets = folder / "data", folder / "sheets"
    accounts = max(1_000, round(wanted / _ROWS_AN_ACCOUNT))
    made = run(
        "-m", "simulate", "--out", str(data), "--accounts", str(accounts), "--seed", str(seed), "--json"
    )
    if made.exit_code:
        raise SystemExit("The simulation did not finish.")
    sheets.mkdir()
    for path in sorted(data.glob("bank_sheet*.csv")):
        path.rename(sheets / path.name)
    shutil.rmtree(data)
    return sheets


if __name__ == "__main__":
    main()
