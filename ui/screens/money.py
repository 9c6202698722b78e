"""Follow the money: a case's flow by levels, replayed by the hour, with the rows behind every amount."""

import streamlit as st

from export.signs import local_text, money_text
from funds.answer import notice_record
from funds.flow import Flow, towards
from graph.errors import DuanlianError
from ui.canvas.flow import money_flow
from ui.desk import Desk
from ui.money.behind import HELD, PAID, behind, show_behind
from ui.money.chart import Names, chart_of
from ui.money.lines import show_compared, show_lines
from ui.money.link import said_in_link, taken_from_link
from ui.money.memory import keep, remember_widgets
from ui.money.question import Question, asked, victim_text
from ui.money.replay import Moment, mode_of, moment_of, span_of
from ui.money.traces import Breadth, Told, told, told_flow
from ui.plain_text import as_text

_VIEWS = ("bands", "columns", "lines", "compare")
_BREADTHS: dict[str, Breadth] = {"lines": "interval", "compare": "every"}
_CHOSEN = "money_chosen"
_FOLDS = (20, 40, 80, 200)


def show(desk: Desk) -> None:
    """Draw the screen."""
    words = desk.words
    st.header(words("nav.money"))
    if desk.empty:
        st.info(words("empty.lake"), icon=":material/info:")
        return
    st.caption(f"{words('frame.opinion')} · {words('money.note')}")
    taken_from_link(desk)
    question = asked(desk)
    said_in_link(desk, question)
    if question is not None:
        _work(desk, question)
    remember_widgets("money_cases")


@st.fragment
def _work(desk: Desk, question: Question) -> None:
    """Slider, chart and rows redraw together, without the rest of the page."""
    try:
        _answer(desk, question)
    except DuanlianError as error:
        st.error(error.message)
    remember_widgets()


def _answer(desk: Desk, question: Question) -> None:
    words = desk.words
    whole = told(desk, question)
    if not any(whole.found.traced[whole.method].claims.paid_fen):
        st.info(words("money.nothing_paid"), icon=":material/info:")
        _notices(desk, whole)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = st.segmented_control(
            words("money.view"),
            _VIEWS,
            key=keep("money_view", "bands"),
            format_func=lambda name: words(f"money.view_{name}"),
            required=True,
        )
        mode = mode_of(desk, bounds=question.method == "poison")
        percent = st.number_input(
            words("money.share"), 0.0, 100.0, step=0.5, key=keep("money_share", 1.0), width=190
        )
        currency = _currency(desk, whole)
    moment = moment_of(desk, span_of(whole), mode)
    breadth = _BREADTHS.get(view or "", "one")
    one = told(desk, question, moment.at if moment.mode == "known" else None, breadth)
    _told_of(desk, question, one, moment)
    names = Names(desk, one.books.cases)
    if view == "lines":
        if moment.mode == "there":
            st.info(words("money.lines_whole"), icon=":material/info:")
        show_lines(
            desk,
            names,
            one,
            percent / 100,
            currency,
            question.account if question.direction == "backward" else None,
        )
    elif view == "compare":
        if moment.mode == "there":
            st.info(words("money.lines_whole"), icon=":material/info:")
        show_compared(desk, names, one, currency)
    else:
        _drawn(desk, question, one, moment, names, view or "bands", percent / 100, currency)
    _notices(desk, one)


def _drawn(
    desk: Desk,
    question: Question,
    one: Told,
    moment: Moment,
    names: Names,
    view: str,
    share: float,
    currency: str,
) -> None:
    words = desk.words
    known = moment.at if moment.mode == "known" else None
    whole = told_flow(desk, one, share, currency, known, moment.at if moment.mode == "there" else None)
    _sums(desk, whole)
    flow, left_out = whole, 0
    if question.direction == "backward":
        flow, left_out = towards(whole, ("account", question.account or ""))
        _came(desk, names, flow, question.account or "")
    most = int(st.session_state.get(keep("money_most", 40), 40))
    chart = chart_of(desk, flow, one.books, most)
    chosen = st.session_state.get(_CHOSEN)
    left, right = st.columns([13, 7], gap="small")
    with left:
        money_flow(
            chart.data,
            key="money-flow",
            words={
                "aria_label": words("money.aria"),
                "empty": words("money.empty_known" if known else "money.empty_flow"),
            },
            view="columns" if view == "columns" else "bands",
            lang=desk.words.language,
            chosen=chosen,
            on_choose=_choose,
        )
        if left_out:
            st.caption(words("money.left_out", fen=money_text(left_out, currency)))
        _under(desk, flow, chart.picture.folded)
    with right:
        show_behind(desk, names, one.books, flow, behind(desk, names, whole, flow, chart, chosen))


