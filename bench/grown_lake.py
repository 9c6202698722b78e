"""A larger lake out of a loaded one: its worlds copied, linked by some payments, with one hub.

    python -m bench.grown_lake --from LAKE --to FOLDER --copies 10

Copies alone would share nothing, and a search for a way would end at the rim of one. So one payment in fifty
goes to an account drawn from all copies, and the hub gets payments from 50,000 accounts. Loading so many rows
is measured by `bench.few`; here the tables are written by the lake's own writer, one at a time.
"""

import argparse
import random
import sys
from datetime import timedelta
from pathlib import Path

import polars as pl

from graph.lake.digest import table_sums
from graph.lake.folders import new_folder
from graph.lake.home import LakeHome, lake_home
from graph.lake.shape import checked
from graph.lake.tables import LakeTables, open_tables, put_in_force, tables_of
from graph.schema.catalog import table_columns

HUB = "6222999900000050000"
_HUB_PAYERS = 50_000
_LINKED_EVERY = 50
# What names a thing or joins rows; texts that only describe stay, and so do sources: no file is read here.
_NAMES = frozenset(
    "key from_key to_key event_key phone reserved_phone number imsi iccid from_imsi device from_device"
    " to_device from_cell to_cell ip mac terminal merchant_no branch teller waybill_no customer_code"
    " case_number".split()
)


def grown(first: LakeHome, larger: LakeHome, copies: int, seed: int) -> LakeTables:
    """Write `copies` of the tables of `first` into `larger` and put them in force."""
    tables = open_tables(first)
    accounts = tables.frame("Account")["key"].sort().to_list()
    sums = {}
    with new_folder(larger.tables / f"grown-{copies}-{seed}") as writer:
        for name in (name for name, rows in tables.rows.items() if rows):
            frame = pl.concat([copied(tables.frame(name), n) for n in range(copies)])
            if name == "Account":
                frame = pl.concat([frame, _hub_account()])
            if name == "TRANSFER":
                frame = _linked(frame, accounts, copies, seed)
            ready = checked(name, frame).rechunk()
            sums[name] = table_sums(name, ready)
            writer.write(name, ready)
            print(f"{name}: {ready.height:,} rows", flush=True)
            del frame, ready
        part = writer.part()
    return put_in_force(larger, tables_of(larger.tables, sums, (part,), "grown"))


def copied(frame: pl.DataFrame, number: int) -> pl.DataFrame:
    """The rows under the names of copy `number`: a digit put into each long name, so that tails stay."""
    if not number:
        return frame
    names = [pl.col(column) for column in frame.columns if column in _NAMES]
    moved = [pl.col(column) + 3.0 * number for column in frame.columns if column == "lat"]
    return frame.with_columns([_renamed(name, number) for name in names] + moved)


def renamed(key: str, number: int) -> str:
    """What a key is called in copy `number`; as `copied` does it for columns."""
    if not number:
        return key
    return f"{key[:6]}{number}{key[6:]}" if len(key) > 8 else f"{key}~{number}"


def _renamed(name: pl.Expr, number: int) -> pl.Expr:
    inside = pl.concat_str(name.str.slice(0, 6), pl.lit(str(number)), name.str.slice(6))
    return pl.when(name.str.len_chars() > 8).then(inside).otherwise(pl.concat_str(name, pl.lit(f"~{number}")))


def _hub_account() -> pl.DataFrame:
    columns = table_columns("Account")
    row = {"key": HUB, "bank": "样例银行", "holder_name": "虚中枢", "source": "f" * 64, "row": 1}
    return pl.DataFrame([{column: row.get(column) for column in columns}], schema=columns)


def _linked(frame: pl.DataFrame, accounts: list[str], copies: int, seed: int) -> pl.DataFrame:
    """One payment in fifty to an account of any copy, and payments of 50,000 accounts to the hub."""
    draw = random.Random(seed)
    rows = sorted(draw.sample(range(frame.height), frame.height // _LINKED_EVERY))
    ends = [renamed(draw.choice(accounts), draw.randrange(copies)) for _ in rows]
    moved = pl.DataFrame({"place": rows, "end": ends}, schema={"place": pl.UInt32, "end": pl.String})
    frame = (
        frame.with_row_index("place")
        .join(moved, on="place", how="left", maintain_order="left")
        .with_columns(pl.coalesce("end", "to_key").alias("to_key"))
        .drop("place", "end")
    )
    every = [renamed(key, copy) for copy in range(copies) for key in accounts]
    payers = draw.sample(every, min(_HUB_PAYERS, len(every)))
    pattern = frame.head(len(payers))
    start = pattern["at"].min()
    hub = pattern.with_columns(
        pl.Series("from_key", payers[: pattern.height]),
        pl.lit(HUB).alias("to_key"),
        pl.concat_str(pl.lit("hub:"), pl.int_range(pl.len()).cast(pl.String)).alias("event_key"),
        (pl.lit(start) + pl.int_range(pl.len()) * timedelta(minutes=1)).cast(frame.schema["at"]).alias("at"),
        pl.Series("amount_fen", [draw.randrange(1_00, 50_000_00) for _ in range(pattern.height)]),
    )
    return pl.concat([frame, hub.select(frame.columns)])


def main() -> int:
    """Write the lake and say how many transfers it holds."""
    parser = argparse.ArgumentParser(prog="python -m bench.grown_lake", description=__doc__)
    parser.add_argument("--from", dest="first", type=Path, required=True, help="a loaded home; only read")
    parser.add_argument("--to", type=Path, required=True, help="home of the larger lake")
    parser.add_argument("--copies", type=int, default=10)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    tables = grown(lake_home(given.first), lake_home(given.to), given.copies, given.seed)
    print(f"{tables.rows['TRANSFER']:,} transfers in the larger lake")
    return 0


if __name__ == "__main__":
    sys.exit(main())
