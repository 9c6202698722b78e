"""A layered flow as the chart draws it: opaque ids, masked names, sums, times and signs."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from export.signs import local_text, money_text, short_total
from funds.flow import Flow, Link, Point, Stop
from funds.flow_fold import Band, Drawn, Picture, picture_of
from graph.contract import Ref
from ui.canvas.flow import FlowColumn, FlowData, FlowLink, FlowNode, NodeKind
from ui.desk import Desk
from ui.money.question import victim_text
from ui.money.traces import Books, instant


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn, with the way back from an id to what it stands for."""

    data: FlowData
    picture: Picture
    nodes: Mapping[str, Drawn]
    bands: Mapping[str, Band]


@dataclass(frozen=True, slots=True)
class Names:
    """How victims, accounts and ends are called before this reader."""

    desk: Desk
    cases: frozenset[str]

    def ref(self, point: Point) -> Ref | None:
        """The node of the lake behind a point; a sink has none."""
        kind, name = point
        if kind == "sink":
            return None
        return Ref("Account" if kind == "account" else "Case" if name in self.cases else "Report", name)

    def of(self, point: Point) -> str:
        """One of them."""
        kind, name = point
        if kind == "sink":
            return self.desk.words(f"money.sink_{name}")
        if kind == "victim":
            return victim_text(self.desk.scope, name, name in self.cases)
        return self.desk.scope.key(Ref("Account", name))

    def short(self, point: Point) -> str:
        """The same where room is short: the first and last signs of an account."""
        whole = self.of(point)
        return whole if point[0] != "account" or len(whole) <= 14 else f"{whole[:6]}…{whole[-4:]}"


def chart_of(desk: Desk, flow: Flow, books: Books, most: int) -> Chart:
    """The chart of a flow, folded to about `most` nodes."""
    picture = picture_of(flow, most, [("account", account) for account in books.held_by_order])
    names = Names(desk, books.cases)
    opened = _opened(books, picture)
    by_node = {node_id(names, node): node for node in picture.nodes}
    by_band = {band_id(names, band): band for band in picture.bands}
    width = max((node.column for node in picture.nodes), default=-1) + 1
    marks = [_node(desk, names, flow, books, opened, ident, node) for ident, node in by_node.items()]
    bands = [_band(desk, names, flow, ident, band) for ident, band in by_band.items()]
    heads = tuple(_head(desk, flow, at, width) for at in range(width))
    return Chart(FlowData(heads, tuple(marks), tuple(bands)), picture, by_node, by_band)


def node_id(names: Names, node: Drawn) -> str:
    """The opaque, stable name of a node in the browser."""
    if node.group != "stop":
        return "-".join(node.id)
    ref = names.ref(node.stops[0].point)
    return f"sink-{node.stops[0].point[1]}" if ref is None else names.desk.handle(ref)


def band_id(names: Names, band: Band) -> str:
    """The opaque, stable name of a band in the browser."""
    text = "\x1f".join((node_id(names, band.start), node_id(names, band.end)))
    return "b" + hashlib.sha256(text.encode()).hexdigest()[:20]


def span_text(first: int, last: int) -> str:
    """First and last time; the day once where both are of one."""
    begin, end = local_text(instant(first)), local_text(instant(last))
    if begin == end:
        return begin
    return f"{begin}–{end[11:]}" if begin[:10] == end[:10] else f"{begin}–{end}"


def _node(
    desk: Desk,
    names: Names,
    flow: Flow,
    books: Books,
    opened: Mapping[str, datetime],
    ident: str,
    node: Drawn,
) -> FlowNode:
    words, stop = desk.words, node.stops[0]
    received, sent, held = (
        sum(getattr(one, name) for one in node.stops) for name in ("received_fen", "sent_fen", "held_fen")
    )
    if node.group == "returns":
        back = [link for link in flow.links if link.back and _column(flow, link.start) + 1 == node.column]
        total, label, received, sent, held = sum(link.fen for link in back), words("money.returns"), 0, 0, 0
        facts = [
            (words("money.sum"), money_text(total, flow.currency)),
            (words("money.movements"), str(_count(back))),
        ]
    else:
        total = sent if stop.point[0] == "victim" else received
        label = names.short(stop.point) if node.group == "stop" else words("money.more", n=len(node.stops))
        facts = _facts(desk, flow, stop.point[0], received, sent, held)
        facts.append((words("explore.first"), local_text(instant(min(s.first_at or 0 for s in node.stops)))))
        facts.append((words("explore.last"), local_text(instant(max(s.last_at or 0 for s in node.stops)))))
    account = node.group == "stop" and stop.point[0] == "account"
    frozen = account and stop.point[1] in books.held_by_order
    signs = _signs(desk, books, stop, opened.get(stop.point[1]), frozen) if account else []
    kind: NodeKind = stop.point[0] if node.group == "stop" else node.group
    whole = names.of(stop.point) if node.group == "stop" else label
    tall = max(received, sent) or 1
    return FlowNode(
        id=ident,
        kind=kind,
        column=node.column,
        label=label,
        sum=money_text(total, flow.currency),
        brief=(_brief(names, node), short_total(total, words.language) if flow.currency == "CNY" else ""),
        held_share=min(1.0, held / tall) if kind in ("account", "more") else 0.0,
        frozen=frozen,
        open=account and not stop.followed,
        lines=(*((whole,) if whole != label else ()), *(f"{name} {value}" for name, value in facts), *signs),
        card=tuple(facts),
        signs=tuple(signs),
    )


