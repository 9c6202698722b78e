"""Command line of detect: run the rules and find gangs and mules, or show what was found."""

import argparse
import logging
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from detect import report
from detect.changes.report import show_changes
from detect.changes.store import current_changes
from detect.explain import explain, explanation_record
from detect.facts import Facts
from detect.learn.commands import run_train, run_trained
from detect.list_report import LISTS, show_list
from detect.pipeline import new_findings, run_detection
from detect.rule import open_library
from detect.since.news import show_news
from detect.store import detection_state, finding, findings_of, open_detection
from graph.errors import DuanlianError
from graph.lake.home import LakeHome, lake_home
from graph.lake.spill import spill_into
from graph.lake.tables import open_tables

_EXAMPLES = """examples:
  python -m detect                             run all rules, find gangs and mules, store the results
  python -m detect --rule F03 --rule D01       only these rules
  python -m detect --engine neo4j              search communities in the local Neo4j
  python -m detect --anew                      run every rule again, also where stored results still hold
  python -m detect new                         what rows loaded since the last run bring; stores nothing
  python -m detect rules                       the rules of queries/
  python -m detect gangs --json                gangs, best first, keys masked
  python -m detect mules --show-keys           mules, best first, whole account numbers
  python -m detect changes                     numbers, devices, frozen accounts and what replaced them
  python -m detect controllers                 who seems to use another's account, with signs
  python -m detect reverify --json             cards to verify again, by priority
  python -m detect crackdown                   who seems to sell cards or deal in them
  python -m detect explain F03-0123456789abcdef      one finding in words, with its source rows
  python -m detect train --labels FILE         learn from your own decisions (account, label, decided_at)
  python -m detect trained --json              accounts by the learned score, beside the rule score

exit code: 0 fine, 1 nothing there or refused, 2 wrong usage"""
_ENGINES = {"embedded": "embedded:", "neo4j": "neo4j:local", "spark": "spark:"}
_WORDS = ("new", "rules", "gangs", "mules", *LISTS, "changes", "explain", "train", "trained")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if (given.what == "explain") != (given.finding is not None):
        parser.error("explain, and only explain, takes the id of a finding.")
    if (given.what == "train") != (given.labels is not None):
        parser.error("train, and only train, takes --labels FILE.")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    home = lake_home(given.lake)
    spill_into(home)
    try:
        match given.what:
            case None:
                return _run(home, given)
            case "new":
                return _new(home, given)
            case "rules":
                return _rules(given)
            case "explain":
                return _explain(home, given)
            case "train":
                return run_train(home, given)
            case "trained":
                return run_trained(home, given)
            case "changes":
                return _changes(home, given)
            case _:
                return _show(home, given)
    except DuanlianError as error:
        print(error.message, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m detect",
        description="Run detection; show rules, gangs, mules and lists, explain FINDING; or train.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", nargs="?", choices=_WORDS, help="what to show; nothing runs detection")
    parser.add_argument("finding", nargs="?", help="id of a finding (for explain)")
    parser.add_argument(
        "--engine", default="embedded", metavar="E", help="embedded (default), neo4j, or neo4j://host:port"
    )
    parser.add_argument("--rule", action="append", default=[], metavar="ID", help="run this rule only")
    parser.add_argument(
        "--anew", action="store_true", help="run every rule again, also where stored results still hold"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="S", help="seed of the communities (default 0)"
    )
    parser.add_argument(
        "--lake", type=Path, default=None, metavar="DIR", help="home of the lake (DUANLIAN_HOME, else ./var)"
    )
    parser.add_argument(
        "--labels", type=Path, metavar="FILE", help="for train: CSV or XLSX of account, label, decided_at"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--show-keys", action="store_true", help="print whole keys instead of masked ones")
    return parser


def _run(home: LakeHome, given: argparse.Namespace) -> int:
    started = time.process_time()
    console = Console(stderr=True)
    url = _ENGINES.get(given.engine, given.engine)
    if console.is_terminal:
        with console.status("rules") as status:
            detection = run_detection(home, url, given.rule, given.seed, status.update, given.anew)
    else:
        detection = run_detection(home, url, given.rule, given.seed, anew=given.anew)
    record = report.run_record(detection, time.process_time() - started)
    if given.json:
        report.print_json(record)
    else:
        report.print_run(record)
    return 0


def _new(home: LakeHome, given: argparse.Namespace) -> int:
    if detection_state(home) == "none":
        print("Detection has not run over this lake; run `python -m detect` first.", file=sys.stderr)
        return 1
    library = open_library()
    found = new_findings(home, library.rules, given.rule)
    show_news(found, {rule.id: rule for rule in library.rules}, given.json, given.show_keys)
    return 0


def _rules(given: argparse.Namespace) -> int:
    library = open_library()
    if given.json:
        report.print_json([report.rule_record(rule) for rule in library.rules])
    else:
        report.print_rules(library.rules)
    for refusal in library.refused:
        print(refusal.message, file=sys.stderr)
    return 1 if library.refused else 0


def _show(home: LakeHome, given: argparse.Namespace) -> int:
    detection = open_detection(home) if _has_results(home) else None
    if detection is None:
        return 1
    if given.what in LISTS:
        show_list(home, given.what, detection, given.json, given.show_keys)
    elif given.what == "gangs":
        if given.json:
            report.print_json([report.gang_record(gang, given.show_keys) for gang in detection.gangs])
        else:
            report.print_gangs(detection.gangs, given.show_keys)
    elif given.json:
        report.print_json([report.mule_record(mule, given.show_keys) for mule in detection.mules])
    else:
        report.print_mules(detection.mules, given.show_keys)
    return 0


def _changes(home: LakeHome, given: argparse.Namespace) -> int:
    show_changes(current_changes(home), given.json, given.show_keys)
    return 0


def _explain(home: LakeHome, given: argparse.Namespace) -> int:
    if not _has_results(home):
        return 1
    found = finding(home, given.finding)
    if found is None:
        print("No stored finding has this id; `python -m detect mules --json` names them.", file=sys.stderr)
        return 1
    rule = next((rule for rule in open_library().rules if rule.id == found.rule), None)
    beside = findings_of(home, found.subject)
    explanation = explain(found, rule, Facts(open_tables(home)), beside)
    record = explanation_record(
        explanation, lambda ref: report.shown_key(ref, given.show_keys), given.show_keys
    )
    if given.json:
        report.print_json(record)
    else:
        report.print_finding(record)
    return 0


def _has_results(home: LakeHome) -> bool:
    """Whether results are stored; says on standard error when there are none or the lake changed since."""
    state = detection_state(home)
    if state == "none":
        print("Detection has not run over this lake; run `python -m detect` first.", file=sys.stderr)
    if state == "stale":
        print("The lake changed after these results; run `python -m detect` again.", file=sys.stderr)
    return state != "none"


if __name__ == "__main__":
    sys.exit(main())
