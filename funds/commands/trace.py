"""`python -m funds trace`: follow victims' money, forward or backward, by one method or by all."""

import argparse
import json
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from funds.answer import backward_record, compared_record, forward_record
from funds.claims import cases_of_payer, reported_claims, reported_payments
from funds.comparison import Comparison, compare
from funds.ledgers import load_ledgers
from funds.methods import DEFAULT, METHODS, narrowed
from funds.notices import yuan
from graph.errors import InputError
from graph.lake.tables import LakeTables
from graph.schema.masks import mask_key

EXAMPLES = """examples:
  python -m funds trace                                  where all reported victims' money went, by fifo
  python -m funds trace --case A990100000001             one case
  python -m funds trace --from 88010000003720591         the cases whose victim paid from this account
  python -m funds trace --case A990100000001 --method pro_rata --json
  python -m funds trace --case A990100000001 --compare   all five methods side by side
  python -m funds trace --backward 88010000003720591     whose money came to this account and lies there

exit code: 0 fine, 1 nothing there or refused, 2 wrong usage"""
_SHOWN = 30
_TEXTS = ("victim", "account", "currency")


def options(parser: argparse.ArgumentParser) -> None:
    """The options of `trace`."""
    start = parser.add_mutually_exclusive_group()
    start.add_argument("--case", action="append", metavar="NO", help="only this case (may be given again)")
    start.add_argument(
        "--from", dest="payer", metavar="ACCOUNT", help="only victims who paid from this account"
    )
    start.add_argument("--backward", metavar="ACCOUNT", help="whose money came to this account")
    parser.add_argument("--method", choices=METHODS, default=DEFAULT, help=f"default {DEFAULT}")
    parser.add_argument("--compare", action="store_true", help="all methods side by side")


def run(tables: LakeTables, given: argparse.Namespace) -> int:
    """Print the trace; 1 when it reaches nothing. InputError for an account or case that is not there."""
    ledgers = load_ledgers(tables)
    claims, wanted = reported_claims(tables, ledgers), _wanted(tables, given)
    if given.backward and not ledgers.numbers_of(given.backward):
        raise InputError("No movement names this account; check the number with `python -m graph stats`.")
    cases = set(tables.scan("Case").select("key").collect()["key"])

    def account(key: str) -> str:
        return key if given.show_keys else mask_key("Account", key)

    def victim(name: str) -> str:
        return name if given.show_keys or name in cases else mask_key("Report", name)

    found = compare(ledgers, claims, METHODS if given.compare else (given.method,))
    if wanted is not None:
        found = Comparison({name: narrowed(one, wanted) for name, one in found.traced.items()})
    if given.backward:
        record = backward_record(found, given.method, given.backward, account, victim)
        lines = [
            line | {"account": record["account"]} for one in record["ledgers"] for line in one["victims"]
        ]
    elif given.compare:
        record = compared_record(found, account, victim)
        lines = [line | line["received_fen"] for line in record["accounts"]]
    else:
        record = forward_record(found, given.method, account, victim)
        lines = record["accounts"]
    if given.json:
        print(json.dumps(record, ensure_ascii=False, indent=1))
    else:
        _print(record, lines)
    return 0 if lines else 1


def _wanted(tables: LakeTables, given: argparse.Namespace) -> list[str] | None:
    """The cases to tell of, None for all; InputError when what is asked for has no reported payment.

    All victims are traced at once whatever is asked for: another victim's money is not `own`.
    """
    reported = reported_payments(tables)
    wanted: list[str] | None = given.case
    if given.payer:
        wanted = cases_of_payer(tables, given.payer)
    if wanted is not None and not set(wanted) & set(reported["case"]):
        raise InputError(
            "No report names a payment of this case or account; `--backward ACCOUNT` tells whose money "
            "came to an account."
        )
    return wanted


def _print(record: dict[str, Any], lines: Sequence[dict[str, Any]]) -> None:
    """Sums, a table of accounts, and everything the reader must know; amounts in yuan (JSON: fen)."""
    console = Console(highlight=False)
    if "victim_money_fen" in record:
        ends = "".join(f"  {name} {yuan(fen)}" for name, fen in record["sinks"].items())
        paid, held = yuan(record["victim_money_fen"]), yuan(record["held_fen"])
        console.print(f"{record['method']}, yuan: paid {paid}{ends}  held {held}")
    for one in record.get("ledgers", ()):
        balance, own, unknown = (yuan(one[f"{name}_fen"]) for name in ("balance", "own", "unknown"))
        console.print(
            f"{record['account']} {one['currency']}: balance {balance}, own {own}, unknown {unknown}"
        )
    hidden = {"received_fen"} if "methods" in record else set()
    if all(line.get("currency", "CNY") == "CNY" for line in lines):
        hidden.add("currency")
    names = [name for name in (lines[0] if lines else ()) if name not in hidden]
    table = Table()
    for name in names:
        table.add_column(name.removesuffix("_fen"), justify="left" if name in _TEXTS else "right")
    for line in lines[:_SHOWN]:
        table.add_row(*(_cell(name, line[name]) for name in names))
    console.print(table)
    if len(lines) > _SHOWN:
        console.print(f"{_SHOWN} of {len(lines)} shown; --json prints all.")
    for notice in record.get("notices", ()):
        console.print(f"{notice['zh']}\n{notice['en']}", markup=False)


def _cell(name: str, value: Any) -> str:
    """A value as printed; every number but a level is an amount, a pair an interval."""
    if value is None or isinstance(value, str) or name == "level":
        return "" if value is None else str(value)
    return " to ".join(yuan(fen) for fen in value) if isinstance(value, list) else yuan(value)
