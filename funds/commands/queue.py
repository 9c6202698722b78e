"""`python -m funds queue`: which accounts to freeze first, what that is expected to save, and the clocks."""

import argparse
import json
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from funds.freeze_now import queue_at
from funds.known import last_instant
from funds.methods import DEFAULT
from funds.queue_record import queue_record, yuan
from funds.tracing import CONSERVING
from graph.errors import InputError
from graph.lake.tables import LakeTables
from graph.parameters import CHINA, read_instant
from graph.schema.masks import mask_key

EXAMPLES = """examples:
  python -m funds queue                                    at the last instant of the data
  python -m funds queue --now 2024-03-01T14:05+08:00       as it was known then
  python -m funds queue --case A990100000001 --first 12    one case; what freezing the first 12 saves
  python -m funds queue --method libr --json

exit code: 0 fine, 1 no account holds victims' money or refused, 2 wrong usage"""
_SHOWN, _WIDE = 30, 130
_COLUMNS = "# account expected victims' balance here leaves half-life level kind cases next".split()


def options(parser: argparse.ArgumentParser) -> None:
    """The options of `queue`."""
    parser.add_argument(
        "--now", metavar="INSTANT", help="count only what was known by then; default: end of the data"
    )
    parser.add_argument("--case", action="append", metavar="NO", help="only this case (may be given again)")
    parser.add_argument("--first", type=int, metavar="K", help="freeze the first K (default: one in ten)")
    parser.add_argument("--method", choices=CONSERVING, default=DEFAULT, help=f"default {DEFAULT}")


def run(tables: LakeTables, given: argparse.Namespace) -> int:
    """Print the queue; 1 when it is empty. InputError for a case, an instant or a count that can't be."""
    if given.first is not None and given.first < 1:
        raise InputError("--first must be one account or more.")
    end = last_instant(tables)
    if end is None:
        raise InputError("The lake holds no movement of money; load bank sheets with `python -m ingest`.")
    now = _instant(given.now) if given.now else end
    cases = set(tables.scan("Case").select("key").collect()["key"])

    def account(key: str) -> str:
        return key if given.show_keys else mask_key("Account", key)

    def victim(name: str) -> str:
        return name if given.show_keys or name in cases else mask_key("Report", name)

    found = queue_at(tables, now, given.method, given.case)
    first = given.first if given.first is not None else -(-len(found.lines) // 10)
    record = queue_record(found, first, account, victim)
    record["now_from"] = "given" if given.now else "last_instant"
    if given.json:
        print(json.dumps(record, ensure_ascii=False, indent=1))
    else:
        _print(record)
    return 0 if found.lines else 1


def _instant(text: str) -> datetime:
    try:
        return read_instant(text)
    except ValueError as error:
        raise InputError("--now is no instant; write one as in 2024-03-01T14:05+08:00.") from error


def _print(record: dict[str, Any]) -> None:
    """The queue in yuan and UTC+8, the sum of the first, and everything the reader must know."""
    console = Console(highlight=False, markup=False, width=max(_WIDE, Console().width))
    whence = "" if record["now_from"] == "given" else " (数据最后时刻 the last instant of the data)"
    console.print(f"{_local(record['now'])} UTC+8{whence}; {record['method']}; {record['accounts']} accounts")
    lines = record["lines"]
    table = Table(*_COLUMNS, box=None, pad_edge=False)
    for line in lines[:_SHOWN]:
        table.add_row(*_cells(line))
    if lines:
        console.print(table)
    if len(lines) > _SHOWN:
        console.print(f"{_SHOWN} of {len(lines)} shown; --json prints all.")
    console.print(f"{record['first']['zh']}\n{record['first']['en']}")
    for line in lines:
        for said in _remarks(line):
            console.print(f"{line['rank']} {line['account']}: {said}")
    for one in record["unseen"]:
        console.print(
            f"? {one['account']}: {yuan(one['received_fen'])} received, last {_local(one['last_at'])}; "
            "no sheet, what is left is unknown: ask the bank. 无明细，余额未知，请查询。"
        )
    for notice in record["notices"]:
        console.print(f"{notice['zh']}\n{notice['en']}")


def _cells(line: dict[str, Any]) -> list[str]:
    parts = line["parts"]
    allowed = [one["measure"] for one in line["options"] if one["allowed"] and not one["order"]]
    return [
        str(line["rank"]),
        line["account"],
        yuan(line["expected_fen"]),
        yuan(parts["victim_fen"]),
        "unknown" if parts["balance_fen"] is None else yuan(parts["balance_fen"]),
        parts["p_here"][:5],
        parts["p_leave"][:5],
        f"{float(parts['h_hours']):.1f} h ({parts['h_basis']})",
        "" if line["level"] is None else str(line["level"]),
        line["kind"],
        str(len(line["cases"])),
        ", ".join(allowed),
    ]


def _remarks(line: dict[str, Any]) -> list[str]:
    """What is in force, about to end, unclear or in the way on one account; nothing for most."""
    said = [one["en"] for one in (line["reason"] or None, *line["advice"]) if one]
    said += [f"{one['measure']} {one['order']} until {_local(one['ends_at'])}" for one in line["clocks"]]
    said += [f"! {one['order']}: {one['zh']} {one['en']}" for one in line["warnings"]]
    said += [f"{one['freezer']}: {yuan(one['fen'] or 0)} before us" for one in line["earlier"]]
    said += [one["en"] for one in line["problems"]]
    if line["state"]["code"] != "none":
        said += [one["en"] for one in line["options"] if one["order"] or not one["allowed"]]
    return said


def _local(text: str | None) -> str:
    if text is None:
        return ""
    return datetime.fromisoformat(text).astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
