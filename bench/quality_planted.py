"""Planted patterns found, false alarms explained: `python -m bench.quality_planted --seeds 109`.

Quicker than bench.quality, as no gangs, roles and mules are made. Of each rule: the patterns planted, those
inside its bounds (`bench.quality_bounds`) and the share of these found; hits' precision over subjects, as
bench.quality counts it, of all and of those that no innocent explanation of the rule marks.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.clock import machine
from bench.quality_bounds import INSIDE, outside_reasons
from bench.quality_rules import Figures, pattern_figures, unexplained
from bench.quality_tables import rules_table
from bench.quality_truth import Truth, read_truth, stem
from bench.quality_world import WorldFigures
from bench.worlds import made_world
from detect.quality import hits_quality
from detect.results import Finding
from detect.rule import Rule, load_rules
from detect.run import run_rules
from graph.lake.home import lake_home
from graph.lake.tables import open_tables

_RULES = [f"F{n:02d}" for n in range(1, 14)] + ["C04", "X03"]


def main() -> None:
    """Print a line for each rule, means over the seeds, then why planted patterns lie outside."""
    given = _parser().parse_args()
    print(machine())
    worlds, reasons = [], Counter[tuple[str, str]]()
    for seed in sorted(set(given.seeds)):
        lake, truth = _world(given, seed)
        figures, why = measure(lake, truth, given.rules)
        worlds.append(WorldFigures({}, figures, ""))
        reasons += why
    print(f"\n{given.noise} noise, {given.accounts} accounts, seeds {' '.join(map(str, given.seeds))}\n")
    print(rules_table(worlds))
    for (rule, reason), count in sorted(reasons.items()):
        print(f"{rule}: {count} planted outside, {reason}")


def measure(
    lake: Path, truth_folder: Path, wanted: Sequence[str]
) -> tuple[dict[str, Figures], Counter[tuple[str, str]]]:
    """Figures of the wanted rules on one ingested world, and how many patterns lie outside by reason."""
    tables = open_tables(lake_home(lake))
    truth = read_truth(truth_folder, tables)
    rules = {rule.id: rule for rule in load_rules()}
    findings = run_rules(tables, list(rules.values()), wanted).findings
    reasons = outside_reasons(tables, truth, rules)
    figures = {rule: _figures(rules[rule], findings, truth, reasons) for rule in wanted}
    counts = Counter((rule, why) for rule in wanted for why in reasons.get(rule, ()) if why != INSIDE)
    return figures, counts


def _figures(
    rule: Rule, findings: Sequence[Finding], truth: Truth, reasons: Mapping[str, Sequence[str]]
) -> Figures:
    hits = [finding for finding in findings if finding.rule == rule.id]
    every, free = (
        hits_quality([(stem(f.subject), f.score, truth.right(f)) for f in some])
        for some in (hits, unexplained(hits))
    )
    return {
        **pattern_figures(hits, truth, rule.id, reasons.get(rule.id, ())),
        "subjects": every.subjects,
        "precision": every.precision,
        "precision@10": every.at_10,
        "unexplained": free.subjects,
        "precision of these": free.precision,
        "rings' among the explained": sum(truth.right(f) is True for f in hits if "excluded_by" in f.values),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[109])
    parser.add_argument("--accounts", type=int, default=5_000)
    parser.add_argument("--noise", default="MID", choices=["LOW", "MID", "HIGH"])
    parser.add_argument("--rules", nargs="+", default=_RULES)
    parser.add_argument("--worlds", type=Path, metavar="DIR", help="keep worlds here, and use those kept")
    return parser


def _world(given: argparse.Namespace, seed: int) -> tuple[Path, Path]:
    """Lake and truth of one world, made unless `--worlds` has it."""
    folder: Path = given.worlds or Path(tempfile.mkdtemp())
    place = folder / f"{given.accounts}_{given.noise}_{seed}"
    world = made_world(place, given.accounts, seed, given.noise)
    return world.lake, world.truth


if __name__ == "__main__":
    main()
