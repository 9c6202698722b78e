"""Traced money against the truth of invented worlds, and its cost: `python -m bench.tracing [truth|cost]`.

truth: for each seed a world as it is, and the same world with 1 % of the sheets' rows taken out. Stated are
how many of the truth's (case, account) amounts fifo gives to the fen, over all and over accounts all of whose
incoming rows are in the lake, and how many lie inside the interval. Claims are the payments that reports tell
of, and the truth's own (a victim's small test payments are in the truth, but in no report).
cost: CPU seconds and peak memory of all methods for all victims of a large lake, and one victim's trace.
"""

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from bench.clock import machine, run
from funds.claims import Claims, claims_of, reported_claims, reported_payments
from funds.comparison import Comparison, compare
from funds.ledgers import Ledgers, load_ledgers
from funds.methods import METHODS, trace_by
from funds.tracing import Trace
from graph.lake.home import lake_home
from graph.lake.tables import LakeTables, open_tables
from simulate.play import play, write
from simulate.settings import Settings, default_rings

_EACH = 40


def main() -> None:
    """Print the machine, then a table of truth or the lines of cost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", nargs="?", choices=["truth", "cost"], default="truth")
    parser.add_argument("--seeds", type=int, nargs="+", default=[117, 118])
    parser.add_argument("--accounts", type=int, default=5_000)
    parser.add_argument("--noise", default="MID")
    parser.add_argument("--missing", type=float, nargs="+", default=[0.0, 0.01], help="shares taken out")
    parser.add_argument("--lake", type=Path, help="for cost: a lake that is there; none: one is made")
    given = parser.parse_args()
    print(f"{machine()}; load average {os.getloadavg()[0]:.1f}")
    if given.what == "cost":
        cost(given.lake, given.seeds[0], given.accounts, given.noise)
        return
    print("| seed | rows out | claims | n | exact | inside | complete | exact | inside |")
    for seed in given.seeds:
        for share in given.missing:
            with tempfile.TemporaryDirectory() as folder:
                _truth(Path(folder), seed, share, given.accounts, given.noise)


def _made(folder: Path, seed: int, share: float, accounts: int, noise: str) -> Path:
    """A lake of a world, `share` of the rows of its bank sheets never delivered; truth lies beside it."""
    settings = Settings(accounts=accounts, rings=default_rings(accounts), seed=seed, level=noise)
    played = play(settings, lambda _: None)
    dice = np.random.default_rng([seed, 77])
    played.ledger.written &= dice.random(len(played.ledger.written)) >= share
    data = folder / "data"
    data.mkdir()
    write(played, data, lambda _: None)
    if run("-m", "ingest", str(data), "--lake", str(folder / "lake"), "--json").exit_code:
        raise SystemExit(f"`python -m ingest` failed (seed {seed}).")
    return folder / "lake"


def _truth(folder: Path, seed: int, share: float, accounts: int, noise: str) -> None:
    tables = open_tables(lake_home(_made(folder, seed, share, accounts, noise)))
    truth = folder / "data" / "truth"
    ledgers = load_ledgers(tables)
    both = {"reported": reported_claims(tables, ledgers), "true": true_claims(tables, ledgers, truth)}
    for name, claims in both.items():
        table = beside(truth, ledgers, claims, compare(ledgers, claims, ()))
        whole = table.filter("complete")
        cells = [seed, f"{share:.0%}", name, table.height, *_shares(table, "exact")]
        cells += [
            *_shares(table, "inside"),
            whole.height,
            *_shares(whole, "exact"),
            *_shares(whole, "inside"),
        ]
        print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def _shares(table: pl.DataFrame, column: str) -> list[str]:
    hits = int(table[column].sum())
    return [f"{hits} ({hits / max(1, table.height):.1%})"]


def beside(truth: Path, ledgers: Ledgers, claims: Claims, found: Comparison) -> pl.DataFrame:
    """The truth's and our amounts of a case at an account, and whether they are exact, inside, complete.

    One row for each that the truth or fifo has above zero; what one of the two lacks counts as zero. A victim
    our traces miss at an account had at most the unknown money there.
    """
    flows = pl.read_csv(truth / "flows.csv", schema_overrides={"account": pl.String}).drop("first_at")
    named = found.received.with_columns(
        victim_case=pl.Series(claims.victims, dtype=pl.String).gather(found.received["owner"] - 2),
        account=ledgers.accounts.gather(found.received["ledger"]),
    ).select("victim_case", "account", "fifo", "low", "high")
    most = pl.DataFrame(
        {"account": [ledgers.accounts[at] for at in found.unknown], "most": list(found.unknown.values())},
        schema={"account": pl.String, "most": pl.Int64},
    )
    lost = _lost(truth, ledgers)
    return (
        flows.join(named, on=["victim_case", "account"], how="full", coalesce=True)
        .join(most, on="account", how="left")
        .with_columns(pl.coalesce("high", "most", 0).alias("high"))
        .with_columns(pl.col("received_fen", "fifo", "low").fill_null(0))
        .filter((pl.col("received_fen") > 0) | (pl.col("fifo") > 0))
        .with_columns(
            exact=pl.col("received_fen") == pl.col("fifo"),
            inside=pl.col("received_fen").is_between("low", "high"),
            complete=~pl.col("account").is_in(lost.implode()),
        )
        .sort("victim_case", "account")
    )


def _lost(truth: Path, ledgers: Ledgers) -> pl.Series:
    """Accounts that some incoming transfer of the truth lacks in the lake (row lost, payee masked)."""
    rows = ledgers.rows.filter(pl.col("payee").is_not_null())
    known = pl.concat(
        [rows.select(serial=column, account_to="payee") for column in ("out_serial", "in_serial")]
    ).drop_nulls()
    every = pl.read_csv(truth / "transfers.csv", infer_schema=False).select("serial", "account_to")
    return every.join(known, on=["serial", "account_to"], how="anti")["account_to"].unique()


def true_claims(tables: LakeTables, ledgers: Ledgers, truth: Path) -> Claims:
    """The payments that the truth counts as victims': of a case, out of an account its report names."""
    payers = reported_payments(tables).select(victim_case="case", account_from="named").drop_nulls().unique()
    every = pl.read_csv(truth / "transfers.csv", infer_schema=False)
    paid = every.join(payers, on=["victim_case", "account_from"])
    keys = [
        ledgers.rows.select("event_key", account_from="payer", serial=column).drop_nulls()
        for column in ("out_serial", "in_serial")
    ]
    found = pl.concat([paid.join(one, on=["serial", "account_from"]) for one in keys])
    named = found.select("event_key", "victim_case").unique().sort("event_key")
    return claims_of(ledgers, dict(named.iter_rows()))


