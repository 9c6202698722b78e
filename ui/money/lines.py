"""The tables beside the flow: a line a victim and account, and all methods side by side."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

import polars as pl
import streamlit as st

from cases.access import Action, Context, Target
from cases.reading import permitted
from export.signs import local_text, money_text
from export.table import Column, Table
from export.xlsx_table import render_table_xlsx
from funds.account_lines import AccountLine, account_lines
from funds.cells import FIRST_VICTIM
from funds.parts import parts_of
from graph.contract import Ref
from graph.errors import DuanlianError
from graph.schema.kinds import Kind
from ui.desk import Desk, subject
from ui.money.behind import show_movements
from ui.money.chart import Names
from ui.money.traces import Told, instant
from ui.tables import Row, show_table
from ui.words import Words


def show_lines(desk: Desk, names: Names, one: Told, share: float, currency: str, account: str | None) -> None:
    """The table of levels with its download; a chosen line shows its movements and rows. account: only it."""
    words = desk.words
    lines = [
        line
        for line in account_lines(one.found, one.method, share)
        if line.currency == currency and account in (None, line.account)
    ]
    if not lines:
        st.info(words("money.nothing_reached"), icon=":material/info:")
        return
    rows = [_row(desk, names, line) for line in lines]
    left, right = st.columns([13, 7], gap="small")
    with left:
        st.caption(words("money.lines_n", n=len(lines)))
        picked = show_table(desk, rows, key="money-lines", download="levels", select=True)
        _workbook(desk, names, lines, "levels")
    with right:
        _line(desk, names, one, lines[picked or 0])


def show_compared(desk: Desk, names: Names, one: Told, currency: str) -> None:
    """Where the money is by each method, then what each account received by each, with the interval."""
    words, found = desk.words, one.found
    st.markdown(f"**{words('money.compared_ends')}**")
    show_table(desk, _ends(desk, one, currency), key="money-ends", download="methods")
    lines = [line for line in account_lines(found, one.method) if line.currency == currency]
    lines.sort(key=lambda line: (-line.high_fen, line.victim, line.account))
    rows = [
        {
            words("money.case"): names.of(("victim", line.victim)),
            words("mules.account"): names.of(("account", line.account)),
            **{
                words(f"money.method_{name}"): money_text(fen, currency)
                for name, fen in line.by_method.items()
            },
            words("money.low"): money_text(line.low_fen, currency),
            words("money.high"): money_text(line.high_fen, currency),
        }
        for line in lines
    ]
    st.markdown(f"**{words('money.compared_accounts')}**")
    st.caption(words("money.compared_note"))
    left, right = st.columns([13, 7], gap="small")
    with left:
        picked = show_table(desk, rows, key="money-compared", download="compared", select=True)
        if lines:
            _workbook(desk, names, lines, "compared")
    with right:
        if lines:
            _line(desk, names, one, lines[picked or 0])


def _row(desk: Desk, names: Names, line: AccountLine) -> Row:
    words, currency = desk.words, line.currency
    ends = [f"{names.of(('sink', name))} {money_text(fen, currency)}" for name, fen in line.ends.items()]
    return {
        words("money.case"): names.of(("victim", line.victim)),
        words("mules.account"): names.of(("account", line.account)),
        words("money.its_level"): "" if line.level is None else str(line.level),
        words("money.received"): money_text(line.received_fen, currency),
        words("money.low"): money_text(line.low_fen, currency),
        words("money.high"): money_text(line.high_fen, currency),
        words("money.held"): money_text(line.held_fen, currency),
        words("money.first_arrival"): local_text(instant(line.first_at)),
        words("money.movements"): line.transfers,
        words("money.ends"): "; ".join(ends),
    }


def _line(desk: Desk, names: Names, one: Told, line: AccountLine) -> None:
    """What moved this victim's money into and out of this account."""
    traced = one.found.traced[one.method]
    owners = [n + FIRST_VICTIM for n, name in enumerate(traced.claims.victims) if name == line.victim]
    numbers = traced.ledgers.numbers_of(line.account)
    mine = parts_of(traced).filter(
        pl.col("owner").is_in(owners) & (pl.col("start").is_in(numbers) | pl.col("end").is_in(numbers))
    )
    carried: dict[int, int] = defaultdict(int)
    for event, fen in mine.select("event", "fen").iter_rows():
        carried[event] += fen
    st.markdown(f"**{names.of(('victim', line.victim))}**")
    st.code(names.of(("account", line.account)), language=None)
    show_movements(desk, one.books, carried, line.currency, "line")