def _choose(ident: str | None) -> None:
    """Called before the script body: what the chart chose; the sums above let go of theirs."""
    st.session_state[_CHOSEN] = ident
    st.session_state["money_sums"] = None


def _choose_sum() -> None:
    st.session_state[_CHOSEN] = st.session_state.get("money_sums")


def _sums(desk: Desk, flow: Flow) -> None:
    """Paid = held + ended, each amount to be clicked."""
    words = desk.words
    amounts = {PAID: (words("money.paid"), flow.paid_fen), HELD: (words("money.held"), flow.held_fen)}
    for stop in flow.stops:
        if stop.point[0] == "sink":
            name = stop.point[1]
            amounts[f"sink-{name}"] = (words(f"money.sink_{name}"), stop.received_fen)
    st.pills(
        words("money.sums"),
        list(amounts),
        key="money_sums",
        format_func=lambda name: f"{amounts[name][0]} {money_text(amounts[name][1], flow.currency)}",
        on_change=_choose_sum,
        label_visibility="collapsed",
    )
    if flow.conserved:
        ended, moving = (money_text(fen, flow.currency) for fen in (flow.ended_fen, flow.under_way_fen))
        paid, held = (money_text(fen, flow.currency) for fen in (flow.paid_fen, flow.held_fen))
        name = "money.equation_moving" if flow.under_way_fen else "money.equation"
        st.caption(words(name, paid=paid, held=held, ended=ended, moving=moving))
    else:
        st.warning(words("money.bounds"), icon=":material/warning:")


def _came(desk: Desk, names: Names, flow: Flow, account: str) -> None:
    """What came to the account that was asked for, and what of it lies there."""
    for stop in flow.stops:
        if stop.point == ("account", account):
            received, held = (money_text(fen, flow.currency) for fen in (stop.received_fen, stop.held_fen))
            said = desk.words("money.came", account=names.of(stop.point), received=received, held=held)
            st.markdown(as_text(said))


def _told_of(desk: Desk, question: Question, one: Told, moment: Moment) -> None:
    """How the result was made, and until when."""
    words = desk.words
    at = moment.at if moment.mode == "known" else one.books.at
    parts = [words(f"money.method_{question.method}"), f"{words('frame.data_until')} {local_text(at)}"]
    if question.direction != "case":
        traced = one.found.traced[one.method]
        victims = [n for n, fen in zip(traced.claims.victims, traced.claims.paid_fen, strict=True) if fen]
        shown = [victim_text(desk.scope, name, name in one.books.cases) for name in victims[:6]]
        parts.append(
            words(
                "money.of_cases", n=len(victims), cases=", ".join(shown) + ("…" if len(victims) > 6 else "")
            )
        )
    st.caption(" · ".join(parts))


def _under(desk: Desk, flow: Flow, folded: int) -> None:
    words = desk.words
    accounts = sum(stop.point[0] == "account" for stop in flow.stops)
    st.caption(words("money.drawn", accounts=accounts, folded=folded, links=len(flow.links)))
    st.select_slider(words("money.most"), _FOLDS, key=keep("money_most", 40), width=260)
    st.caption(words("money.legend"))


def _currency(desk: Desk, one: Told) -> str:
    claims = one.found.traced[one.method].claims
    paid = zip(claims.currencies, claims.paid_fen, strict=True)
    names = sorted({name for name, fen in paid if fen}, key=lambda name: (name != "CNY", name))
    if len(names) < 2:
        return names[0]
    return str(
        st.selectbox(desk.words("money.currency"), names, key=keep("money_currency", names[0]), width=120)
    )


def _notices(desk: Desk, one: Told) -> None:
    """What limits this trace, as sentences; report numbers masked as everywhere."""
    words = desk.words

    def named(name: str) -> str:
        return victim_text(desk.scope, name, name in one.books.cases)

    said = [notice_record(notice, named)[words.language] for notice in one.found.traced[one.method].notices]
    with st.expander(words("money.notices", n=len(said)), expanded=bool(said)):
        for sentence in said:
            st.markdown(f"- {as_text(sentence)}")
