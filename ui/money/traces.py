"""Traces that the money screen shows, made once a session for each state of the lake and each question."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

import numpy as np
import streamlit as st

from cases.access import Action, Context, Target
from cases.reading import permitted
from funds.book import GAP, LEDGER
from funds.cells import FIRST_VICTIM
from funds.claims import Claims, reported_claims
from funds.comparison import Comparison, compare
from funds.controls.reading import read_controls
from funds.flow import Flow, flow_of
from funds.known import known_at, last_instant
from funds.ledgers import Ledgers, load_ledgers
from funds.methods import METHODS, narrowed, trace_by
from graph.contract import Ref
from graph.lake.tables import LakeTables
from ui.desk import Desk, subject
from ui.money.question import Question, case_names

T = TypeVar("T")
Breadth = Literal["one", "interval", "every"]
_MOST = {"money_books": 2, "money_traces": 4, "money_told": 12, "money_flows": 48}
_SEEN = "money_audited"


@dataclass(frozen=True)
class Books:
    """The lake as it is or was known, its ledgers, its claims, and what stands beside accounts.

    gaps: places where a row is missing, by ledger. held_by_order: accounts under an order that nothing
    contradicts at `at`, the end of the data where the whole lake is asked. cases: numbers of all cases.
    """

    tables: LakeTables
    ledgers: Ledgers
    claims: Claims
    at: datetime | None
    gaps: dict[int, int]
    held_by_order: frozenset[str]
    cases: frozenset[str]


@dataclass(frozen=True)
class Told:
    """The question's victims traced; intervals can be told where all conserving methods are there."""

    books: Books
    found: Comparison
    method: str


def told(desk: Desk, question: Question, known: datetime | None = None, breadth: Breadth = "one") -> Told:
    """Trace what is asked; known: by the lake as known then. breadth: the method alone, enough for a flow;
    with the others of its interval; every method.

    The first look at a question is decided and written to the audit before anything is read.
    """
    _permit(desk, question)
    lake, working = (desk.state, known), desk.words("money.working")
    books = _kept("money_books", lake, working, lambda: _books(desk.tables, known))
    method = question.method
    traced = (*lake, breadth, "" if breadth == "every" else method)

    def trace() -> Comparison:
        if breadth == "one":
            return Comparison({method: trace_by(books.ledgers, books.claims, method)})
        return compare(books.ledgers, books.claims, METHODS if breadth == "every" else (method,))

    whole = _kept("money_traces", traced, working, trace)
    victims = _victims(question, whole)

    def tell() -> Told:
        found = Comparison({name: narrowed(one, victims) for name, one in whole.traced.items()})
        return Told(books, found, method)

    return _kept("money_told", (*traced, victims, method), working, tell)


def told_flow(
    desk: Desk, one: Told, share: float, currency: str, known: datetime | None, until: datetime | None
) -> Flow:
    """The layered flow of a trace, at an instant where `until` is given."""
    traced = one.found.traced[one.method]
    key = (desk.state, known, one.method, traced.claims.paid_fen, share, currency, until)
    return _kept(
        "money_flows",
        key,
        "",
        lambda: flow_of(traced, currency, share, None if until is None else micros(until)),
    )


def micros(at: datetime) -> int:
    """An instant in us since 1970."""
    return round(at.timestamp()) * 1_000_000 + at.microsecond


def instant(us: int) -> datetime:
    """The instant of a count of us since 1970."""
    return datetime.fromtimestamp(us // 1_000_000, UTC).replace(microsecond=us % 1_000_000)


def _victims(question: Question, whole: Comparison) -> tuple[str, ...]:
    """Whose money is told of: those asked for, or all whose money came to the account."""
    if question.victims is not None:
        return question.victims
    traced = whole.traced[question.method]
    numbers = traced.ledgers.numbers_of(question.account or "")
    owners = traced.received.filter(traced.received["ledger"].is_in(numbers))["owner"].unique()
    named = [owner - FIRST_VICTIM for owner in owners.to_list() if owner >= FIRST_VICTIM]
    return tuple(sorted({traced.claims.victims[number] for number in named}))


def _books(tables: LakeTables, known: datetime | None) -> Books:
    lake = tables if known is None else known_at(tables, known)
    at = known or last_instant(tables)
    ledgers = load_ledgers(lake)
    orders = read_controls(lake, at) if at is not None else {}
    entry = ledgers.book.entry
    places, counts = np.unique(entry[entry[:, GAP] != 0, LEDGER], return_counts=True)
    return Books(
        lake,
        ledgers,
        reported_claims(lake, ledgers),
        at,
        dict(zip(places.tolist(), counts.tolist(), strict=True)),
        frozenset(account for account, reading in orders.items() if reading.sure_holds),
        case_names(lake),
    )


def _permit(desk: Desk, question: Question) -> None:
    asked = (question.direction, question.victims, question.account)
    seen: set[Any] = st.session_state.setdefault(_SEEN, set())
    if asked in seen:
        return
    refs = [Ref("Case", name) for name in question.victims or ()]
    refs += [Ref("Account", question.account)] if question.account else []
    context = Context(case=st.session_state.get("case_no"), purpose="follow the money")
    with permitted(
        desk.home, subject(desk.settings), Action.VIEW, Target("trace"), context, datetime.now(UTC), refs
    ):
        seen.add(asked)


def _kept(name: str, key: Any, working: str, make: Callable[[], T]) -> T:
    """What `make` gives for `key`, the latest few kept in this session alone; says `working` meanwhile."""
    kept: OrderedDict[Any, T] = st.session_state.setdefault(name, OrderedDict())
    if key not in kept:
        if working:
            with st.spinner(working):
                kept[key] = make()
        else:
            kept[key] = make()
        while len(kept) > _MOST[name]:
            kept.popitem(last=False)
    kept.move_to_end(key)
    return kept[key]