def _ends(desk: Desk, one: Told, currency: str) -> list[Row]:
    """A row a place of money, a column a method: paid, held and each end."""
    words, cells = desk.words, {}
    every: list[str] = []
    for name, traced in one.found.traced.items():
        owners = [n + FIRST_VICTIM for n, coin in enumerate(traced.claims.currencies) if coin == currency]
        mine = pl.col("owner").is_in(owners)
        sums = traced.sinks.filter(mine).group_by("sink").agg(pl.col("fen").sum()).sort("sink")
        ends: dict[str, int] = {words(f"money.sink_{sink}"): fen for sink, fen in sums.iter_rows()}
        paid = sum(traced.claims.paid_fen[owner - FIRST_VICTIM] for owner in owners)
        held = int(traced.held.filter(mine)["fen"].sum())
        cells[name] = {words("money.paid"): paid, words("money.held"): held, **ends}
        every += [place for place in cells[name] if place not in every]
    return [
        {
            words("money.place"): place,
            **{
                words(f"money.method_{name}"): money_text(sums.get(place, 0), currency)
                for name, sums in cells.items()
            },
        }
        for place in every
    ]


def _workbook(desk: Desk, names: Names, lines: Sequence[AccountLine], name: str) -> None:
    """The table as XLSX: decided, audited, then made; masked unless the session shows full values."""
    words, made = desk.words, f"made-{name}"
    state = (desk.state, desk.scope.full, words.language, tuple(str(line) for line in lines))
    with st.container(horizontal=True):
        if st.button(words("frame.download_xlsx"), key=f"make-{name}", icon=":material/output:"):
            try:
                st.session_state[made] = (state, _written(desk, names, lines, name))
            except DuanlianError as error:
                st.error(error.message)
        kept = st.session_state.get(made)
        if kept is not None and kept[0] == state:
            st.download_button(
                f"{name}.xlsx", kept[1], f"{name}.xlsx", key=f"get-{name}", icon=":material/download:"
            )


def _written(desk: Desk, names: Names, lines: Sequence[AccountLine], name: str) -> bytes:
    full = desk.scope.full
    reason = str(st.session_state.get("unmasked_reason") or "")
    action = Action.EXPORT_FULL if full else Action.EXPORT
    context = Context(case=st.session_state.get("case_no"), purpose=reason or "money table", reason=reason)
    refs = list(dict.fromkeys(Ref("Account", line.account) for line in lines))
    who, now = subject(desk.settings), datetime.now(UTC)
    with permitted(desk.home, who, action, Target("trace"), context, now, refs) as permit:
        permit.rows = len(lines)
        return render_table_xlsx([sheet_of(desk, names, lines, name)], desk.words.language)


def sheet_of(desk: Desk, names: Names, lines: Sequence[AccountLine], name: str) -> Table:
    """All a line holds as a table for the writers: money as numbers, the methods compared each a column."""
    fen, count, at = Kind.MONEY_FEN, Kind.COUNT, Kind.INSTANT
    methods = list(lines[0].by_method) if lines else []
    ends = sorted({end for line in lines for end in line.ends})
    heads: list[tuple[str, str, Kind]] = [
        ("case", "money.case", Kind.TEXT), ("account", "mules.account", Kind.TEXT),
        ("currency", "money.currency", Kind.TEXT), ("level", "money.its_level", count),
        ("received", "money.received", fen), ("low", "money.low", fen), ("high", "money.high", fen),
        ("held", "money.held", fen), ("first_at", "money.first_arrival", at),
        ("movements", "money.movements", count),
        *((method, f"money.method_{method}", fen) for method in methods),
        *((end, f"money.sink_{end}", fen) for end in ends),
    ]  # fmt: skip
    cells = [
        [
            names.of(("victim", line.victim)), names.of(("account", line.account)), line.currency, line.level,
            line.received_fen, line.low_fen, line.high_fen, line.held_fen, instant(line.first_at),
            line.transfers,
            *(line.by_method[method] for method in methods), *(line.ends.get(end, 0) for end in ends),
        ]
        for line in lines
    ]  # fmt: skip
    columns = tuple(Column(code, Words("zh")(word), Words("en")(word), kind) for code, word, kind in heads)
    return Table(name, Words("zh")("money.its_level"), Words("en")("money.its_level"), columns, cells)
