"""Refund plan: who gets back what is frozen on an account, why so, and the rows behind every sum."""

from datetime import UTC, date, datetime, time, timedelta

import streamlit as st

from export.signs import local_text
from funds.controls.account import Order
from funds.known import last_instant
from funds.refund.account_plan import AccountPlan, account_plan
from funds.refund.frozen_money import frozen_accounts
from funds.refund.ground import RefundGround, refund_ground
from funds.refund.plan import RefundLine
from funds.refund.record import LAW, branch_text, refund_days
from funds.yuan import read_yuan, yuan_text
from graph.contract import Ref
from graph.errors import DuanlianError
from graph.parameters import CHINA
from ui.desk import Desk, kept_while
from ui.plain_text import as_text
from ui.request_panel import request_panel
from ui.source_rows import show_rows
from ui.tables import show_cells, show_table

_VIEWS = ("plan", "requests")


def show(desk: Desk) -> None:
    """Draw the screen."""
    words = desk.words
    st.header(words("nav.refund"))
    if desk.empty:
        st.info(words("empty.lake"), icon=":material/info:")
        return
    view = st.segmented_control(
        words("refund.view"), _VIEWS, default=_VIEWS[0], key="refund_view", required=True,
        format_func=lambda name: words(f"refund.{name}"), label_visibility="collapsed",
    )  # fmt: skip
    now = _now(desk)
    ground = kept_while(
        "refund_ground", desk.state, words("refund.working"), lambda: refund_ground(desk.tables)
    )
    frozen = frozen_accounts(desk.tables, now)
    if view == "requests":
        request_panel(desk, ground, tuple(frozen), now)
        return
    _plan(desk, ground, frozen, now)


def _now(desk: Desk) -> datetime:
    """The instant that clocks are read at, as the reader sets it; at first this moment."""
    words = desk.words
    if "refund_on" not in st.session_state:
        _set_instant(datetime.now(UTC))
    end = kept_while("refund_end", desk.state, words("refund.working"), lambda: last_instant(desk.tables))
    day, clock, present, data = st.columns([2, 2, 1, 2], vertical_alignment="bottom")
    on: date = day.date_input(words("refund.as_of"), key="refund_on", help=words("refund.as_of_help"))
    at: time = clock.time_input(words("freeze.now"), key="refund_time")
    present.button(
        words("refund.this_moment"), key="refund_present", on_click=lambda: _set_instant(datetime.now(UTC))
    )
    if end is not None:
        data.button(
            words("freeze.end_of_data"),
            key="refund_at_end",
            on_click=lambda: _set_instant(end + timedelta(seconds=59)),
        )
    return datetime.combine(on, at, tzinfo=CHINA).astimezone(UTC)


def _set_instant(instant: datetime) -> None:
    """Show an instant as day and minute, the form the fields have."""
    here = instant.astimezone(CHINA)
    st.session_state["refund_on"] = here.date()
    st.session_state["refund_time"] = here.time().replace(second=0, microsecond=0)


def _plan(desk: Desk, ground: RefundGround, frozen: dict[str, tuple[Order, ...]], now: datetime) -> None:
    words = desk.words
    account = _account(desk, frozen)
    amount, notice_on = st.columns([1, 1])
    given = amount.text_input(
        words("refund.frozen_yuan"), key="refund_frozen", placeholder=words("refund.by_freeze")
    )
    announced = notice_on.date_input(words("refund.notice_on"), value=None, key="refund_notice")
    if not account:
        st.info(words("refund.choose" if frozen else "refund.none_frozen"), icon=":material/info:")
        return
    try:
        fen = read_yuan(given) if given.strip() else None
    except ValueError:
        st.error(words("refund.bad_amount"))
        return
    try:
        found = account_plan(ground, account, now, fen)
    except DuanlianError as error:
        needed = account not in frozen or fen is None
        st.warning(words("refund.give_amount") if needed and _known(ground, account) else error.message)
        return
    _sums(desk, found)
    _branch(desk, found)
    _days(desk, found, announced)
    _victims(desk, found)
    _doubts(desk, found)


def _known(ground: RefundGround, account: str) -> bool:
    return ground.ledger(account) is not None


