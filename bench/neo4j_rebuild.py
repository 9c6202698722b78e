"""Neo4j rebuilt from a lake of 1,000,000 relationships: `python -m bench.neo4j_rebuild`."""

import argparse
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

from bench.clock import machine, run
from graph.lake.home import lake_home
from graph.lake.tables import write_tables
from graph.schema.catalog import table_columns


def world(accounts: int, transfers: int, seed: int) -> dict[str, pl.DataFrame]:
    """Accounts and transfers between random ones of them, with the columns a real lake has."""
    random = np.random.default_rng(seed)
    keys = pl.Series([f"88{number:015d}" for number in range(accounts)])
    start = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
    at = pl.Series(start + random.integers(0, 90 * 86_400, transfers) * 1_000_000).cast(
        pl.Datetime("us", "UTC")
    )
    frame = pl.DataFrame(
        {
            "event_key": [f"t{number:020d}" for number in range(transfers)],
            "from_type": ["Account"] * transfers,
            "from_key": keys.gather(random.integers(0, accounts, transfers)),
            "to_type": ["Account"] * transfers,
            "to_key": keys.gather(random.integers(0, accounts, transfers)),
            "at": at,
            "amount_fen": random.integers(1, 10_000_000, transfers),
            "currency": ["CNY"] * transfers,
            "memo": ["转账"] * transfers,
            "serial": [f"JY{number:016d}" for number in range(transfers)],
            "source": ["f" * 64] * transfers,
            "row": range(transfers),
        }
    )
    return {
        "Account": _whole("Account", pl.DataFrame({"key": keys, "source": "f" * 64, "row": range(accounts)})),
        "TRANSFER": _whole("TRANSFER", frame),
    }


def _whole(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    columns = table_columns(name)
    missing = [pl.lit(None, dtype=t).alias(c) for c, t in columns.items() if c not in frame.columns]
    return frame.with_columns(missing).cast(dict(columns)).select(list(columns))


def main() -> None:
    """Print the cost of `graph neo4j sync --rebuild` and whether the digests agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=200_000)
    parser.add_argument("--transfers", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        home = lake_home(Path(folder))
        write_tables(home, world(given.accounts, given.transfers, given.seed))
        try:
            rebuilt = run("-m", "graph", "neo4j", "sync", "--rebuild", "--lake", folder, "--json")
            print(f"rebuild of {given.transfers:,} relationships: {rebuilt}")
            print(json.dumps(json.loads(rebuilt.output)))
        finally:
            run("-m", "graph", "neo4j", "stop", "--lake", folder)


if __name__ == "__main__":
    main()