def _brief(names: Names, node: Drawn) -> str:
    """A name of few signs: the last four of an account or a case."""
    words, (kind, _) = names.desk.words, node.stops[0].point
    if node.group == "returns":
        return "↩"
    if node.group == "more":
        return words("money.more_brief", n=len(node.stops))
    return names.of(node.stops[0].point) if kind == "sink" else f"…{names.of(node.stops[0].point)[-4:]}"


def _facts(desk: Desk, flow: Flow, kind: str, received: int, sent: int, held: int) -> list[tuple[str, str]]:
    words = desk.words
    shown = {
        "victim": [("money.paid", sent)],
        "sink": [("money.ended", received)],
        "account": [("money.received", received), ("money.sent", sent), ("money.held", held)],
    }[kind]
    return [(words(name), money_text(fen, flow.currency)) for name, fen in shown]


def _signs(desk: Desk, books: Books, stop: Stop, opened: datetime | None, frozen: bool) -> list[str]:
    """Short marks: what to know of an account beside its sums."""
    words, found = desk.words, []
    if frozen:
        found.append(words("money.sign_frozen"))
    if not stop.followed:
        found.append(words("money.sign_no_sheet"))
    if stop.level is None:
        found.append(words("money.sign_no_level"))
    gaps = sum(books.gaps.get(number, 0) for number in books.ledgers.numbers_of(stop.point[1]))
    if gaps:
        found.append(words("money.sign_gaps", n=gaps))
    if opened is not None and stop.first_at is not None and instant(stop.first_at) >= opened:
        found.append(words("money.sign_age", n=(instant(stop.first_at) - opened).days))
    return found


def _opened(books: Books, picture: Picture) -> dict[str, datetime]:
    """When the drawn accounts were opened, as far as registers say."""
    drawn = [
        n.stops[0].point[1] for n in picture.nodes if n.group == "stop" and n.stops[0].point[0] == "account"
    ]
    rows = (
        books.tables.scan("Account").filter(pl.col("key").is_in(drawn)).select("key", "opened_at").collect()
    )
    return dict(rows.drop_nulls().iter_rows())


def _band(desk: Desk, names: Names, flow: Flow, ident: str, band: Band) -> FlowLink:
    first, last = min(link.first_at for link in band.links), max(link.last_at for link in band.links)
    total = money_text(band.fen, flow.currency)
    label = " · ".join((total, f"{_count(band.links)}×", span_text(first, last)))
    return FlowLink(
        id=ident,
        source=node_id(names, band.start),
        target=node_id(names, band.end),
        value=band.fen,
        label=label,
        lines=(f"{title_of(desk, names, band.start)} → {title_of(desk, names, band.end)}",),
    )


def title_of(desk: Desk, names: Names, node: Drawn) -> str:
    """What a node is called in a sentence."""
    if node.group == "returns":
        return desk.words("money.returns")
    if node.group == "more":
        return desk.words("money.more", n=len(node.stops))
    return names.of(node.stops[0].point)


def _count(links: Sequence[Link]) -> int:
    """Movements, each once."""
    return len({event for link in links for event in link.events})


def _column(flow: Flow, point: Point) -> int:
    return next(stop.column for stop in flow.stops if stop.point == point)


def _head(desk: Desk, flow: Flow, column: int, width: int) -> FlowColumn:
    words = desk.words
    by_kind: dict[str, list[Stop]] = defaultdict(list)
    for stop in flow.stops:
        if stop.column == column:
            by_kind[stop.point[0]].append(stop)
    if by_kind["victim"]:
        return FlowColumn(words("money.victims"), (money_text(flow.paid_fen, flow.currency),))
    if by_kind["sink"] or (column == width - 1 and not by_kind["account"]):
        return FlowColumn(words("money.ends"), (money_text(flow.ended_fen, flow.currency),))
    held = sum(stop.held_fen for stop in by_kind["account"])
    lines = (
        words("money.accounts", n=len(by_kind["account"])),
        words("money.held_sum", fen=money_text(held, flow.currency)),
    )
    return FlowColumn(words("money.level", n=column), lines)
