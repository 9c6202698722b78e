"""Prints the re-verification list and the card crackdown list: JSON, or tables; keys masked unless asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from detect.controllers.proposal import Control, propose
from detect.crackdown import Dealing, crackdown
from detect.facts import Facts
from detect.plain import row_lists
from detect.report import SHOWN, print_json, print_table, shown_key
from detect.results import Detection
from detect.reverify import Card, reverify
from detect.rule import Rule, open_library
from graph.contract import Ref
from graph.lake.home import LakeHome
from graph.lake.tables import open_tables

LISTS = ("reverify", "crackdown", "controllers")
_NOTE = "Proposals: each needs a person's check; being listed proves nothing. 均为待核实线索，须人工确认。"


def show_list(home: LakeHome, what: str, detection: Detection, as_json: bool, show_keys: bool) -> None:
    """Print one of LISTS over the lake in `home`; `controllers` reads the lake alone."""
    facts, rules = Facts(open_tables(home)), open_library().rules
    if what == "reverify":
        cards = reverify(detection.findings, facts, rules)
        records = [card_record(card, rules, show_keys) for card in cards]
    elif what == "crackdown":
        dealings = crackdown(detection, propose(facts), facts)
        records = [dealing_record(one, show_keys) for one in dealings]
    else:
        records = [control_record(one, show_keys) for one in propose(facts)]
    if as_json:
        print_json(records)
    else:
        _print(records, {"reverify": _CARD, "crackdown": _DEALING, "controllers": _CONTROL}[what])


def card_record(card: Card, rules: Sequence[Rule], show_keys: bool) -> dict[str, Any]:
    """One entry of `detect reverify --json`; ask: what the rules' files say to do next."""
    known = {rule.id: rule for rule in rules}
    steps = [step for reason in card.reasons for step in known[reason.rule].next_steps]
    return {
        "type": card.card.type,
        "card": shown_key(card.card, show_keys),
        "holder": _shown(card.holder, show_keys),
        "unit": card.unit,
        "place": card.place,
        "priority": card.priority,
        "reasons": [
            {
                "rule": r.rule,
                "revision": r.revision,
                "finding": r.finding_id,
                "weight": r.weight,
                "rows": row_lists(r.rows),
            }
            for r in card.reasons
        ],
        "ask": {language: list(dict.fromkeys(s.said(language) for s in steps)) for language in ("zh", "en")},
        "innocent": [{"reading": name, "strength": value} for name, value in card.innocent],
    }


def dealing_record(one: Dealing, show_keys: bool) -> dict[str, Any]:
    """One entry of `detect crackdown --json`."""
    return {
        "person": shown_key(one.person, show_keys),
        "part": one.part,
        "state": one.state,
        "roles": dict(one.roles),
        "cards": [shown_key(ref, show_keys) for ref in one.cards],
        "others": [shown_key(ref, show_keys) for ref in one.others],
        "days": one.days,
        "streams": {name: row_lists(rows) for name, rows in one.streams.items()},
        "thresholds": [
            {
                "name": t.name,
                "law": t.law,
                "from": t.from_on.isoformat(),
                "bound": t.bound,
                "value": t.value,
                "reached": t.reached,
            }
            for t in one.thresholds
        ],
        "findings": list(one.findings),
    }


def control_record(one: Control, show_keys: bool) -> dict[str, Any]:
    """One entry of `detect controllers --json`; holder and controller both stay."""
    return {
        "type": one.subject.type,
        "card": shown_key(one.subject, show_keys),
        "holder": shown_key(one.holder, show_keys),
        "controller": shown_key(one.controller, show_keys),
        "controller_type": one.controller.type,
        "state": "proposal",
        "strength": one.strength,
        "families": list(one.families),
        "signs": [
            {
                "sign": sign.name,
                "family": sign.family,
                "weight": sign.weight,
                "points_to": _shown(Ref("Person", sign.points_to) if sign.points_to else None, show_keys),
                "rows": row_lists(sign.rows),
            }
            for sign in one.signs
        ],
        "opposing": [{"reading": name, "share": share} for name, share in one.opposing],
        "handed_at": one.handed_at.isoformat() if one.handed_at else None,
        "left_at": one.left_at.isoformat() if one.left_at else None,
    }


_CARD = ("card", "holder", "unit", "place", "priority", "rules")
_DEALING = ("person", "part", "state", "cards", "others", "streams", "reached")
_CONTROL = ("card", "holder", "controller", "strength", "families", "state")


def _print(records: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    table = Table(*columns)
    for record in records[:SHOWN]:
        table.add_row(*(_cell(record, column) for column in columns))
    Console().print(_NOTE)
    print_table(table, len(records))


def _cell(record: Mapping[str, Any], column: str) -> str:
    if column == "rules":
        return ", ".join(f"{r['rule']} r{r['revision']}" for r in record["reasons"])
    if column == "reached":
        marks = [t for t in record["thresholds"] if t["reached"]]
        return ", ".join(f"{t['name']} {t['value']}>={t['bound']} ({t['from']})" for t in marks)
    value = record[column]
    if column in ("cards", "others"):
        return str(len(value))
    return ", ".join(value) if isinstance(value, list | dict) else str(value if value is not None else "")


def _shown(ref: Ref | None, show_keys: bool) -> str | None:
    return shown_key(ref, show_keys) if ref is not None else None
