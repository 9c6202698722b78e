"""What the analyst asks of the money: cases or an account, forward or backward, by which method."""

from dataclasses import dataclass
from typing import Literal

import polars as pl
import streamlit as st

from cases.scope import Scope
from export.signs import money_text
from funds.claims import cases_of_payer, reported_payments
from funds.methods import DEFAULT, METHODS
from graph.contract import Ref
from graph.lake.tables import LakeTables
from ui.desk import Desk
from ui.money.memory import keep
from ui.navigate import followed_account

Direction = Literal["case", "from", "backward"]
DIRECTIONS: tuple[Direction, ...] = ("case", "from", "backward")
_OFFERED = 500


@dataclass(frozen=True, slots=True)
class Question:
    """victims: whose money is told of; None: all victims'. account: start or end of the way, if any."""

    direction: Direction
    victims: tuple[str, ...] | None
    account: str | None
    method: str


def asked(desk: Desk) -> Question | None:
    """Draw the choice; None once the screen said what is missing."""
    words = desk.words
    reported = reported_payments(desk.tables)
    if reported.is_empty():
        st.info(words("money.no_reports"), icon=":material/info:")
        return None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            words("money.direction"),
            DIRECTIONS,
            key=keep("money_direction", "case"),
            format_func=lambda name: words(f"money.by_{name}"),
            required=True,
        )
        method = st.selectbox(
            words("money.method"),
            METHODS,
            key=keep("money_method", DEFAULT),
            format_func=lambda name: words(f"money.method_{name}"),
            width=330,
        )
    direction: Direction = chosen or "case"
    if direction == "case":
        cases = _cases(desk, reported)
        if not cases:
            st.info(words("money.no_case"), icon=":material/info:")
            return None
        return Question(direction, cases, None, method)
    text = st.text_input(words(f"money.account_{direction}"), key=keep("money_account", ""))
    account = followed_account(text.strip())
    if not account:
        st.info(words("money.no_account"), icon=":material/info:")
        return None
    if direction == "backward":
        return Question(direction, None, account, method)
    victims = tuple(cases_of_payer(desk.tables, account))
    if not victims:
        st.info(words("money.no_payment_from"), icon=":material/info:")
        return None
    return Question(direction, victims, account, method)


def _cases(desk: Desk, reported: pl.DataFrame) -> tuple[str, ...]:
    sums = dict(
        reported.group_by("case")
        .agg(pl.col("amount_fen").sum())
        .sort("amount_fen", "case", descending=[True, False])
        .iter_rows()
    )
    words, names = desk.words, list(sums)
    kinds = dict(desk.tables.scan("Case").select("key", "fraud_type").collect().iter_rows())
    default = [case for case in st.session_state.get("money_kept", {}).get("money_cases", ()) if case in sums]

    def said(case: str) -> str:
        parts = (victim_text(desk.scope, case, case in kinds), kinds.get(case), money_text(sums[case]))
        return " · ".join(part for part in parts if part)

    chosen = st.multiselect(
        words("money.cases"),
        names[:_OFFERED],
        default=(default or names[:1]) if "money_cases" not in st.session_state else None,
        key="money_cases",
        format_func=said,
        placeholder=words("money.choose_cases"),
    )
    return tuple(sorted(chosen))


def victim_text(scope: Scope, name: str, is_case: bool) -> str:
    """A victim's name as this reader may see it: the case's number, else the report's."""
    return scope.key(Ref("Case" if is_case else "Report", name))


def case_names(tables: LakeTables) -> frozenset[str]:
    """The numbers of all cases."""
    return frozenset(tables.scan("Case").select("key").collect()["key"])
