"""The learned score on invented decisions about worlds of known truth: `python -m bench.learned`.

Decisions are made up as police might make them: every mule account and four times as many others (two in
three with a finding, since those are looked at); a mule is decided 10 to 40 days after victims' money first
reached it, or, where none did, on any day of the last two thirds of the window, as the others are. All labels
are right.
"""

import argparse
import csv
import random
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from bench.clock import machine, run
from bench.worlds import made_world
from detect.learn.figures import Figures
from detect.learn.labels import read_labels
from detect.learn.train import Training, train
from detect.store import open_detection
from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import open_tables

_OTHERS = 4
_WITH_FINDING = 2 / 3


def main() -> None:
    """Print for each world and fold the figures of both scores."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[109])
    parser.add_argument("--noise", nargs="+", default=["MID"], choices=["LOW", "MID", "HIGH"])
    parser.add_argument("--accounts", type=int, default=3_000)
    given = parser.parse_args()
    print(machine())
    print("| noise | seed | test | learned from | n | mules | score | PR-AUC | at recall 0.8 | Brier |")
    for noise in given.noise:
        for seed in given.seeds:
            with tempfile.TemporaryDirectory() as folder:
                lake, _, truth = made_world(Path(folder), given.accounts, seed, noise)
                if run("-m", "detect", "--lake", str(lake)).exit_code:
                    raise SystemExit(f"`python -m detect` failed (seed {seed}).")
                home, labels = lake_home(lake), Path(folder) / "labels.csv"
                write_labels(home, truth, labels, seed)
                _print(noise, seed, train(home, read_labels(labels)))


def write_labels(home: LakeHome, truth: Path, place: Path, seed: int) -> int:
    """Write invented decisions about a world's accounts as a file for `detect train`; how many."""
    dice = random.Random(seed)
    accounts = pl.read_csv(truth / "accounts.csv", infer_schema=False).sort("account")
    flows = (
        pl.read_csv(truth / "flows.csv", infer_schema=False).group_by("account").agg(pl.col("first_at").min())
    )
    first = {account: datetime.fromisoformat(at) for account, at in flows.iter_rows()}
    detection = open_detection(home)
    named = {
        ref.key
        for finding in (detection.findings if detection else ())
        for ref in (finding.subject, *finding.others)
        if ref.type == "Account"
    }
    # The window of the world: one account that trades years before would stretch it.
    times = open_tables(home).scan("TRANSFER").select("at").collect()["at"]
    begin, end = times.quantile(0.01), times.max()
    assert isinstance(begin, datetime) and isinstance(end, datetime)  # noqa: S101 - a world has transfers
    mules = [a for a, flag in accounts.select("account", "is_mule").iter_rows() if flag == "1"]
    others = [a for a, flag in accounts.select("account", "is_mule").iter_rows() if flag != "1"]
    looked_at, rest = [a for a in others if a in named], [a for a in others if a not in named]
    wanted = _OTHERS * len(mules)
    chosen = dice.sample(looked_at, min(len(looked_at), round(wanted * _WITH_FINDING)))
    chosen += dice.sample(rest, min(len(rest), wanted - len(chosen)))
    rows = [(a, 1, _decided(a, first, begin, end, dice)) for a in mules]
    rows += [(a, 0, _decided(a, {}, begin, end, dice)) for a in sorted(chosen)]
    with place.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["account", "label", "decided_at"])
        writer.writerows((account, label, at.astimezone(UTC).isoformat()) for account, label, at in rows)
    return len(rows)


def _decided(
    account: str, first: Mapping[str, datetime], begin: datetime, end: datetime, dice: random.Random
) -> datetime:
    if account in first:
        return first[account] + timedelta(days=dice.uniform(10, 40))
    return begin + (end - begin) * dice.uniform(1 / 3, 1)


def _print(noise: str, seed: int, training: Training) -> None:
    folds = training.card.folds
    tests = [(str(n), one.trained, one.learned, one.rule) for n, one in enumerate(folds, start=1)]
    for name, trained, learned, rule in [*tests, ("all", 0, *training.card.pooled)]:
        for score, of in (("learned", learned), ("rule", rule)):
            cells = [noise, seed, name, trained or "", of.n, of.positives, score, *_cells(of)]
            print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def _cells(of: Figures) -> list[str]:
    return ["-" if v is None else f"{v:.3f}" for v in (of.pr_auc, of.precision_at_recall, of.brier)]


if __name__ == "__main__":
    main()