def cost(lake: Path | None, seed: int, accounts: int, noise: str) -> None:
    """Print what loading, each method for all victims at once, and one victim at a time cost."""
    with tempfile.TemporaryDirectory() as folder:
        place = lake or _made(Path(folder), seed, 0.0, accounts, noise)
        tables = open_tables(lake_home(place))
        started = time.process_time()
        ledgers = load_ledgers(tables)
        claims = reported_claims(tables, ledgers)
        loaded = time.process_time() - started
        print(
            f"{ledgers.rows.height:,} movements, {len(ledgers.followed):,} ledgers, {len(claims.victims)} "
            f"victims; loading {loaded:.1f} CPU-s, {_peak():,.0f} MiB peak so far"
        )
        every = [_costs(ledgers, claims, method) for method in METHODS]
        whole = loaded + sum(every)
        print(f"all methods: {sum(every):.1f} CPU-s, with loading {whole:.1f}; {_peak():,.0f} MiB peak")
        _single(tables, ledgers, claims)


def _costs(ledgers: Ledgers, claims: Claims, method: str) -> float:
    """CPU seconds of all victims' trace with received, held and sinks; poison makes no sums."""
    started = time.process_time()
    traced = trace_by(ledgers, claims, method)
    if isinstance(traced, Trace):
        assert traced.unaccounted() == {}  # noqa: S101 - a benchmark states what it measured
        moves, sums = traced.moves.height, f"{traced.received.height:,} received sums"
    else:
        moves = sum(len(traced.carried_by(victim)) for victim in range(len(claims.victims)))
        sums = "sums made a victim at a time"
    spent = time.process_time() - started
    print(f"{method}: {spent:.2f} CPU-s, {moves:,} moves, {sums}, {_peak():,.0f} MiB peak so far")
    return spent


def _single(tables: LakeTables, ledgers: Ledgers, claims: Claims) -> None:
    dice = np.random.default_rng(1)
    cases = sorted(set(claims.victims))
    chosen = [cases[n] for n in dice.choice(len(cases), min(_EACH, len(cases)), replace=False)]
    for method in METHODS:
        waits = []
        for case in chosen:
            one = reported_claims(tables, ledgers, [case])
            started, cpu = time.perf_counter(), time.process_time()
            traced = trace_by(ledgers, one, method)
            _ = traced.received, traced.held, traced.sinks
            waits.append((time.perf_counter() - started, time.process_time() - cpu))
        (median, cpu_median), (p95, cpu_p95) = np.quantile(waits, [0.5, 0.95], axis=0) * 1_000
        print(
            f"one victim, {method}: median {median:.0f} ms, p95 {p95:.0f} ms wall; {cpu_median:.0f} and "
            f"{cpu_p95:.0f} ms CPU ({len(waits)} victims)"
        )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
