"""Where the victims' money of an invented world truly lay at every instant, told while it is played again."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl

from bench.clock import run
from graph.lake.home import lake_home
from graph.lake.tables import LakeTables, open_tables
from simulate.clock import ZONE_OFFSET_S
from simulate.ledger import OUT, Ledger
from simulate.play import Played, play, write
from simulate.settings import Settings, default_rings
from simulate.tracing import OWN, Tracer, follow, losses_of

_CHANGE_COLUMNS: dict[str, pl.DataType] = {
    "victim": pl.Int64(),
    "account": pl.Int64(),
    "at": pl.Int64(),
    "fen": pl.Int64(),
}


class _Watch(Tracer):
    """The simulator's own tracer (first in, first out) that also writes down what lies where, row by row."""

    def __init__(self, losses: dict[int, int]) -> None:
        super().__init__(losses)
        self.changes: list[tuple[int, int, int, int]] = []  # victim, account, event, fen

    def debit(self, event: int, account: int, amount: int, case: int) -> None:
        """Also tell what of the victims' money goes off."""
        before = self._lying(account)
        super().debit(event, account, amount, case)
        self._tell(event, account, before)

    def credit(self, event: int, payer: int, account: int, amount: int, before: int, at: int) -> None:
        """Also tell what of it comes."""
        lying = self._lying(account)
        super().credit(event, payer, account, amount, before, at)
        self._tell(event, account, lying)

    def _lying(self, account: int) -> dict[int, int]:
        sums: dict[int, int] = {}
        for owner, fen in self.layers.get(account, ()):
            if owner != OWN:
                sums[owner] = sums.get(owner, 0) + fen
        return sums

    def _tell(self, event: int, account: int, before: dict[int, int]) -> None:
        after = self._lying(account)
        for owner in sorted({*before, *after}):
            change = after.get(owner, 0) - before.get(owner, 0)
            if change:
                self.changes.append((owner, account, event, change))


@dataclass(frozen=True)
class World:
    """A loaded world. changes: account, at (UTC), fen: victims' money that came or (below zero) went."""

    tables: LakeTables
    changes: pl.DataFrame

    def stakes(self, at: datetime, until: datetime) -> pl.DataFrame:
        """account, there_fen at the instant `at`, lost_fen: what of it has left by `until`; there_fen > 0.

        The oldest money leaves first, so whatever of victims' money leaves behind `at` is what was there, up
        to all of it. What comes later is no part of it.
        """
        there = self.changes.filter(pl.col("at") <= at).group_by("account").agg(there_fen=pl.col("fen").sum())
        gone = (
            self.changes.filter((pl.col("at") > at) & (pl.col("at") <= until) & (pl.col("fen") < 0))
            .group_by("account")
            .agg(gone=-pl.col("fen").sum())
        )
        return (
            there.filter(pl.col("there_fen") > 0)
            .join(gone, on="account", how="left")
            .select(
                "account", "there_fen", lost_fen=pl.min_horizontal("there_fen", pl.col("gone").fill_null(0))
            )
            .sort("account")
        )


def made(folder: Path, seed: int, accounts: int, noise: str) -> World:
    """A world of this seed in an empty folder, loaded into a lake; SystemExit when loading fails."""
    played = play(Settings(accounts=accounts, rings=default_rings(accounts), seed=seed, level=noise), _quiet)
    data = folder / "data"
    data.mkdir(parents=True)
    write(played, data, _quiet)
    if run("-m", "ingest", str(data), "--lake", str(folder / "lake"), "--json").exit_code:
        raise SystemExit(f"`python -m ingest` failed (seed {seed}).")
    return World(open_tables(lake_home(folder / "lake")), changes_of(played))


def changes_of(played: Played) -> pl.DataFrame:
    """`World.changes` of a world, its rows undamaged: also those that no sheet delivered."""
    watch = _Watch(losses_of(played.events))
    follow(watch, played.events, played.ledger)
    out, into = _times(played.ledger, len(played.events))
    told = np.array(watch.changes, dtype=np.int64).reshape(-1, 4)
    at = np.where(told[:, 3] < 0, out[told[:, 2]], into[told[:, 2]])
    micros = pl.Series((at - ZONE_OFFSET_S) * 1_000_000).cast(pl.Datetime("us", "UTC"))
    numbers = played.world.accounts.numbers.gather(told[:, 1])
    return pl.DataFrame({"account": numbers, "at": micros, "fen": told[:, 3]}).sort("at", maintain_order=True)


def _times(ledger: Ledger, events: int) -> tuple[np.ndarray, np.ndarray]:
    """Local second of each event's debit and credit row, -1 without."""
    out, into = (np.full(events, -1, dtype=np.int64) for _ in range(2))
    side = ledger.side == OUT
    out[ledger.event[side]], into[ledger.event[~side]] = ledger.at[side], ledger.at[~side]
    return out, into


def _quiet(name: str) -> None:
    del name
