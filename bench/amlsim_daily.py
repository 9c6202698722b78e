"""AMLSim with rules set for daily data, beside a boosted floor: `python -m bench.amlsim_daily [DIR]`."""

import argparse
import hashlib
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from bench.amlsim import home_labels
from bench.amlsim_floor import FEATURES, average_precision, boosted, features, recall_at
from bench.clock import CHECKOUT, machine, run
from detect.facts import Facts
from detect.quality import precision_at
from detect.results import Finding
from detect.rule import load_rules
from detect.run import as_findings, run_rule
from graph.lake.duck import connect
from graph.lake.home import lake_home
from graph.lake.tables import LakeTables, open_tables
from ingest.settle.amlsim import PREFIX

SHARED = CHECKOUT.parent / "shared" / "data" / "amlsim-20k" / "20K_cycle200"

DAILY: Mapping[str, Mapping[str, object]] = {
    "F01": {"floor": 0, "window": "P10D"},
    "F02": {"big": 20_000, "window": "P10D"},
    "F09": {"floor": 0, "wait": "P3D", "share": 0.9},
    "F10": {"floor": 0, "span": "P30D", "loss": 0.02, "max_hops": 10},
}
"""Values for steps of a day and sums of hundreds: within each rule's own bounds, chosen on the tuning half.

F03, F11 and F12 were tried there too and found nothing, or nothing but chance; they are left out.
"""

WINDOWS_AS_THEY_ARE: Mapping[str, Mapping[str, object]] = {
    "F01": {"floor": 0},
    "F02": {"big": 20_000},
    "F03": {"floor": 0},
    "F09": {"floor": 0},
    "F10": {"floor": 0},
    "F11": {"floor": 0},
    "F12": {"floor": 0},
}
"""Only the least sums let go: how much of the silence the hour windows are to blame for."""


def tuning(account: str) -> bool:
    """Whether an account is of the half to tune and train on: its key's SHA-256 begins with an even byte."""
    return hashlib.sha256(account.encode()).digest()[0] % 2 == 0


def find(tables: LakeTables, given: Mapping[str, Mapping[str, object]]) -> dict[str, tuple[Finding, ...]]:
    """Findings of each rule named in `given` with these values; InputError where a rule forbids a value."""
    facts, found = Facts(tables), {}
    with connect(tables, holders_as_one=True) as connection:
        for rule in load_rules():
            if rule.id in given:
                values = rule.parameter_values(given[rule.id])
                hits = run_rule(rule, facts, connection, values).hits
                found[rule.id] = tuple(as_findings(rule, values, hits))
    return found


def signs(found: Mapping[str, Sequence[Finding]]) -> pl.DataFrame:
    """account and, a column a rule, the best score (0 to 1) of its findings that name the account, else 0."""
    best: dict[str, dict[str, float]] = {}
    for rule, findings in found.items():
        for finding in findings:
            for ref in (finding.subject, *finding.others):
                if ref.type == "Account":
                    of_account = best.setdefault(ref.key, {})
                    of_account[rule] = max(of_account.get(rule, 0.0), finding.score)
    rows = [{"account": key} | {rule: best[key].get(rule, 0.0) for rule in found} for key in sorted(best)]
    schema: dict[str, Any] = {"account": pl.String} | dict.fromkeys(found, pl.Float64)
    return pl.DataFrame(rows, schema=schema)


def ranked(signed: pl.DataFrame) -> list[str]:
    """Accounts that any rule names: those that most rules name first, then by sum of scores, then by key."""
    rules = [name for name in signed.columns if name != "account"]
    order = signed.with_columns(
        pl.sum_horizontal(*[pl.col(r) > 0 for r in rules]).alias("rules"),
        pl.sum_horizontal(*rules).alias("score"),
    ).sort(["rules", "score", "account"], descending=[True, True, False])
    return order["account"].to_list()


