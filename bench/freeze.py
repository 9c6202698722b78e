"""The freeze queue against the truth of invented worlds, with the clock running: `python -m bench.freeze`.

At one instant after another, from the opening of the first case until --days-left before the data end, the
queue is built from what was known then (`funds.known`). The first tenth of its accounts (rounded up) is
frozen --delay hours later. Counted is the true money of all victims, known to the police then or not, that

lost     lay there when the freeze took hold and, without it, has left by the end of the data (the headline: a
         freeze holds for six months, longer than the data), or within 24 hours, 7 or 30 days;
there    lay there at all.

Beside the queue: the same accounts by latest balance, by victims' money alone, at random, and in the
clairvoyant's order of each measure; `any` is a clairvoyant who may name any account of the world, in the
queue or not. The invented money goes on whatever a control sheet says: the queue is given no such sheets.
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import polars as pl

from bench.clock import machine
from bench.freeze_truth import World, made
from funds.freeze_now import QueueLine, QueueNow, queue_at
from funds.known import last_instant
from graph.lake.watched import with_tables
from graph.schema.catalog import table_columns

DAY = timedelta(days=1)
WINDOWS: dict[str, timedelta | None] = {"24 h": DAY, "7 d": 7 * DAY, "30 d": 30 * DAY, "end": None}
ORDERS = ("queue", "victims", "balance", "random", "clairvoyant", "any")
Sums = dict[tuple[str, str], int]
"""(measure, order) -> fen."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When to ask: every so many hours, until days_left before the end; delay: from asking to the freeze."""

    every: timedelta
    delay: timedelta
    days_left: timedelta
    method: str


def main() -> None:
    """Print a table a seed and the ratios, with what is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[101, 102])
    parser.add_argument("--accounts", type=int, default=5_000)
    parser.add_argument("--noise", default="MID")
    parser.add_argument("--every", type=float, default=11, help="hours from one instant to the next")
    parser.add_argument("--delay", type=float, default=1, help="hours from the queue to the freeze")
    parser.add_argument("--days-left", type=float, default=30, help="the last instant before the data end")
    parser.add_argument("--method", default="fifo")
    given = parser.parse_args()
    plan = Plan(
        timedelta(hours=given.every), timedelta(hours=given.delay), given.days_left * DAY, given.method
    )
    print(f"{machine()}; load average {os.getloadavg()[0]:.1f}")
    print(
        f"every {given.every:g} h, frozen {given.delay:g} h later, last {given.days_left:g} days before end"
    )
    print("| seed | instants | accounts | frozen | " + " | ".join(f"{name}, yuan" for name in ORDERS) + " |")
    whole: list[Sums] = []
    for seed in given.seeds:
        with tempfile.TemporaryDirectory() as folder:
            world = made(Path(folder) / "world", seed, given.accounts, given.noise)
            whole.append(_seed(world, seed, plan))
    _print_shares(whole)


def _seed(world: World, seed: int, plan: Plan) -> Sums:
    """The sums of one world over all its instants, its line of the table printed."""
    sums: Sums = {}
    counted = [0, 0, 0]
    for now in instants(world, plan):
        found = queue_now(world, now, plan.method)
        length = -(-len(found.lines) // 10)
        counted = [counted[0] + 1, counted[1] + len(found.lines), counted[2] + length]
        for key, fen in outcome(world, found, length, plan, Random(f"{seed} {now}")).items():
            sums[key] = sums.get(key, 0) + fen
    cells = [seed, counted[0], *(round(count / max(1, counted[0]), 1) for count in counted[1:])]
    cells += [f"{sums.get(('end', order), 0) / 100 / max(1, counted[0]):,.0f}" for order in ORDERS]
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)
    return sums


def instants(world: World, plan: Plan) -> list[datetime]:
    """From the opening of the first case on, as the plan says; none without a case."""
    opened = world.tables.frame("Case")["opened_at"].drop_nulls().sort().to_list()
    end = last_instant(world.tables)
    found: list[datetime] = []
    now = opened[0] if opened else None
    while now is not None and end is not None and now + plan.days_left <= end:
        found.append(now)
        now += plan.every
    return found


def queue_now(world: World, now: datetime, method: str) -> QueueNow:
    """The queue from what was known at `now`, less control sheets."""
    none = pl.DataFrame(schema=table_columns("CONTROL"))
    return queue_at(with_tables(world.tables, {"CONTROL": none}), now, method)


def outcome(world: World, found: QueueNow, length: int, plan: Plan, dice: Random) -> Sums:
    """What each order's first `length` accounts save, by measure; and what the queue expected of them."""
    frozen_at = found.now + plan.delay
    end = world.changes["at"].max()
    assert isinstance(end, datetime)  # noqa: S101 - a column of instants
    sums: Sums = {("end", "expected"): found.expect(length)}
    order = _orders(found.lines, length, dice)
    for measure, window in WINDOWS.items():
        stakes = world.stakes(frozen_at, end if window is None else frozen_at + window)
        saved = dict(stakes.select("account", "lost_fen").iter_rows())
        sums |= _saved(measure, saved, order, found.lines, length)
        if window is None:
            there = dict(stakes.select("account", "there_fen").iter_rows())
            sums |= _saved("there", there, order, found.lines, length)
    return sums


