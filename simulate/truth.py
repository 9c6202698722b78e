"""The ground truth of a world as CSV: persons, accounts, transfers, flows of victims' money, patterns."""

from pathlib import Path

import numpy as np
import polars as pl

from simulate.accounts import World
from simulate.clock import ZONE_OFFSET_S
from simulate.events import DONE, Events
from simulate.identifiers import Ints, imei
from simulate.laundering import Case
from simulate.ledger import Ledger, serial_of_events
from simulate.patterns import PatternBook
from simulate.reports import case_number
from simulate.ring import Ring
from simulate.sheets import SheetWriter, serial_text
from simulate.swaps import Swaps
from simulate.tracing import Flows


def _csv(path: Path, table: pl.DataFrame) -> None:
    table.write_csv(path, line_terminator="\n")


def write_persons(world: World, rings: list[Ring], cases: list[Case], folder: Path) -> None:
    """persons.csv: person_key, ring, role; victims have role `victim` and no ring, ordinary people
    neither."""
    ring, role = [""] * world.people.count, [""] * world.people.count
    for case in cases:
        role[case.victim] = "victim"
    for one in rings:
        for person, part in one.everyone():
            ring[person], role[person] = one.name, part
    table = pl.DataFrame({"person_key": world.people.ids, "ring": ring, "role": role}).sort("person_key")
    _csv(folder / "persons.csv", table)


def write_accounts(world: World, rings: list[Ring], flows: Flows, text: SheetWriter, folder: Path) -> None:
    """accounts.csv: account, holder_key, controller_key, ring, role, level, is_mule.

    controller is the holder unless another person works the account; level is the least card level of
    DOMAIN.md 7.2 over all cases, empty where no counting transfer arrived.
    """
    count = world.accounts.count
    holder = text.holder_id[:count]
    controller = holder.to_list()
    ring, role, mule = [""] * count, [""] * count, [0] * count
    for one in rings:
        for person, part in one.everyone():
            own = int(world.main[person])
            ring[own], role[own] = one.name, part
    for one in rings:
        for card in one.cards:
            ring[card.account], role[card.account], mule[card.account] = one.name, card.role, 1
            controller[card.account] = world.people.ids[card.controller]
    level = [str(flows.level[account]) if account in flows.level else "" for account in range(count)]
    table = pl.DataFrame(
        {
            "account": world.accounts.numbers,
            "holder_key": holder,
            "controller_key": controller,
            "ring": ring,
            "role": role,
            "level": level,
            "is_mule": mule,
        }
    )
    _csv(folder / "accounts.csv", table.sort("account"))


def write_transfers(
    world: World,
    rings: list[Ring],
    cases: list[Case],
    book: Events,
    ledger: Ledger,
    flows: Flows,
    patterns: dict[int, str],
    folder: Path,
) -> pl.Series:
    """transfers.csv: every completed transfer between accounts that any sheet shows; gives each
    event's serial.

    The serial is the payer-side one; where that row was not delivered or the payer's bank does not
    report, the
    payee-side one. victim_case names the case with the largest part of the money, for ring payments only.
    """
    bank, number = serial_of_events(ledger, len(book))
    serial = serial_text(bank, number)
    ring_names = [ring.name for ring in rings] + [""]
    case_names = [case_number(case) for case in cases] + [""]
    case = np.full(len(book), len(cases), dtype=np.int64)
    for event, index in sorted(flows.main_case.items()):
        case[event] = index
    case = np.where(book.ring >= 0, case, len(cases))
    planted = np.full(len(book), 0, dtype=np.int64)
    texts = [""]
    for event, label in sorted(patterns.items()):
        planted[event] = len(texts)
        texts.append(label)
    rows = np.flatnonzero((book.payer >= 0) & (book.payee >= 0) & (book.state == DONE) & (number >= 0))
    table = pl.DataFrame(
        {
            "serial": serial.gather(rows),
            "account_from": world.accounts.numbers.gather(book.payer[rows]),
            "account_to": world.accounts.numbers.gather(book.payee[rows]),
            "ring": pl.Series(ring_names).gather(_or_last(book.ring[rows], len(rings))),
            "victim_case": pl.Series(case_names).gather(case[rows]),
            "planted_pattern": pl.Series(texts).gather(planted[rows]),
        }
    )
    _csv(folder / "transfers.csv", table.sort("serial"))
    return serial


def _or_last(index: Ints, last: int) -> Ints:
    return np.where(index < 0, last, index)


def write_flows(world: World, cases: list[Case], flows: Flows, folder: Path) -> None:
    """flows.csv: victim_case, account, received_fen (by fifo, DOMAIN.md 7.1), first_at (UTC instant)."""
    lines = []
    for (case, account), (fen, first) in sorted(flows.received.items()):
        moment = str(np.datetime64(first - ZONE_OFFSET_S, "s")) + "Z"
        lines.append((case_number(cases[case]), world.accounts.numbers[account], fen, moment))
    schema = {"victim_case": pl.String, "account": pl.String, "received_fen": pl.Int64, "first_at": pl.String}
    _csv(
        folder / "flows.csv", pl.DataFrame(lines, schema=schema, orient="row").sort("victim_case", "account")
    )


def write_patterns(book: PatternBook, serial: pl.Series, folder: Path) -> int:
    """patterns.csv: pattern_id, rule_id, kind, serial; kind says what the serial names. Gives the
    pattern count."""
    lines = []
    for pattern in book.patterns:
        lines += [
            (pattern.pattern_id, pattern.rule_id, "transfer", serial[event]) for event in pattern.events
        ]
        lines += [(pattern.pattern_id, pattern.rule_id, kind, text) for kind, text in pattern.rows]
    schema = {"pattern_id": pl.String, "rule_id": pl.String, "kind": pl.String, "serial": pl.String}
    _csv(folder / "patterns.csv", pl.DataFrame(lines, schema=schema, orient="row"))
    return len(book.patterns)


def write_changes(world: World, rings: list[Ring], swaps: Swaps, folder: Path) -> int:
    """changes.csv: kind (sim, device, account), old, new, at (UTC instant), ring, setting. Gives the count.

    setting: `ring` swapped all at once, `work_phone` a laundry phone that wore out, `frozen` an account
    replaced after its freeze, `innocent` an ordinary person (ring empty). Some never show in any record.
    """
    lines = []
    for change in swaps.changes:
        old, new = (
            world.accounts.numbers[one] if change.kind == "account"
            else str(imei(np.array([one]))[0]) if change.kind == "device"
            else str(one)
            for one in (change.old, change.new)
        )  # fmt: skip
        moment = str(np.datetime64(change.at - ZONE_OFFSET_S, "s")) + "Z"
        ring = rings[change.ring].name if change.ring >= 0 else ""
        lines.append((change.kind, old, new, moment, ring, change.setting))
    columns = ["kind", "old", "new", "at", "ring", "setting"]
    table = pl.DataFrame(lines, schema=dict.fromkeys(columns, pl.String), orient="row")
    _csv(folder / "changes.csv", table.sort(*columns))
    return len(lines)