def _account(desk: Desk, frozen: dict[str, tuple[Order, ...]]) -> str:
    """The chosen account: a typed number goes before the list."""
    words = desk.words

    def label(key: str) -> str:
        orders = frozen[key]
        ends = local_text(orders[0].ends_at)
        return f"{desk.scope.key(Ref('Account', key))} · {orders[0].number} · {words('refund.until')} {ends}"

    listed, typed = st.columns([2, 1])
    chosen = listed.selectbox(
        words("refund.frozen_accounts", n=len(frozen)), list(frozen), key="refund_account",
        format_func=label, index=None, placeholder=words("refund.choose"),
    )  # fmt: skip
    other = typed.text_input(words("refund.other_account"), key="refund_other")
    return other.strip() or str(chosen or "")


def _sums(desk: Desk, found: AccountPlan) -> None:
    words, plan = desk.words, found.plan
    st.subheader(desk.scope.key(Ref("Account", plan.frozen.account)))
    for place, (name, fen) in zip(
        st.columns(4),
        (
            ("frozen", plan.frozen.fen),
            ("refunds", plan.refund_fen),
            ("kept", plan.kept_fen),
            ("balance", found.balance_fen),
        ),
        strict=True,
    ):
        place.metric(words(f"refund.{name}"), words("refund.unknown") if fen is None else yuan_text(fen))


def _branch(desk: Desk, found: AccountPlan) -> None:
    words, language = desk.words, desk.words.language
    law = LAW[0 if language == "zh" else 1]
    st.markdown(f"**{words('refund.branch')}** {branch_text(found.plan.branch, language)}")
    st.caption(law)
    for test in found.plan.tests:
        if not test.applies:
            name = branch_text(test.branch, language)
            st.caption(f"{words('refund.not')} {name}: {' '.join(test.said(language))}")


def _days(desk: Desk, found: AccountPlan, announced: date | None) -> None:
    words = desk.words
    days = refund_days(found, announced)
    if not found.plan.needs_notice:
        st.caption(words("refund.no_notice"))
    elif days.announced_on is None:
        st.info(words("refund.notice_first"), icon=":material/campaign:")
    else:
        st.markdown(
            words(
                "refund.days",
                notice=days.announced_on.isoformat(),
                last=days.last_on.isoformat() if days.last_on else "",
                first=days.decide_on.isoformat() if days.decide_on else "",
                bank=days.bank_by.isoformat() if days.bank_by else "",
            )
        )


def _victims(desk: Desk, found: AccountPlan) -> None:
    """The table; any cell of a line opens the rows by which that victim's money came."""
    words, lines = desk.words, found.plan.lines
    if not lines:
        st.info(words("refund.nobody"), icon=":material/info:")
        return
    rows = [
        {
            words("refund.victim"): desk.scope.key(Ref("Report", line.claim.victim)),
            words("refund.loss"): yuan_text(line.claim.loss_fen),
            words("refund.before"): yuan_text(line.claim.refunded_fen),
            words("refund.came"): " – ".join(yuan_text(fen) for fen in found.received[line.claim.victim]),
            words("refund.share"): str(line.share_fen),
            words("refund.floor"): yuan_text(line.floor_fen),
            words("refund.extra"): line.extra_fen,
            words("refund.refund"): yuan_text(line.refund_fen),
        }
        for line in lines
    ]
    st.caption(words("refund.click"))
    number = show_cells(desk, rows, key="refund-lines", download="refund") or 0
    _proof(desk, lines[number])
    for one in found.plan.refused:
        st.caption(f"{as_text(one.victim)}: {one.said(words.language)}")


def _proof(desk: Desk, line: RefundLine) -> None:
    words = desk.words
    st.markdown(
        f"**{words('refund.proof', victim=as_text(desk.scope.key(Ref('Report', line.claim.victim))))}**"
    )
    show_table(
        desk,
        [
            {
                words("explore.at"): local_text(one.at),
                words("refund.least"): yuan_text(one.fen if one.least_fen is None else one.least_fen),
                words("refund.most"): yuan_text(one.fen),
                words("refund.way"): words("refund.direct" if one.direct else "refund.over"),
                words("mules.rows"): len(one.rows),
            }
            for one in line.claim.arrivals
        ],
        key="refund-arrivals",
    )
    show_rows(desk, [row for one in line.claim.arrivals for row in one.rows], key="refund-rows")


def _doubts(desk: Desk, found: AccountPlan) -> None:
    words = desk.words
    st.markdown(f"**{words('refund.doubts')}**")
    for doubt in found.doubts:
        st.markdown(f"- {as_text(doubt.said(words.language))}")
    data_to = local_text(found.data_to) or words("refund.unknown")
    st.caption(words("refund.made_of", grade=found.plan.frozen.grade, to=data_to))
