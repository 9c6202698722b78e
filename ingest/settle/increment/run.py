"""Adds a few new bank sheets to the tables in force, if that gives what making all tables anew would give."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from graph.errors import UnreadableSource
from graph.lake.home import LakeHome
from graph.lake.layers import Change, no_change, write_changes
from graph.lake.tables import LakeTables, open_tables
from ingest.kept.from_last import Base, base_of, judged, keep_base
from ingest.ledger import BatchRecord, Ledger
from ingest.settle.increment.affected import Affected, affected
from ingest.settle.increment.counts import after_change, without_nothing
from ingest.settle.increment.named import all_named, known_accounts
from ingest.settle.increment.nodes import node_change, said_of_accounts, said_of_merchants
from ingest.settle.increment.partners import other_halves, stored_transfers
from ingest.settle.increment.parts import Part, parts
from ingest.settle.outcome import REPORT, Settled
from ingest.settled import made_of

logger = logging.getLogger(__name__)
SHARE = 0.1
"""Above this share of the lake's sheet rows all tables are made anew: that costs less."""
_MONEY = ("TRANSFER", "CASH_OUT", "CASH_IN")


@dataclass(frozen=True, slots=True)
class _Lake:
    """What an increment starts from: tables in force, what was kept with them, batches old and new."""

    home: LakeHome
    tables: LakeTables
    base: Base
    old: Sequence[BatchRecord]
    new: Sequence[BatchRecord]


def settle_few(home: LakeHome, ledger: Ledger, share: float) -> Settled | None:
    """The tables with the sheets that came since; None if all tables have to be made anew.

    That is so when anything but bank sheets came or went, when they say much (`share` of the lake's sheet
    rows), when they take back what earlier rows said, or when the part of the tables that they change is
    not what the lake's rows give.
    """
    lake = _start(home, ledger)
    if lake is None:
        return None
    most = int(share * sum(record.rows for record in lake.old if record.template == "bank_sheet"))
    if sum(record.rows for record in lake.new) > most:
        return None
    about = affected(home, lake.old, lake.new, lake.base.pairs, most)
    if about is None:
        return None
    stored = stored_transfers(lake.tables, about.changing)
    sheets = [record for record in lake.old if record.template == "bank_sheet"]
    before, after = parts(about, other_halves(home, sheets, stored, about.before))
    changes = _money(lake, about, stored, before, after)
    named = None if changes is None else _named(lake, about, after)
    if changes is None or named is None:
        logger.info("settling anew: new sheets change what earlier ones said")
        return None
    return _put_in_force(lake, ledger, about, (before, after), {**changes, **named})


def _start(home: LakeHome, ledger: Ledger) -> _Lake | None:
    try:
        tables = open_tables(home)
    except UnreadableSource:
        return None
    base = base_of(home, tables.made_of)
    records = ledger.batches()
    if base is None or not tables.intact or base.judged != judged(home):
        return None
    new = [record for record in records if record.content not in base.batches]
    old = [record for record in records if record.content in base.batches]
    if not new:
        return None  # whoever settles what is settled wants it made, and its batches read, again
    other = any(record.template != "bank_sheet" for record in new)
    if other or {record.content for record in old} != base.batches or len(old) != len(base.batches):
        return None
    if any(record.template.startswith("amlsim") for record in old):
        return None  # its transfers are told by no sheet
    return _Lake(home, tables, base, old, new)


def _money(
    lake: _Lake, about: Affected, stored: pl.DataFrame, before: Part, after: Part
) -> dict[str, Change] | None:
    """The changes of transfers, cash and cards; None if they say less than before or not what is stored."""
    left = before.bank.ledgers.rows.join(after.bank.ledgers.rows, on="row_key", how="anti")
    if left.height:
        return None
    changes = {}
    for name in (*_MONEY, "CARD_OF"):
        empty = no_change(name).gone
        gone, fresh = before.relations.get(name, empty), after.relations.get(name, empty)
        changes[name] = Change(gone, fresh)
        if name.startswith("CASH") and gone.join(fresh, on="event_key", how="anti").height:
            return None
    if not _as_stored(lake, about, stored, changes):
        logger.warning("settling anew: the tables are not what the rows of some accounts give")
        return None
    return changes


def _as_stored(lake: _Lake, about: Affected, stored: pl.DataFrame, changes: dict[str, Change]) -> bool:
    """Whether the part before is what the tables hold of these accounts: else nothing may build on it."""
    some = about.changing.implode()
    end = {"CASH_OUT": "from_key", "CASH_IN": "to_key"}
    held = {
        name: lake.tables.scan(name).filter(pl.col(key).is_in(some)).collect() for name, key in end.items()
    }
    held["TRANSFER"] = stored
    return all(_same(rows, changes[name].gone) for name, rows in held.items())


