"""Makes the canonical tables anew from all batches in force."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from graph.lake.home import LakeHome
from graph.lake.tables import write_tables
from ingest.judgements import Judgements
from ingest.kept.from_last import Kept, keep
from ingest.ledger import BatchRecord, Ledger
from ingest.settle.accounts import add_accounts, add_cards
from ingest.settle.amlsim import add_amlsim
from ingest.settle.bank import Bank, settle_bank
from ingest.settle.calls import add_calls, add_sims
from ingest.settle.cards import CardBook, book_of, stated_pairs
from ingest.settle.collect import Collector
from ingest.settle.derived import with_derived
from ingest.settle.holdings import find_holdings
from ingest.settle.logins import add_logins
from ingest.settle.moved import moves
from ingest.settle.outcome import REPORT, Settled
from ingest.settle.parcels import add_parcels
from ingest.settle.persons import add_holdings, add_named, add_persons, with_party
from ingest.settle.reports import add_cases, add_controls, add_lists, add_tips
from ingest.settle.same import with_same_as
from ingest.settle.sheets import sheets_of
from ingest.settle.sources import Sources
from ingest.settled import made_of


@dataclass(frozen=True, slots=True)
class Frames:
    """The canonical tables (catalog columns), the report, and what an increment needs to know of them."""

    tables: dict[str, pl.DataFrame]
    report: dict[str, Any]
    kept: Kept


def settle_anew(home: LakeHome, ledger: Ledger) -> Settled:
    """Make all tables out of the batches in force; the caller is the one writer."""
    frames = settled_frames(Sources(home, ledger.batches()))
    tables, report = frames.tables, frames.report
    tables, report["judged"] = _with_judged(home, ledger.batches(), tables)
    now = made_of(home, ledger)
    keep(home, ledger, now, frames.kept)
    ledger.save_report(REPORT, report)
    # Last: the tables say what they were made of, so a run that ends before here is settled again.
    return Settled(write_tables(home, tables, now), report)


def _with_judged(
    home: LakeHome, batches: Sequence[BatchRecord], frames: dict[str, pl.DataFrame]
) -> tuple[dict[str, pl.DataFrame], dict[str, Any]]:
    """The tables with SAME_AS; a judged record that another file's equal row stands for is found again."""
    kept = Judgements(home)
    judged = kept.in_force()
    if judged:
        kept.remember_moves(moves(home, batches, judged, frames.get("Person")))
    return with_same_as(frames, kept.current())


def settled_frames(sources: Sources) -> Frames:
    """What all rows tell, by type; writes nothing."""
    found = Collector()
    sheets, registers = sheets_of(sources.stored("bank_sheet")), sources.rows("account_register")
    pairs = stated_pairs(registers, sheets)
    book = book_of(pairs)
    bank = settle_bank(sheets, registers, book, found)
    sim_rows = sources.rows("sim_register")
    sims = find_holdings(sim_rows)
    add_persons(sources.rows("person_register"), found)
    add_accounts(registers, book, sims, found)
    add_cards(book, found)
    held = with_party(add_sims(sim_rows, sims, found), "holder_id", "holder_name")
    add_named(held, "holder_name", found, 1)
    add_holdings(held, "sim", "Sim", "opened", "until", found)
    calls = add_calls(sources.rows("call_records"), sims, found)
    accounts = _known_accounts(bank, registers, book)
    add_logins(sources.rows("login_log"), accounts, book, sims, found)
    add_parcels(sources.rows("waybills"), sims, found)
    add_cases(sources.rows("cases"), book, sims, found)
    add_controls(sources.rows("controls"), book, found)
    add_lists(sources.rows("lists"), accounts, book, sims, found)
    add_tips(sources.rows("tips"), accounts, book, sims, found)
    add_amlsim(sources.rows("amlsim_nodes"), sources.rows("amlsim_transactions"), found)
    kept = Kept(found.statements("Account"), found.statements("Merchant"), pairs, bank.rows_by_file)
    report = {**bank.report, "calls": asdict(calls)}
    return Frames(with_derived(found.tables()), report, kept)


def _known_accounts(bank: Bank, registers: pl.DataFrame, book: CardBook) -> pl.Series:
    """Every account and card number that registers and sheets name as their own."""
    return pl.concat(
        [
            registers["account"].drop_nulls(),
            registers["card"].drop_nulls(),
            bank.ledgers.grades["ledger"].drop_nulls(),
            book.pairs["card"],
            book.pairs["account"],
        ]
    ).unique()
