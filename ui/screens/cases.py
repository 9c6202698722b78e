"""Cases: what each one holds, what detection and people say of it, and the ways on to money and chart."""

from datetime import datetime

import streamlit as st

from cases.case_sheet import CaseLinks, CaseSheet, case_links, case_sheets
from cases.findings_status.words import status_said
from detect.results import Detection
from export.signs import local_text, money_text
from funds.controls.reading import read_controls
from funds.known import last_instant
from graph.contract import Ref
from ui import deep_links
from ui.chart_shelf import charts_here, title_text
from ui.desk import Desk, detection, kept_while
from ui.finding_row import finding_row
from ui.finding_work import work_on
from ui.gang_gallery import choose_gang
from ui.navigate import follow_money, go, open_on_chart
from ui.plain_text import as_text
from ui.saved_charts import open_saved
from ui.tables import Row, show_table

_SHOWN, _FINDINGS = 2_000, 200


def show(desk: Desk) -> None:
    """Draw the screen."""
    words = desk.words
    st.header(words("nav.cases"))
    if desk.empty:
        st.info(words("empty.lake"), icon=":material/info:")
        return
    sheets = kept_while("case_sheets", desk.state, words("cases.working"), lambda: case_sheets(desk.tables))
    if not sheets:
        st.info(words("cases.none"), icon=":material/info:")
        if st.button(words("nav.load"), type="primary"):
            go("load")
        return
    found, _ = detection(desk)
    linked = deep_links.found("case", sheets, lambda one: _handle(desk, one))
    if linked is not None:
        st.session_state["case_linked"] = linked.number
    text = (
        st.text_input(words("cases.search"), key="cases_search", icon=":material/search:").strip().casefold()
    )
    wanted = [one for one in sheets if text in f"{one.number} {one.fraud_type} {one.unit}".casefold()][
        :_SHOWN
    ]
    st.caption(words("cases.counts", n=f"{len(wanted):,}", of=f"{len(sheets):,}"))
    if not wanted:
        st.info(words("cases.none_fits"), icon=":material/info:")
        return
    picked = show_table(desk, [_row(desk, one) for one in wanted], key="cases", download="cases", select=True)
    last = next((one for one in wanted if one.number == st.session_state.get("case_linked")), wanted[0])
    sheet = wanted[picked] if picked is not None else last
    deep_links.shown("cases", case=_handle(desk, sheet))
    _one(desk, sheet, found)


def _handle(desk: Desk, sheet: CaseSheet) -> str:
    return desk.handles.of_ref(Ref("Case", sheet.number))


def _row(desk: Desk, sheet: CaseSheet) -> Row:
    words = desk.words
    return {
        words("frame.case_no"): desk.scope.key(Ref("Case", sheet.number)),
        words("cases.fraud_type"): sheet.fraud_type,
        words("cases.unit"): sheet.unit,
        words("cases.status"): sheet.status,
        words("cases.opened"): local_text(sheet.opened_at),
        words("cases.reports"): len(sheet.reports),
        words("cases.victims"): sheet.victims,
        words("cases.loss"): _loss(desk, sheet),
        words("cases.payees"): len(sheet.payees),
    }


def _loss(desk: Desk, sheet: CaseSheet) -> str:
    """The stated losses; reports that state none are counted beside them, not taken for nothing."""
    if not sheet.reports:
        return desk.words("cases.unknown")
    said = money_text(sheet.loss_fen)
    return f"{said} + {desk.words('cases.unstated', n=sheet.unstated)}" if sheet.unstated else said


def _one(desk: Desk, sheet: CaseSheet, found: Detection | None) -> None:
    words = desk.words
    number = desk.scope.key(Ref("Case", sheet.number))
    st.subheader(as_text(f"{number} {sheet.fraud_type}"))
    figures = {
        words("cases.reports"): f"{len(sheet.reports):,}",
        words("cases.victims"): f"{sheet.victims:,}",
        words("cases.loss"): _loss(desk, sheet),
        words("cases.paid"): money_text(sheet.paid_fen) if sheet.payments else words("cases.unknown"),
        words("cases.payees"): f"{len(sheet.payees):,}",
    }
    for column, (label, value) in zip(st.columns(len(figures)), figures.items(), strict=True):
        column.metric(label, value, border=True)
    st.caption(words("cases.figures_note"))
    with st.container(horizontal=True):
        if st.button(words("money.follow"), type="primary", icon=":material/account_tree:", key="case-money"):
            follow_money(Ref("Case", sheet.number), number)
        if st.button(words("gangs.open_chart"), icon=":material/hub:", key="case-chart"):
            open_on_chart(sheet.refs)
        if st.button(words("nav.refund"), icon=":material/currency_yuan:", key="case-refund"):
            go("refund")
        if st.button(words("nav.freeze"), icon=":material/ac_unit:", key="case-freeze"):
            go("freeze")
    _clocks(desk, sheet)
    if found is None:
        st.info(words("empty.detection"), icon=":material/info:")
    else:
        links = case_links(sheet, found)
        left, right = st.columns(2, gap="medium")
        with left:
            _gangs(desk, links)
        with right:
            _others(desk, links)
        _findings(desk, found, links)
    _charts(desk, sheet)


