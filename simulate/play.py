"""Plays one world from its settings and writes all its files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from simulate import (
    access,
    calls,
    cash,
    handover,
    logins,
    registers,
    replaced,
    reports,
    swaps,
    truth,
    waybills,
)
from simulate.accounts import World, build
from simulate.casting import Casting
from simulate.emergent import record
from simulate.events import Events, join
from simulate.laundering import Case, Laundering
from simulate.ledger import Ledger, book_rows
from simulate.lookalike import asleep_accounts, lookalikes
from simulate.ordinary import everyday
from simulate.patterns import PatternBook
from simulate.purse import Purse
from simulate.ring import Ring
from simulate.ring_calls import ring_calls
from simulate.settings import Settings
from simulate.sheets import SheetWriter
from simulate.sims import issue
from simulate.swaps import Swaps
from simulate.tracing import Flows, trace

Progress = Callable[[str], None]
STEPS = 12


@dataclass(slots=True)
class Played:
    """A world in which everything has happened, before it is written."""

    world: World
    rings: list[Ring]
    cases: list[Case]
    events: Events
    ledger: Ledger
    flows: Flows
    patterns: PatternBook
    swapped: Swaps | None = None
    freezes: Sequence[reports.ControlRow] = ()


def play(settings: Settings, step: Progress) -> Played:
    """Let ordinary life and the rings happen; the same settings give the same world."""
    step("people and accounts")
    world = build(settings)
    rings = Casting(world).rings()
    stock = replaced.stock(world, rings) if settings.swaps else {}
    step("ordinary life")
    spared = {card.account for ring in rings for card in ring.cards}
    ordinary = join([*everyday(world), cash.cash_and_fees(world)])
    ordinary = handover.silence(world, rings, ordinary, asleep_accounts(world, spared))
    ordinary = join([ordinary, *(handover.silence(world, rings, part) for part in lookalikes(world, spared))])
    ordinary = join([ordinary, cash.mishaps(world, ordinary), handover.dormant_history(world, rings)])
    emptied, opening = handover.empty_before_sale(world, rings, ordinary)
    step("rings")
    book = PatternBook()
    purse = Purse(world, settings.stream("laundering"), book)
    laundering = Laundering(world, purse, _victims(world, rings))
    for ring in rings:
        laundering.play(ring)
    first = len(ordinary) + len(emptied)
    _shift(book, laundering.cases, first)
    events = join([ordinary, emptied, purse.events()])
    access.resolve(world, events)
    swapped: Swaps | None = None
    freezes: list[reports.ControlRow] = []
    if settings.swaps:
        swapped = swaps.plan(world, rings)
        swaps.events_swapped(swapped, events)
        freezes = replaced.exchange(world, rings, stock, events, laundering.cases, swapped)
    step("ledgers")
    ledger = book_rows(world, events, opening)
    record(world, rings, laundering.cases, events, ledger, book)
    step("tracing")
    flows = trace(events, ledger)
    return Played(world, rings, laundering.cases, events, ledger, flows, book, swapped, freezes)


def _victims(world: World, rings: list[Ring]) -> list[int]:
    """Grown-ups with an account at a reporting bank and no part in any ring, in a random order."""
    rng = world.settings.stream("victims")
    people, accounts = world.people, world.accounts
    members = np.array([person for ring in rings for person, _ in ring.everyone()], dtype=np.int64)
    fit = np.flatnonzero(
        (accounts.bank[world.main[: people.locals_]] < 6) & (people.birth_year[: people.locals_] < 2004)
    )
    return [int(person) for person in rng.permutation(np.setdiff1d(fit, members))]


def _shift(book: PatternBook, cases: list[Case], first: int) -> None:
    """Turn handles of the purse into indexes of all events."""
    book.patterns = [replace(p, events=tuple(event + first for event in p.events)) for p in book.patterns]
    for case in cases:
        case.payments = [replace(payment, event=payment.event + first) for payment in case.payments]


def write(played: Played, folder: Path, step: Progress) -> list[tuple[str, int]]:
    """Write source files and truth into a folder that exists; gives file names with row counts."""
    world, rings, cases, book = played.world, played.rings, played.cases, played.patterns
    text = SheetWriter(world, played.events, played.ledger)
    step("bank sheets")
    made = text.write(folder)
    step("registers")
    made.append(registers.write_people(world, folder))
    made += registers.write_accounts(world, played.ledger, text, folder)
    sims, swapped = issue(world, rings, book), played.swapped
    if swapped is not None:
        swaps.register(world, rings, swapped, sims)
    made.append(registers.write_sims(world, sims, folder))
    step("call records")
    everyday_calls = calls.everyday_calls(world, sims, int(0.25 * world.settings.scale))
    of_rings = ring_calls(world, rings, cases, sims, book)
    if swapped is not None:
        swaps.ring_calls_swapped(world, rings, swapped, of_rings)
    all_calls = calls.join_calls([everyday_calls, of_rings])
    if swapped is not None:
        swaps.calls_swapped(swapped, all_calls)
    made += calls.write_calls(all_calls, folder)
    step("logins")
    bank = logins.bank_logins(world, played.events, 0.25)
    logins.plant_shared(world, rings, bank, book)
    chat = logins.chat_logins(world, rings)
    if swapped is not None:
        swaps.bank_logins_swapped(swapped, bank)
        swaps.chat_logins_swapped(world, rings, swapped, chat)
    made += logins.write_logins(world, bank, chat, folder)
    step("waybills")
    made += waybills.write_waybills(world, waybills.ring_parcels(world, rings, book), folder)
    step("reports")
    made.append(reports.write_cases(world, cases, folder))
    made.append(reports.write_tips(world, rings, sims, folder))
    made.append(reports.write_lists(world, rings, folder))
    made.append(reports.write_controls(world, cases, folder, played.freezes))
    step("truth")
    write_truth(played, text, folder / "truth")
    return made


def write_truth(played: Played, text: SheetWriter, folder: Path) -> None:
    """Write the truth files."""
    folder.mkdir(exist_ok=True)
    world, rings, cases, book = played.world, played.rings, played.cases, played.patterns
    truth.write_persons(world, rings, cases, folder)
    truth.write_accounts(world, rings, played.flows, text, folder)
    serial = truth.write_transfers(
        world, rings, cases, played.events, played.ledger, played.flows, book.by_event(), folder
    )
    truth.write_flows(world, cases, played.flows, folder)
    truth.write_patterns(book, serial, folder)
    if played.swapped is not None:
        truth.write_changes(world, rings, played.swapped, folder)
