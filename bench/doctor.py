"""Mirror rows and balance gaps against what a world knows: `python -m bench.doctor --seeds 103 104`.

The world is played in this process, more rows are held back from its sheets than its banks lose anyway, and
what ingest makes of the files is compared with the books that the sheets were written from.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

from bench.clock import machine, run
from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import open_tables
from ingest.doctor import examine
from simulate.events import DONE
from simulate.ledger import IN, OUT
from simulate.play import Played, play, write
from simulate.settings import Settings, default_rings
from simulate.sheets import serial_text


def main() -> None:
    """Print one line of measures a seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[103])
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--noise", default="MID", choices=["LOW", "MID", "HIGH"])
    parser.add_argument("--removed", type=float, default=0.01, help="share of rows held back on purpose")
    given = parser.parse_args()
    print(machine())
    for seed in given.seeds:
        settings = Settings(given.accounts, default_rings(given.accounts), 90, seed, given.noise)
        played = play(settings, lambda _: None)
        held_back = np.random.default_rng(seed).random(len(played.ledger.event)) < given.removed
        played.ledger.written &= ~held_back
        with tempfile.TemporaryDirectory() as folder:
            data, lake = Path(folder) / "data", Path(folder) / "lake"
            data.mkdir()
            write(played, data, lambda _: None)
            run("-m", "ingest", str(data), "--lake", str(lake), "--json")
            home = lake_home(lake)
            print(f"seed {seed}: {mirror_measures(played, home)}")
            print(f"seed {seed}: {gap_measures(played, home)}")


def mirror_measures(played: Played, home: LakeHome) -> dict[str, float]:
    """Pairs of rows merged into one transfer, against the pairs of rows that the books made of one event.

    Events that were taken back leave the graph, so only those that stood count.
    """
    true = true_mirrors(played)
    found = (
        open_tables(home)
        .scan("TRANSFER")
        .filter(pl.col("other_source").is_not_null() & pl.col("serial").is_not_null())
        .select(out="serial", into="to_serial")
        .collect()
    )
    both = found.join(true, on=["out", "into"]).height
    return {
        "pairs": true.height,
        "merged": found.height,
        "mirror_precision": round(both / found.height, 5),
        "mirror_recall": round(both / true.height, 5),
    }


def true_mirrors(played: Played) -> pl.DataFrame:
    """out, into: the two banks' serials of each event that both delivered."""
    ledger = played.ledger
    serials = serial_text(ledger.bank, ledger.serial)
    rows = pl.DataFrame({"event": ledger.event, "side": ledger.side, "serial": serials}).filter(
        pl.Series(ledger.written & (played.events.state[ledger.event] == DONE))
    )
    out = rows.filter(pl.col("side") == OUT).select("event", out="serial")
    return out.join(rows.filter(pl.col("side") == IN).select("event", into="serial"), on="event")


def gap_measures(played: Played, home: LakeHome) -> dict[str, float]:
    """Broken links that the doctor reports, against runs of missing rows with a delivered row on both sides.

    A run whose amounts sum to nothing leaves no trace in a balance and is counted apart.
    """
    true = true_gaps(played)
    seen = true.filter(pl.col("missing_fen") != 0)
    reported = examine(home).gaps.select("ledger", "missing_fen", from_us=_us("from_at"), to_us=_us("to_at"))
    near = (
        seen.with_row_index("gap")
        .join(reported.with_row_index("report"), on="ledger", suffix="_said")
        .filter((pl.col("from_us") <= pl.col("to_us_said")) & (pl.col("to_us") >= pl.col("from_us_said")))
    )
    exact = near.filter(pl.col("missing_fen") == pl.col("missing_fen_said"))
    accounts = np.unique(played.ledger.account).size
    false = reported.height - near["report"].n_unique()
    return {
        "gaps": seen.height,
        "sum_to_nothing": true.height - seen.height,
        "reported": reported.height,
        "gap_recall": round(near["gap"].n_unique() / seen.height, 5),
        "with_exact_amount": round(exact["gap"].n_unique() / seen.height, 5),
        "false_alarms": false,
        "false_alarms_an_account": round(false / accounts, 6),
    }


def _us(column: str) -> pl.Expr:
    return pl.col(column).dt.timestamp("us")


def true_gaps(played: Played) -> pl.DataFrame:
    """ledger, missing_fen, from_us, to_us: each run of undelivered rows between two delivered ones."""
    book = played.ledger
    order = np.lexsort((book.serial, book.at, book.account))
    rows = pl.DataFrame(
        {
            "account": book.account[order],
            "at": book.at[order],
            "delta": book.delta_fen[order],
            "written": book.written[order],
        }
    )
    rows = rows.with_columns(
        run=(pl.col("written") != pl.col("written").shift(1)).fill_null(True).cum_sum().over("account"),
        before=pl.when(pl.col("written")).then("at").forward_fill().over("account"),
        after=pl.when(pl.col("written")).then("at").backward_fill().over("account"),
    )
    gaps = (
        rows.filter(~pl.col("written") & pl.col("before").is_not_null() & pl.col("after").is_not_null())
        .group_by("account", "run", maintain_order=True)
        .agg(pl.col("delta").sum(), pl.col("before").first(), pl.col("after").first())
    )
    utc = pl.col("before", "after") - 8 * 3600
    return gaps.with_columns(utc * 1_000_000).select(
        ledger=pl.Series(played.world.accounts.numbers).gather(gaps["account"]),
        missing_fen="delta",
        from_us="before",
        to_us="after",
    )


if __name__ == "__main__":
    main()