def _same(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    if one.height != other.height:
        return False
    return one.sort("event_key").equals(other.select(one.columns).sort("event_key"))


def _named(lake: _Lake, about: Affected, after: Part) -> dict[str, Change] | None:
    """What other sources say of numbers that became known, by type; None if that leaves a node unnamed."""
    records, home = lake.old, lake.home
    new = (
        pl.concat(
            [
                about.fresh["own_card"].alias("n"),
                about.fresh["own_account"].alias("n"),
                about.accounts.alias("n"),
            ]
        )
        .drop_nulls()
        .unique()
    )
    before = known_accounts(lake.tables, home, records, new)
    fresh = pl.concat([new.filter(~new.is_in(before.implode())), about.renamed.alias("n")]).unique()
    if fresh.is_empty():
        return {}
    tied = about.books.after.pairs.filter(pl.col("account").is_in(about.books.after.resolve(fresh).implode()))
    numbers = pl.concat(
        [fresh, about.books.after.resolve(fresh).alias("n"), tied["card"].alias("n")]
    ).unique()
    named = all_named(home, records, numbers)
    asked = named.numbers()
    known = known_accounts(lake.tables, home, records, asked)
    ledgers = after.bank.ledgers.grades["ledger"]
    pairs = about.books.after.pairs
    now = pl.concat([s.alias("number") for s in (known, ledgers, pairs["card"], pairs["account"])]).unique()
    told = named.tell(about.books.before, known).relations()
    tells = named.tell(about.books.after, now.filter(now.is_in(asked.implode()))).relations()
    changes = {
        name: Change(told.get(name, no_change(name).gone), tells.get(name, no_change(name).gone))
        for name in sorted({*told, *tells})
    }
    return _with_ends(lake, changes, about)


def _with_ends(lake: _Lake, changes: dict[str, Change], about: Affected) -> dict[str, Change] | None:
    """The changes with network accounts that turned out to be bank accounts; None for any other lost end."""
    lost: dict[str, set[str]] = {}
    for change in changes.values():
        for side in ("from", "to"):
            ends = [f"{side}_type", f"{side}_key"]
            gone = change.gone.select(ends).unique().join(change.fresh.select(ends), on=ends, how="anti")
            for kind, key in gone.iter_rows():
                lost.setdefault(kind, set()).add(key)
    lost.pop("Account", None)
    users = sorted(lost.pop("NetAccount", set()))
    if lost:
        return None
    if users:
        gone = lake.tables.scan("NetAccount").filter(pl.col("key").is_in(users)).collect()
        changes["NetAccount"] = Change(gone, gone.clear())
    return changes


def _put_in_force(
    lake: _Lake, ledger: Ledger, about: Affected, both: tuple[Part, Part], changes: dict[str, Change]
) -> Settled:
    before, after = both
    home, base, folder = lake.home, lake.base, lake.home.settling
    accounts = said_of_accounts(base.accounts, about, after)
    merchants = said_of_merchants(base.merchants, about, after)
    cards = (part.found.nodes("Card") for part in both)
    changes |= {
        "Account": node_change(lake.tables, "Account", accounts),
        "Merchant": node_change(lake.tables, "Merchant", merchants),
        "Card": Change(*cards),
    }
    pairs = about.books.pairs.filter(pl.col("card").is_in(about.books.cards.implode()))
    rows = after_change(base.rows_by_file, before.bank.rows_by_file, after.bank.rows_by_file)
    now = made_of(home, ledger)
    kept = replace(
        base,
        accounts=base.accounts.changed(folder, accounts.keys, accounts.rows),
        merchants=base.merchants.changed(folder, merchants.keys, merchants.rows),
        pairs=base.pairs.changed(folder, about.books.cards, pairs),
        rows_by_file=without_nothing(rows),
        batches=frozenset(record.content for record in (*lake.old, *lake.new)),
    )
    keep_base(home, now, kept)
    report = _report(ledger, both, kept)
    ledger.save_report(REPORT, report)
    # Last: the tables say what they were made of, so a run that ends before here is settled again.
    tables = write_changes(home, lake.tables, changes, now)
    return Settled(tables, report)


def _report(ledger: Ledger, both: tuple[Part, Part], kept: Base) -> dict[str, Any]:
    report = after_change(ledger.report(REPORT), both[0].bank.report, both[1].bank.report)
    report["grades"] = without_nothing(report["grades"])
    report["links"] = {name: pair for name, pair in report["links"].items() if name in kept.rows_by_file}
    return report
