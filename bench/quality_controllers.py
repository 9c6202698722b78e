"""Who is found to use sold cards, on worlds with known truth: `python -m bench.quality_controllers`.

A sold card is an account whose truth names another user than its holder. `named`: the right person stands
there. `found`: that, or where nobody is named, the hand (devices) whose sold cards are all one person's.
`nameable`: sold cards that were used on a device on which their user is seen under a number that is theirs
alone; `with device`: those whose rows name any device. Floor: the person seen most days on the device that
the account was used on most, never the holder. Then the list for 断卡. Tuned on seeds 1 to 5, 101 to 108.
"""

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bench.clock import machine
from bench.quality_card_lists import crackdown_figures
from bench.quality_rules import Figures
from bench.quality_tables import whole_table
from bench.quality_world import WorldFigures
from bench.worlds import done, made_world
from detect.controllers.hands import find_hands
from detect.controllers.proposal import Control, propose
from detect.controllers.uses import Uses, read_uses
from detect.controllers.weights import load_control_weights
from detect.facts import Facts
from detect.store import open_detection
from graph.lake.home import lake_home
from graph.lake.tables import LakeTables, open_tables


@dataclass(frozen=True, slots=True)
class Sold:
    """account -> holder and account -> user of all accounts of the truth, and the accounts that were sold."""

    user: Mapping[str, str]
    accounts: frozenset[str]

    @classmethod
    def read(cls, truth: Path) -> "Sold":
        """From the truth's accounts.csv."""
        table = pl.read_csv(truth / "accounts.csv", infer_schema=False)
        sold = table.filter(pl.col("holder_key") != pl.col("controller_key"))["account"].to_list()
        return cls(dict(table.select("account", "controller_key").iter_rows()), frozenset(sold))


def measure(tables: LakeTables, truth: Path) -> Figures:
    """All figures of one loaded world, by name; shares are None where there is nothing to divide by."""
    sold, facts = Sold.read(truth), Facts(tables)
    weights = load_control_weights()
    uses = read_uses(facts, weights.lead)
    found = propose(facts, weights)
    named = [one for one in found if one.named]
    right = [one for one in named if sold.user.get(one.subject.key) == one.controller.key]
    hands = [one for one in found if not one.named and one.subject.key in _pure(found, sold)]
    floor = device_owners(uses)
    hit = [a for a, person in floor.items() if a in sold.accounts and sold.user[a] == person]
    cards = len(sold.accounts)
    nameable = _nameable(uses, sold, find_hands(uses, weights).device)
    return {
        "sold cards": cards,
        "with device": len(sold.accounts & set(uses.logins["account"])),
        "nameable": len(nameable),
        "proposals": len(found),
        "named": len(named),
        "named recall": _share(len(right), cards),
        "named recall of nameable": _share(sum(o.subject.key in nameable for o in right), len(nameable)),
        "named precision": _share(len(right), len(named)),
        "found recall": _share(len(right) + len(hands), cards),
        "found precision": _share(len(right) + len(hands), len(found)),
        "floor recall": _share(len(hit), cards),
        "floor precision": _share(len(hit), len(floor)),
    }


def _pure(found: Sequence[Control], sold: Sold) -> frozenset[str]:
    """Sold cards proposed with a hand alone, all of whose proposed accounts are sold cards of one user."""
    users: dict[str, set[str]] = {}
    for one in found:
        if not one.named:
            key = one.subject.key
            users.setdefault(one.controller.key, set()).add(sold.user[key] if key in sold.accounts else "")
    pure = {hand for hand, of in users.items() if len(of) == 1 and "" not in of}
    return frozenset(o.subject.key for o in found if not o.named and o.controller.key in pure)


def device_owners(uses: Uses) -> dict[str, str]:
    """The floor: account -> who is seen most days on its most used device, where that is not the holder."""
    day = pl.col("first_at").dt.date()
    owners = (
        uses.ties.group_by("device", "person")
        .agg(pl.struct(day, "kind").n_unique().alias("days"))
        .sort("device", "days", "person", descending=[False, True, False])
        .group_by("device", maintain_order=True)
        .first()
    )
    most = (
        uses.logins.group_by("account", "holder", "device")
        .len()
        .sort("account", "len", "device", descending=[False, True, False])
        .group_by("account", maintain_order=True)
        .first()
    )
    both = most.join(owners, on="device").filter(pl.col("person") != pl.col("holder"))
    return dict(both.select("account", "person").iter_rows())


def _nameable(uses: Uses, sold: Sold, hands: pl.DataFrame) -> frozenset[str]:
    """Sold cards used on a hand on one of whose devices their user is seen under a number of theirs alone."""
    seen = (
        uses.ties.filter("sole").select("device", "person").join(hands, on="device").select("hand", "person")
    )
    used = (
        uses.logins.join(hands, on="device").select("account", "hand").unique().join(seen.unique(), on="hand")
    )
    return frozenset(a for a, _, p in used.iter_rows() if a in sold.accounts and sold.user[a] == p)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def main() -> None:
    """Print a line for each figure and a column for each seed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[109])
    parser.add_argument("--accounts", type=int, default=5_000)
    parser.add_argument("--noise", nargs="+", default=["MID"], choices=["LOW", "MID", "HIGH"])
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep the loaded worlds here, and use those kept"
    )
    given = parser.parse_args()
    print(machine())
    for noise in given.noise:
        worlds = {seed: _world(given, noise, seed) for seed in sorted(set(given.seeds))}
        print(f"\n{noise} noise, {given.accounts} accounts, seeds {' '.join(map(str, worlds))}\n")
        table = whole_table({seed: WorldFigures(figures, {}, "") for seed, figures in worlds.items()})
        print(table.rpartition("\n")[0])  # without the line of the best rule alone


def _world(given: argparse.Namespace, noise: str, seed: int) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        place = (given.keep or Path(folder)) / f"{given.accounts}_{noise}_{seed}"
        world = made_world(place, given.accounts, seed, noise)
        home = lake_home(world.lake)
        if open_detection(home) is None:
            done("detect", "--lake", str(world.lake))
        detection, tables = open_detection(home), open_tables(home)
        lists = crackdown_figures(detection, tables, world.truth) if detection else {}
        return measure(tables, world.truth) | lists


if __name__ == "__main__":
    main()
