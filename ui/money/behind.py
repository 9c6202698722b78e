"""The panel beside the flow: what was chosen, the movements that carried it, and their source rows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from export.signs import local_text, money_text
from funds.flow import Flow, Link, Stop
from funds.source_rows import rows_behind
from graph.contract import Ref
from ui.desk import Desk
from ui.money.chart import Chart, Names, title_of
from ui.money.traces import Books, instant
from ui.navigate import open_on_chart
from ui.plain_text import as_text
from ui.source_rows import show_rows
from ui.tables import Row, show_table

PAID, HELD, UNDER_WAY = "sum-paid", "sum-held", "sum-under_way"


@dataclass(frozen=True, slots=True)
class Behind:
    """What a chosen amount rests on: movement (by number) -> fen traced here, and the stops it stands for."""

    title: str
    fen: int
    carried: Mapping[int, int]
    stops: Sequence[Stop] = ()
    links: Sequence[Link] = field(default_factory=tuple)


def behind(
    desk: Desk, names: Names, whole: Flow, flow: Flow, chart: Chart, chosen: str | None
) -> Behind | None:
    """What the chosen id stands for; None for nothing, or for what is not there.

    whole: what the sums above the chart are of. flow: what is drawn of it.
    """
    words = desk.words
    if chosen is None:
        return None
    if chosen in chart.bands:
        band = chart.bands[chosen]
        title = f"{title_of(desk, names, band.start)} → {title_of(desk, names, band.end)}"
        return Behind(title, band.fen, _carried(flow, band.links), (), band.links)
    if chosen in chart.nodes:
        node = chart.nodes[chosen]
        points = {stop.point for stop in node.stops}
        if node.group == "returns":
            ends = [band for band in chart.bands.values() if band.end == node]
            links = tuple(link for band in ends for link in band.links)
            return Behind(
                words("money.returns"), sum(link.fen for link in links), _carried(flow, links), (), links
            )
        links = tuple(link for link in flow.links if link.start in points or link.end in points)
        into = [link for link in links if link.end in points] or list(links)
        folded = node.stops if node.group == "more" else ()
        total = sum(link.fen for link in into)
        return Behind(title_of(desk, names, node), total, _carried(flow, links), folded, links)
    return _sum_behind(desk, names, whole, chosen)


def _sum_behind(desk: Desk, names: Names, flow: Flow, chosen: str) -> Behind | None:
    words = desk.words
    if chosen == PAID:
        links = tuple(link for link in flow.links if link.start[0] == "victim")
        return Behind(words("money.paid"), flow.paid_fen, _carried(flow, links), (), links)
    if chosen == HELD:
        holding = [stop for stop in flow.stops if stop.held_fen]
        points = {stop.point for stop in holding}
        links = tuple(link for link in flow.links if link.end in points)
        return Behind(words("money.held"), flow.held_fen, _carried(flow, links), holding, links)
    links = tuple(link for link in flow.links if f"sink-{link.end[1]}" == chosen and link.end[0] == "sink")
    if not links:
        return None
    total = sum(link.fen for link in links)
    return Behind(names.of(links[0].end), total, _carried(flow, links), (), links)


def show_behind(desk: Desk, names: Names, books: Books, flow: Flow, found: Behind | None) -> None:
    """Draw it; a hint while nothing is chosen."""
    words = desk.words
    if found is None:
        st.caption(words("money.choose"))
        return
    st.markdown(f"**{as_text(found.title)}**")
    st.markdown(
        f"{as_text(money_text(found.fen, flow.currency))} · {words('money.made_by', method=flow.method)}"
    )
    refs = [
        ref for link in found.links for point in (link.start, link.end) if (ref := _account(names, point))
    ]
    refs = list(dict.fromkeys(refs))
    if refs and st.button(words("gangs.open_chart"), icon=":material/hub:", key="money-open"):
        open_on_chart(refs)
    if found.stops:
        _folded(desk, names, flow, found.stops)
    show_movements(desk, books, found.carried, flow.currency, "behind")


def show_movements(desk: Desk, books: Books, carried: Mapping[int, int], currency: str, key: str) -> None:
    """The movements with what each carried, then the source rows of all, or of the one chosen."""
    words, rows = desk.words, books.ledgers.rows
    numbers = sorted(carried, key=lambda number: (rows["at"][number], number))
    if not numbers:
        st.caption(words("empty.rows"))
        return
    told = rows[numbers].select("event_key", "at", "payer", "payee", "fen")
    lines: list[Row] = [
        {
            words("explore.at"): local_text(instant(at)),
            words("money.traced"): money_text(carried[number], currency),
            words("money.whole_row"): money_text(fen, currency),
            words("explore.from"): _end(desk, payer),
            words("explore.to"): _end(desk, payee),
        }
        for number, (_, at, payer, payee, fen) in zip(numbers, told.iter_rows(), strict=True)
    ]
    st.caption(words("money.movements_n", n=len(lines)))
    picked = show_table(desk, lines, key=f"{key}-movements", download="movements", select=True)
    keys = told["event_key"].to_list()
    shown = keys if picked is None else [keys[picked]]
    st.markdown(f"**{words('explore.evidence')}**")
    show_rows(desk, rows_behind(books.tables, shown), key=f"{key}-money")


def _folded(desk: Desk, names: Names, flow: Flow, stops: Sequence[Stop]) -> None:
    words = desk.words
    lines: list[Row] = [
        {
            words("money.who"): names.of(stop.point),
            words("money.received"): money_text(stop.received_fen, flow.currency),
            words("money.sent"): money_text(stop.sent_fen, flow.currency),
            words("money.held"): money_text(stop.held_fen, flow.currency),
        }
        for stop in sorted(stops, key=lambda s: (-max(s.held_fen, s.received_fen, s.sent_fen), s.point))
    ]
    show_table(desk, lines, key="money-folded", download="folded")


def _carried(flow: Flow, links: Sequence[Link]) -> dict[int, int]:
    """Movement -> fen traced on these links.

    What ends at an account without a sheet stands on the link to it and on the one to its end: once here.
    """
    outside = {stop.point for stop in flow.stops if not stop.followed}
    sums: dict[bool, dict[int, int]] = {True: defaultdict(int), False: defaultdict(int)}
    for link in links:
        for event, fen in link.carried:
            sums[link.start in outside][event] += fen
    return {**sums[True], **sums[False]}


def _account(names: Names, point: tuple[str, str]) -> Ref | None:
    return names.ref(("account", point[1])) if point[0] == "account" else None


def _end(desk: Desk, account: str | None) -> str:
    return desk.words("money.counter") if account is None else desk.scope.key(Ref("Account", account))
