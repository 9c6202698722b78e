"""Loads damaged files and damaged cards for real and counts what must be nought: crashes, hangs, losses.

python -m bench.hostile                       2,000 damaged files, 1,000 damaged cards in 100,000 rows
python -m bench.hostile --count 200 --seed 7  fewer, and others
"""

import argparse
import logging
import random
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import polars as pl

from bench.mutants import write_mutants
from graph.lake.home import lake_home
from graph.lake.tables import open_tables
from ingest.ledger import FileRecord, Ledger
from ingest.load import load_files
from ingest.quarantine import read_rejects
from ingest.settle import settle

_HEADER = "交易卡号,交易账号,交易时间,交易金额,交易余额,收付标志,交易对手账卡号,交易流水号\n"
_LONGEST_S = 60.0


@dataclass(frozen=True)
class Mutated:
    """What became of damaged files; `same_digest`: whether a lake loaded in reverse order is the same."""

    files: int
    outcomes: Counter[str]
    wrong_accounts: int
    longest_s: float
    parent_growth_mib: float
    same_digest: bool


def load_mutants(folder: Path, count: int, seed: int) -> Mutated:
    """Load `count` damaged files, then again from the last to the first into another lake; compare."""
    paths, home = write_mutants(folder / "in", count, seed), lake_home(folder / "var")
    times = [time.monotonic()]
    load_files(home, paths[:5])  # what the first files load (libraries, templates) is no growth
    before = _resident_mib()
    result = load_files(home, paths[5:], progress=lambda _: times.append(time.monotonic()))
    growth = _resident_mib() - before
    first = settle(home).tables.digest.digest
    ledger = Ledger(home)
    try:
        records = ledger.files()
    finally:
        ledger.close()
    outcomes = Counter(record.code or record.state for record in records)
    wrong = sum(not _adds_up(record) for record in [*result.records, *records])
    other = lake_home(folder / "other")
    if home.vault.exists():
        shutil.copytree(home.vault, other.vault)  # the key that stands behind the ids of tip-offs
    load_files(other, paths[::-1])
    same = settle(other).tables.digest.digest == first == open_tables(home).digest.digest
    longest = max(b - a for a, b in pairwise(times))
    return Mutated(count, outcomes, wrong, longest, growth, same)


@dataclass(frozen=True)
class Damaged:
    """What became of damaged cards among good rows."""

    rows: int
    damaged: int
    quarantined: int
    good_rejected: int
    merged: int


def load_damaged_cards(folder: Path, rows: int, damaged: int, seed: int) -> Damaged:
    """A sheet of `rows` rows of which `damaged` have a card that lost digits or holds wrong signs."""
    chance = random.Random(seed)
    bad = set(chance.sample(range(rows), damaged))
    folder.mkdir(parents=True, exist_ok=True)
    lines, cards = [_HEADER], set()
    for i in range(rows):
        card = f"8801{i % 5000:013d}"
        shown = _damage(card, chance) if i in bad else card
        if i not in bad:
            cards.add(card)
        lines.append(f"{shown},,2024-03-04 10:00:00,{i}.00,,出,8802{i % 700:013d},S{i}\n")
    path = folder / "cards.csv"
    path.write_text("".join(lines), encoding="utf-8")
    home = lake_home(folder / "var")
    (record,) = load_files(home, [path]).records
    rejected = {int(str(line["line"])) - 2 for line in read_rejects(home, record.sha256)}
    settle(home)
    known = set(open_tables(home).frame("Account").filter(pl.col("key").str.starts_with("8801"))["key"])
    return Damaged(rows, damaged, len(rejected & bad), len(rejected - bad), len(known ^ cards))


def _damage(card: str, chance: random.Random) -> str:
    at = chance.randrange(4, len(card))
    return chance.choice(
        (
            f"{float(card):.5E}",
            f"{card[0]}.{card[1:6]}E+{len(card) - 1}",
            card[:at] + "O" + card[at + 1 :],
            card[:at] + "①" + card[at + 1 :],
            card[:at] + chr(0x660 + int(card[at])) + card[at + 1 :],
            card[:at] + "." + card[at:],
            card[:at] + "****" + card[at + 4 :],
            card[:at] + "\x07" + card[at:],
        )
    )


def _adds_up(record: FileRecord) -> bool:
    return record.rows_in == record.loaded + record.duplicates + record.rejected


def _resident_mib() -> float:
    """Memory of this process now; its peak where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: list[str] | None = None) -> int:
    """Run both and print one table; 1 when a count that must be nought is not."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.hostile",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--count", type=int, default=2000, help="damaged files (default 2000)")
    parser.add_argument("--seed", type=int, default=1, help="of the damage (default 1)")
    parser.add_argument("--rows", type=int, default=100_000, help="rows with damaged cards among them")
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="duanlian-hostile-") as place:
        files = load_mutants(Path(place) / "files", given.count, given.seed)
        cards = load_damaged_cards(Path(place) / "cards", given.rows, given.rows // 100, given.seed)
    fine = (
        files.wrong_accounts == 0
        and files.longest_s < _LONGEST_S
        and files.same_digest
        and (cards.quarantined, cards.good_rejected, cards.merged) == (cards.damaged, 0, 0)
    )
    print(f"damaged files            {files.files} (seed {given.seed})")
    for outcome, number in sorted(files.outcomes.items()):
        print(f"  {outcome:22} {number}")
    print("  crashes of the parent  0")  # a crash would not come this far
    print(f"  accounts that are off  {files.wrong_accounts}")
    print(f"  longest wait, s        {files.longest_s:.2f}")
    print(f"  growth of the parent   {files.parent_growth_mib:.0f} MiB")
    print(f"  same digest reversed   {'yes' if files.same_digest else 'NO'}")
    print(f"damaged cards            {cards.damaged} in {cards.rows} rows")
    print(f"  quarantined            {cards.quarantined}")
    print(f"  good rows rejected     {cards.good_rejected}")
    print(f"  accounts not as meant  {cards.merged}")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
