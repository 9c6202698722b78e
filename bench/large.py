"""How `detect` grows with the lake: `python -m bench.large --accounts 100000 --copies 5`.

A simulated world is loaded and detected on; then its tables are copied with other keys and sources, so that
the larger lake holds as many worlds side by side that share nothing. Real lakes hang together more. Loading
so many rows is measured by `bench.few`; here it would take longer than what is asked.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import polars as pl

from bench.clock import Cost, machine, run
from bench.worlds import made_world
from graph.lake.home import LakeHome
from graph.lake.tables import LakeTables, open_tables, write_tables

# What names a thing or joins rows; texts that only describe stay.
_NAMES = frozenset(
    "key from_key to_key event_key source other_source address employer phone reserved_phone number imsi"
    " iccid from_imsi device from_device to_device from_cell to_cell ip mac terminal merchant_no branch"
    " teller waybill_no customer_code case_number document".split()
)


def main() -> int:
    """Print both costs and their ratio; 1 when a step failed."""
    parser = argparse.ArgumentParser(prog="python -m bench.large", description=__doc__)
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--copies", type=int, default=5)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--lake", type=Path, help="a loaded home in place of a new world; it is only read")
    given = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        first = LakeHome(Path(folder) / "first")
        write_tables(first, copied(open_tables(_world(given, Path(folder))), 1))
        small = _detect(first)
        larger = LakeHome(Path(folder) / "larger")
        write_tables(larger, copied(open_tables(first), given.copies))
        large = _detect(larger)
    print(f"{given.copies} times the rows cost {large.cpu_s / small.cpu_s:.2f} times the CPU-s")
    return max(small.exit_code, large.exit_code)


def copied(tables: LakeTables, copies: int) -> dict[str, pl.DataFrame]:
    """Every table, `copies` times, each copy with names of its own."""
    frames = {}
    for name, rows in tables.rows.items():
        if rows:
            frame = tables.frame(name)
            frames[name] = pl.concat([_copy(frame, n) for n in range(copies)])
    return frames


def _copy(frame: pl.DataFrame, number: int) -> pl.DataFrame:
    """The rows with the names of this copy; cells lie elsewhere, else phones of two copies would meet."""
    if not number:
        return frame
    named = pl.col([column for column in frame.columns if column in _NAMES]) + f"~{number}"
    moved = pl.col([column for column in frame.columns if column == "lat"]) + 3.0 * number
    return frame.with_columns(named, moved)


def _world(given: argparse.Namespace, folder: Path) -> LakeHome:
    """The loaded home that was named, or a new one."""
    if given.lake:
        return LakeHome(given.lake.resolve())
    return LakeHome(made_world(folder, given.accounts, given.seed, "MID").lake)


def _detect(home: LakeHome) -> Cost:
    cost = run("-m", "detect", "--anew", "--lake", str(home.root))
    print(
        f"{open_tables(home).rows['TRANSFER']:,} transfers: {cost}; {cost.output.splitlines()[0]}", flush=True
    )
    return cost


if __name__ == "__main__":
    sys.exit(main())