def _orders(lines: Sequence[QueueLine], length: int, dice: Random) -> dict[str, list[str]]:
    """The accounts each order freezes."""
    by: dict[str, Callable[[QueueLine], int]] = {
        "victims": lambda line: line.score.candidate.victim_fen,
        "balance": lambda line: line.balance.fen or 0,
    }
    chosen = {"queue": [line.account for line in lines[:length]]}
    for name, key in by.items():
        ranked = sorted(lines, key=lambda line: (-key(line), line.account))
        chosen[name] = [line.account for line in ranked[:length]]
    chosen["random"] = dice.sample(sorted(line.account for line in lines), length)
    return chosen


def _saved(
    measure: str,
    saved: Mapping[str, int],
    orders: Mapping[str, Sequence[str]],
    lines: Sequence[QueueLine],
    length: int,
) -> Sums:
    sums = {
        (measure, name): sum(saved.get(account, 0) for account in accounts)
        for name, accounts in orders.items()
    }
    best = sorted((saved.get(line.account, 0) for line in lines), reverse=True)
    sums[measure, "clairvoyant"] = sum(best[:length])
    sums[measure, "any"] = sum(sorted(saved.values(), reverse=True)[:length])
    return sums


def _print_shares(whole: Sequence[Sums]) -> None:
    """Means over seeds of the shares of the clairvoyant's."""
    print("\nshare of what the clairvoyant order of the same length saves: mean over seeds (least, most)")
    print("| measure | " + " | ".join(name for name in ORDERS if name != "clairvoyant") + " |")
    for measure in (*WINDOWS, "there"):
        cells = [_spread(_shares(whole, measure, name)) for name in ORDERS if name != "clairvoyant"]
        print(f"| {measure} | " + " | ".join(cells) + " |")
    queue = _mean(_shares(whole, "end", "queue"))
    times = [one["end", "queue"] / max(1, one["end", "balance"]) for one in whole if ("end", "queue") in one]
    over = sum(one["end", "queue"] for one in whole) / max(1, sum(one["end", "balance"] for one in whole))
    missed = [": missed" if short else "" for short in (queue < 0.8, over < 1.5)]
    print(f"\nqueue / clairvoyant {queue:.3f} (0.8 asked{missed[0]})")
    print(f"queue / balance {over:.2f} over all sums (1.5 asked{missed[1]})")
    print(f"queue / balance by seed: {', '.join(f'{one:.2f}' for one in times)}")
    for name, order in (("there", "queue"), ("24 h", "queue"), ("end", "queue")):
        share = sum(one[name, order] for one in whole) / max(1, sum(one["end", "expected"] for one in whole))
        print(f"of 1 yuan expected of the frozen accounts truly `{name}`: {share:.3f}")


def _shares(whole: Sequence[Sums], measure: str, order: str) -> list[float]:
    return [one[measure, order] / one[measure, "clairvoyant"] for one in whole if one[measure, "clairvoyant"]]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(1, len(values))


def _spread(values: Sequence[float]) -> str:
    return f"{_mean(values):.3f} ({min(values):.3f}, {max(values):.3f})" if values else "-"


if __name__ == "__main__":
    main()
