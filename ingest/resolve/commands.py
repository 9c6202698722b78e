"""The commands `resolve` and `judge`: proposals of records that may be one, and what people say of them."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from graph.lake.home import LakeHome, lake_home
from graph.lake.spill import spill_into
from graph.schema.masks import mask_key
from ingest.judgements import JUDGED_TYPES, VERDICTS, Judgement, Judgements
from ingest.resolve.judging import judge, take_back
from ingest.resolve.proposals import proposals
from ingest.resolve.signs import SENTENCES, Sign
from ingest.settle import settle

_RESOLVE = """examples:
  python -m ingest resolve                              pairs that may be one, heaviest first
  python -m ingest resolve --type Person --limit 20     the twenty heaviest pairs of persons
  python -m ingest resolve --json --show-keys           for programs, keys whole
  python -m ingest resolve --judged                     every judgement so far

A pair is only proposed; `judge` is a person's decision. exit code: 0 fine, 1 refused, 2 wrong usage"""
_JUDGE = """examples:
  python -m ingest judge KEY_A KEY_B same --by NAME --reason "same id card seen"
  python -m ingest judge KEY_A KEY_B different --by NAME --reason "father and son"
  python -m ingest judge --undo 7 --by NAME --reason "wrong file"       take judgement 7 back by a new one

exit code: 0 fine, 1 refused, or a group of records judged both same and different; 2 wrong usage"""


def run(words: Sequence[str]) -> int:
    """Run one of the two commands; gives the exit code."""
    if words[0] == "resolve":
        return _resolve(_resolve_parser().parse_args(words[1:]))
    parser = _judge_parser()
    return _judge(parser.parse_args(words[1:]), parser)


def _resolve_parser() -> argparse.ArgumentParser:
    parser = _parser("resolve", "List pairs of records that may be one and the same.", _RESOLVE)
    parser.add_argument("--type", choices=JUDGED_TYPES, help="only pairs of this type")
    parser.add_argument("--limit", type=int, default=50, help="how many pairs, heaviest first (default 50)")
    parser.add_argument("--judged", action="store_true", help="list the judgements instead")
    return parser


def _judge_parser() -> argparse.ArgumentParser:
    parser = _parser("judge", "Say whether two records are one: a named person, with a reason.", _JUDGE)
    parser.add_argument("key_a", nargs="?", metavar="KEY_A")
    parser.add_argument("key_b", nargs="?", metavar="KEY_B")
    parser.add_argument("verdict", nargs="?", choices=VERDICTS)
    parser.add_argument("--by", required=True, metavar="NAME", help="who decides")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why")
    parser.add_argument("--type", choices=JUDGED_TYPES, help="needed when both keys exist in two types")
    parser.add_argument("--undo", type=int, metavar="NO", help="take this judgement back instead")
    parser.add_argument(
        "--later", action="store_true", help="leave the graph as it is until the next load or `rebuild`"
    )
    return parser


def _parser(word: str, about: str, examples: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"python -m ingest {word}",
        description=about,
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--lake", type=Path, help="home of the lake (default: DUANLIAN_HOME, else ./var)")
    parser.add_argument("--json", action="store_true", help="print machine-readable results")
    parser.add_argument("--show-keys", action="store_true", help="show keys and reasons whole")
    return parser


def _resolve(options: argparse.Namespace) -> int:
    home = lake_home(options.lake)
    spill_into(home)
    if options.judged:
        made = [_said(one, options.show_keys) for one in Judgements(home).history()]
        return _print(made, options.json, ("seq", "type", "key_a", "key_b", "verdict", "judged_by", "at"))
    types = (options.type,) if options.type else JUDGED_TYPES
    found = proposals(home, types).frame
    rows = found.head(max(options.limit, 0)).to_dicts()
    for row in rows:
        for side in ("key_a", "key_b"):
            row[side] = row[side] if options.show_keys else mask_key(row["type"], row[side])
    if options.json:
        return _print(rows, True, ())
    for row in rows:
        print(f"{row['weight']:6.2f}  {row['type']}  {row['key_a']}  {row['key_b']}")
        for name, label in (("signs_for", "for"), ("signs_against", "against")):
            for sign in row[name]:
                print(f"        {label}: {SENTENCES[Sign(sign)][1]} {SENTENCES[Sign(sign)][0]}")
    print(f"{found.height} pairs to judge, {len(rows)} shown.")
    return 0


def _judge(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    home, at = lake_home(options.lake), datetime.now(UTC)
    named = (options.key_a, options.key_b, options.verdict)
    if options.undo is not None:
        if any(value is not None for value in named):
            parser.error("--undo takes the number of a judgement and no keys")
        made = take_back(home, options.undo, options.by, options.reason, at)
    elif None in named:
        parser.error("name two keys and one of same, different, unsure")
    else:
        keys = (options.key_a, options.key_b)
        made = judge(home, keys, options.verdict, options.by, options.reason, at, options.type)
    return _told(home, made, options)


def _told(home: LakeHome, made: Judgement, options: argparse.Namespace) -> int:
    """Settle unless that was put off, and say what is in force now."""
    said = _said(made, options.show_keys)
    state: dict[str, Any] = {} if options.later else settle(home).report["judged"]
    if options.json:
        print(json.dumps(said | {"in_force": state or None}, ensure_ascii=False))
    else:
        print(f"judgement {made.seq}: {said['type']} {said['key_a']} {said['key_b']} {made.verdict}")
        print(
            f"in force: {state['same']} pairs, {state['components']} groups"
            if state
            else "in force at the next load or `python -m ingest rebuild`"
        )
    if state.get("blocked"):
        print(
            f"{state['blocked']} groups hold a pair judged different and join nobody;"
            " `python -m ingest resolve --judged` lists the judgements.",
            file=sys.stderr,
        )
        return 1
    return 0


def _said(made: Judgement, whole: bool) -> dict[str, Any]:
    """One judgement as plain values; keys masked and no reason unless `whole`."""
    keys = {side: getattr(made, side) for side in ("key_a", "key_b")}
    shown = keys if whole else {side: mask_key(made.type, key) for side, key in keys.items()}
    reason = {"reason": made.reason} if whole else {}
    at = made.at.astimezone(UTC).isoformat(timespec="seconds")
    base = {"seq": made.seq, "type": made.type, **shown, "verdict": made.verdict}
    return base | {"judged_by": made.judged_by, "at": at} | reason


def _print(rows: Sequence[dict[str, Any]], as_json: bool, columns: Sequence[str]) -> int:
    if as_json:
        print(json.dumps(list(rows), ensure_ascii=False))
        return 0
    table = Table(*columns, box=None)
    for row in rows:
        table.add_row(*(str(row[name]) for name in columns))
    Console(width=None if sys.stdout.isatty() else 200).print(table)
    return 0
