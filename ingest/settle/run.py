"""Settles all batches in force into the canonical tables and reports what it did."""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from graph.lake.home import LakeHome
from graph.lake.tables import LakeTables, write_tables
from ingest.judgements import Judgements
from ingest.ledger import BatchRecord
from ingest.settle.accounts import add_accounts, add_cards, add_ledgers
from ingest.settle.amlsim import add_amlsim
from ingest.settle.calls import add_calls, add_sims
from ingest.settle.cards import CardBook, card_book
from ingest.settle.collect import Collector
from ingest.settle.derived import with_derived
from ingest.settle.grades import links_by_file
from ingest.settle.holdings import find_holdings
from ingest.settle.ledgers import Ledgers, order_ledgers
from ingest.settle.logins import add_logins
from ingest.settle.money import add_money
from ingest.settle.moved import moves
from ingest.settle.parcels import add_parcels
from ingest.settle.persons import add_holdings, add_named, add_persons, with_party
from ingest.settle.reports import add_cases, add_controls, add_lists, add_tips
from ingest.settle.reversals import set_reversals_apart
from ingest.settle.same import with_same_as
from ingest.settle.sources import Sources
from ingest.settled import made_of
from ingest.writer import one_writer

logger = logging.getLogger(__name__)
REPORT = "settle"
SHEET_FIELDS = (
    "own_card", "own_account", "own_name", "own_bank", "time", "amount", "balance", "direction",
    "peer_account", "is_cash", "peer_name", "peer_bank", "memo", "currency", "branch_name", "branch_code",
    "place", "success", "terminal", "ip", "mac", "peer_balance", "serial", "merchant_name",
    "merchant_no", "remark", "kind", "reversal_mark", "region",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settled:
    """The tables in force and the report kept in the ledger."""

    tables: LakeTables
    report: dict[str, Any]


def settle(home: LakeHome) -> Settled:
    """Make the canonical tables anew from every batch in force and put them in force at once.

    The result depends on the set of different rows and on the judgements in force only: not on files, their
    order, splits or repeats. Without batches all tables are empty. InputError when a load is running.
    """
    with one_writer(home, ledger_may_be_behind=True) as ledger:
        frames, report = settled_frames(Sources(home, ledger.batches()))
        frames, report["judged"] = _with_judged(home, ledger.batches(), frames)
        ledger.save_report(REPORT, report)
        # Last: the tables say what they were made of, so a run that ends before here is settled again.
        tables = write_tables(home, frames, made_of(home, ledger))
    logger.info("settled: %d nodes and relations", sum(tables.rows.values()))
    return Settled(tables, report)


def _with_judged(
    home: LakeHome, batches: Sequence[BatchRecord], frames: dict[str, pl.DataFrame]
) -> tuple[dict[str, pl.DataFrame], dict[str, Any]]:
    """The tables with SAME_AS; a judged record that another file's equal row stands for is found again."""
    kept = Judgements(home)
    judged = kept.in_force()
    if judged:
        kept.remember_moves(moves(home, batches, judged, frames.get("Person")))
    return with_same_as(frames, kept.current())


def settled_frames(sources: Sources) -> tuple[dict[str, pl.DataFrame], dict[str, Any]]:
    """The canonical tables (catalog columns) and the report, from rows by template; writes nothing."""
    found = Collector()
    sheets, registers = sources.rows("bank_sheet", SHEET_FIELDS), sources.rows("account_register")
    book = card_book(registers, sheets)
    ledgers = order_ledgers(sheets, book)
    clean = set_reversals_apart(ledgers.rows)
    money = add_money(clean.rows, found)
    sim_rows = sources.rows("sim_register")
    sims = find_holdings(sim_rows)
    add_persons(sources.rows("person_register"), found)
    add_accounts(registers, book, sims, found)
    add_cards(book, found)
    add_ledgers(ledgers, registers, book, found)
    held = with_party(add_sims(sim_rows, sims, found), "holder_id", "holder_name")
    add_named(held, "holder_name", found, 1)
    add_holdings(held, "sim", "Sim", "opened", "until", found)
    calls = add_calls(sources.rows("call_records"), sims, found)
    accounts = _known_accounts(ledgers, registers, book)
    add_logins(sources.rows("login_log"), accounts, book, sims, found)
    add_parcels(sources.rows("waybills"), sims, found)
    add_cases(sources.rows("cases"), book, sims, found)
    add_controls(sources.rows("controls"), book, found)
    add_lists(sources.rows("lists"), accounts, book, sims, found)
    add_tips(sources.rows("tips"), accounts, book, sims, found)
    add_amlsim(sources.rows("amlsim_nodes"), sources.rows("amlsim_transactions"), found)
    report = {
        "money": asdict(money),
        "calls": asdict(calls),
        "reversals": {"pairs": clean.pairs, "unpaired": clean.unpaired},
        "failed_rows": ledgers.failed,
        "direction_unclear": ledgers.unclear,
        "card_conflicts": book.conflicts,
        "grades": dict(sorted(ledgers.grades["grade"].value_counts().iter_rows())),
        "gaps": ledgers.gaps.height,
        "links": links_by_file(ledgers),
    }
    return with_derived(found.tables()), report


def _known_accounts(ledgers: Ledgers, registers: pl.DataFrame, book: CardBook) -> pl.Series:
    """Every account and card number that registers and sheets name as their own."""
    return pl.concat(
        [
            registers["account"].drop_nulls(),
            registers["card"].drop_nulls(),
            ledgers.rows["ledger"].drop_nulls(),
            book.pairs["card"],
            book.pairs["account"],
        ]
    ).unique()