def main() -> None:
    """Print a row a rule, then the rules together beside the boosted floor, on the half kept to report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=SHARED)
    parser.add_argument("--half", choices=("report", "tuning"), default="report")
    given = parser.parse_args()
    if not given.folder.is_dir():
        print("skipped: the outside data is not beside this checkout")
        return
    print(machine())
    labels = {PREFIX + node: flag for node, flag in home_labels(given.folder).items()}
    judged = sorted(account for account in labels if tuning(account) == (given.half == "tuning"))
    true = frozenset(account for account in judged if labels[account])
    print(f"{given.half} half: {len(judged):,} accounts, {len(true)} labelled")
    with tempfile.TemporaryDirectory() as place:
        run("-m", "ingest", str(given.folder), "--lake", place, "--json")
        tables = open_tables(lake_home(Path(place)))
        for words, values in (("windows as they are", WINDOWS_AS_THEY_ARE), ("daily", DAILY)):
            found = find(tables, values)
            for rule, findings in found.items():
                _line(f"{rule}, {words}", len(findings), ranked(signs({rule: findings})), judged, true)
        signed = signs(found)
        _line("rules together, daily", sum(map(len, found.values())), ranked(signed), judged, true)
        moves = tables.scan("TRANSFER").select("from_key", "to_key", "amount_fen", "at").collect()
    _line("two amounts: a trace of the generator", 0, two_amounts(moves), judged, true)
    for name, order in floors(moves, labels, signed, judged).items():
        _row(name, order, true)
        named = sum(account in set(judged) for account in signed["account"].to_list())
        share = precision_at(order, true, named)
        print(f"    its first {named}, as many as the rules name: precision {share:.3f}")


def two_amounts(moves: pl.DataFrame) -> list[str]:
    """Accounts that ever paid two different amounts, which no honest account of this generator does."""
    paid = moves.group_by("from_key").agg(pl.col("amount_fen").n_unique().alias("amounts"))
    return paid.filter(pl.col("amounts") > 1)["from_key"].sort().to_list()


def floors(
    moves: pl.DataFrame, labels: Mapping[str, bool], signed: pl.DataFrame, judged: Sequence[str]
) -> dict[str, list[str]]:
    """Rankings of the judged accounts: by transfers, and by models that learn from all others."""
    accounts = sorted(labels)
    whole = features(moves, accounts)
    middle = moves["at"].min() + (moves["at"].max() - moves["at"].min()) / 2  # type: ignore[operator]
    early, late = (features(moves.filter(side), accounts) for side in (_early(middle), ~_early(middle)))
    joined = whole.join(signed, on="account", how="left", maintain_order="left").fill_null(0.0)
    judged_set = set(judged)
    learn = [account for account in accounts if account not in judged_set]
    target = [labels[account] for account in learn]
    rules = [name for name in signed.columns if name != "account"]

    def order(train: pl.DataFrame, test: pl.DataFrame, names: list[str]) -> list[str]:
        return boosted(train, test, learn, target, list(judged), names)

    busiest = whole.select("account", pl.sum_horizontal("out_count", "in_count").alias("count"))
    inside = busiest.filter(pl.col("account").is_in(judged)).sort(
        ["count", "account"], descending=[True, False]
    )
    return {
        "most transfers": inside["account"].to_list(),
        "LightGBM, plain statistics": order(whole, whole, FEATURES),
        "LightGBM, learnt on the first half of the days, judged on the second": order(early, late, FEATURES),
        "LightGBM, plain statistics and the rules' scores": order(joined, joined, [*FEATURES, *rules]),
    }


def _early(middle: Any) -> pl.Expr:
    return pl.col("at") <= middle


def _line(
    name: str, findings: int, order: Sequence[str], judged: Iterable[str], true: frozenset[str]
) -> None:
    inside = set(judged)
    listed = [account for account in order if account in inside]
    hits = sum(account in true for account in listed)
    share = f"{hits / len(listed):.3f}" if listed else "-"
    print(
        f"| {name} | findings {findings} | named {len(listed)} | precision {share} "
        f"| recall {hits / len(true):.3f} |"
    )
    if listed and name.startswith("rules"):
        # Accounts that no rule names come last, in order of key: a chance tail that adds a little area.
        _row(name, [*listed, *sorted(inside - set(listed))], true, len(listed))


def _row(name: str, order: Sequence[str], true: frozenset[str], shown: int | None = None) -> None:
    """PR-AUC, and precision with recall at 50, at 100 and at the number of labelled ones, or at all shown."""
    least = len(true) if shown is None else min(shown, len(true))
    parts = [
        f"@{k} {precision_at(order, true, k):.3f} (recall {recall_at(order, true, k):.3f})"
        for k in (50, 100, least)
    ]
    print(f"| {name} | PR-AUC {average_precision(order, true):.3f} | precision {', '.join(parts)} |")


if __name__ == "__main__":
    main()