def _clocks(desk: Desk, sheet: CaseSheet) -> None:
    """Stops and freezes in force on the payees at the last instant of the data, the next to end first."""
    words = desk.words
    st.markdown(f"**{words('cases.clocks')}**")
    end = kept_while("cases_end", desk.state, words("cases.working"), lambda: last_instant(desk.tables))
    if end is None or not sheet.payees:
        st.caption(words("cases.no_clocks"))
        return
    readings = read_controls(desk.tables, end, sheet.payees)
    running = [(key, order) for key, reading in sorted(readings.items()) for order in reading.sure_holds]
    doubts = sum(bool(reading.problems) for reading in readings.values())
    rows = [
        {
            words("mules.account"): desk.scope.key(Ref("Account", key)),
            words("cases.order"): order.number,
            words("cases.since"): local_text(order.started_at),
            words("cases.until"): local_text(order.ends_at),
        }
        for key, order in sorted(
            running, key=lambda one: (_later(one[1].ends_at, end), one[0], one[1].number)
        )
    ]
    st.caption(words("cases.clocks_at", at=local_text(end), doubts=doubts))
    if rows:
        show_table(desk, rows, key="case-clocks")
    else:
        st.caption(words("cases.no_clocks"))


def _later(at: datetime | None, end: datetime) -> float:
    return (at - end).total_seconds() if at is not None else float("inf")


def _gangs(desk: Desk, links: CaseLinks) -> None:
    words = desk.words
    st.markdown(f"**{words('cases.gangs')}**")
    if not links.gangs:
        st.caption(words("cases.no_gangs"))
        return
    rows = [
        {
            words("gangs.choose"): one.gang_id,
            words("cases.payees_in"): one.payees,
            words("gangs.members"): one.members,
        }
        for one in links.gangs
    ]
    picked = show_table(desk, rows, key="case-gangs", select=True)
    if picked is not None and st.button(words("cases.open_gang"), key="case-gang", icon=":material/groups:"):
        choose_gang(links.gangs[picked].gang_id)
        go("gangs")


def _others(desk: Desk, links: CaseLinks) -> None:
    words = desk.words
    st.markdown(f"**{words('cases.others')}**")
    if not links.others:
        st.caption(words("cases.no_others"))
        return
    numbers = list(links.others)
    rows = [
        {
            words("frame.case_no"): desk.scope.key(Ref("Case", number)),
            words("cases.by"): ", ".join(
                sorted({f"{one.rule} {words.type_label(one.subject.type)}" for one in findings})
            ),
            words("nav.findings"): len(findings),
        }
        for number, findings in links.others.items()
    ]
    picked = show_table(desk, rows, key="case-others", select=True)
    if picked is not None and st.button(words("cases.open_other"), key="case-other", icon=":material/hub:"):
        things = [one.subject for one in links.others[numbers[picked]]]
        open_on_chart([Ref("Case", numbers[picked]), *things])


def _findings(desk: Desk, found: Detection, links: CaseLinks) -> None:
    words = desk.words
    st.markdown(f"**{words('nav.findings')}** ({len(links.findings)})")
    if not links.findings:
        st.caption(words("cases.no_findings"))
        return
    known = work_on(desk, found)
    shown = links.findings[:_FINDINGS]
    rows = [
        finding_row(desk, one)
        | ({words("work.status"): status_said(known[0].of(one).status, words.language)} if known else {})
        for one in shown
    ]
    picked = show_table(desk, rows, key="case-findings", select=True)
    if picked is not None and st.button(
        words("cases.open_finding"), key="case-finding", icon=":material/rule:"
    ):
        st.session_state["finding_linked"] = desk.handles.of("finding", shown[picked].finding_id)
        go("findings")


def _charts(desk: Desk, sheet: CaseSheet) -> None:
    words = desk.words
    st.markdown(f"**{words('nav.charts')}**")
    mine = [one for one in charts_here(desk) if one.case_no == sheet.number]
    if not mine:
        st.caption(words("cases.no_charts"))
        return
    rows = [
        {
            words("charts.title"): title_text(desk, one.title),
            words("charts.owner"): one.owner,
            words("charts.at"): local_text(one.last.at),
            words("charts.items"): one.last.nodes,
        }
        for one in mine
    ]
    picked = show_table(desk, rows, key="case-charts", select=True)
    pressed = st.button(words("charts.open"), key="case-open-chart", disabled=picked is None)
    if pressed and picked is not None and open_saved(desk, mine[picked].handle):
        go("explore")
