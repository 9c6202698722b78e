"""Beside the chart: why two selected nodes are connected, and what several have in common."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import streamlit as st

from cases.connections import (
    Connections,
    Reader,
    Way,
    WayKind,
    Window,
    common_neighbours,
    connections,
)
from cases.lines import Line
from export.signs import local_text, money_text
from graph.contract import Direction, Node, Ref, Shared, SharedNeighbours
from graph.errors import DuanlianError
from ui.desk import Desk, kept_while, subject
from ui.elements import line_label, node_label
from ui.navigate import add_to_chart
from ui.plain_text import as_text
from ui.source_rows import show_rows
from ui.tables import show_table

_ASKED = "connection_asked"
_CHINA = timedelta(hours=8)


def connection_panel(desk: Desk) -> None:
    """What joins the selected nodes; nothing is looked for before somebody asks."""
    words = desk.words
    refs: tuple[Ref, ...] = st.session_state.get("selected_refs", ())
    asked = st.session_state.get(_ASKED)
    if len(refs) < 2 and asked is None:
        return
    st.subheader(words("connect.title"))
    if len(refs) >= 2:
        st.caption(words("connect.selected", n=len(refs)))
        with st.container(horizontal=True):
            if len(refs) == 2:
                st.button(words("connect.why"), key="ask-ways", icon=":material/route:", type="primary",
                          on_click=ask, args=("ways", refs))  # fmt: skip
            st.button(words("connect.common"), key="ask-common", icon=":material/join_inner:",
                      on_click=ask, args=("common", refs))  # fmt: skip
    if asked is None:
        return
    st.button(words("connect.close"), key="connect-close", icon=":material/close:", on_click=_close)
    try:
        if asked[0] == "ways":
            _ways(desk, asked[1])
        else:
            _common(desk, asked[1])
    except DuanlianError as error:
        st.error(error.message)


def ask(what: str, refs: tuple[Ref, ...]) -> None:
    """Have the panel look for the `ways` between two nodes, or for what several have in `common`."""
    st.session_state[_ASKED] = (what, refs)


def _close() -> None:
    st.session_state.pop(_ASKED, None)


def _reader(desk: Desk) -> Reader:
    return Reader(desk.home, desk.engine, subject(desk.settings), st.session_state.get("case_no"))


def _window(desk: Desk) -> Window:
    """Days (UTC+8) and order in time as chosen."""
    words = desk.words
    with st.popover(words("connect.bounds"), icon=":material/schedule:"):
        none_yet: Any = ()
        days: Any = st.date_input(words("connect.days"), value=none_yet, key="connect-days")
        strict = st.toggle(
            words("connect.strict"), value=True, key="connect-strict", help=words("connect.strict_help")
        )
    first: date | None = days[0] if days else None
    last: date | None = days[1] if len(days) > 1 else None
    since = datetime.combine(first, time(), UTC) - _CHINA if first else None
    until = datetime.combine(last, time.max, UTC) - _CHINA if last else None
    return Window(since, until, bool(strict))


def _ways(desk: Desk, refs: Sequence[Ref]) -> None:
    words = desk.words
    if len(refs) != 2:
        st.info(words("explore.path_two"), icon=":material/info:")
        return
    window = _window(desk)
    stamp = f"{desk.state} {desk.handle(refs[0])} {desk.handle(refs[1])} {window}"
    answer: Connections = kept_while(
        "connection_ways", stamp, words("connect.working"),
        lambda: connections(_reader(desk), refs[0], refs[1], window, datetime.now(UTC)),
    )  # fmt: skip
    labels = [_label(desk, ref) for ref in refs]
    st.caption(words("connect.between", one=as_text(labels[0]), other=as_text(labels[1])))
    if not all(answer.accounts):
        st.caption(words("connect.no_accounts"))
    everything = dict.fromkeys(node.ref for way in answer.ways for node in way.nodes)
    if everything:
        st.button(words("connect.add_all", n=len(everything)), key="ways-all", icon=":material/add:",
                  on_click=add_to_chart, args=(tuple(everything),))  # fmt: skip
    for place, way in enumerate(answer.ways):
        _way(desk, way, place, labels)


def _way(desk: Desk, way: Way, place: int, labels: Sequence[str]) -> None:
    words = desk.words
    kind = way.kind.value
    if way.kind is WayKind.SHORTEST:
        title = words("connect.shortest")
    else:
        start, end = (labels[1], labels[0]) if way.back else (labels[0], labels[1])
        title = f"{words(f'connect.{kind}')}: {start} → {end}"
    if not way.nodes:
        said = words("connect.unknown" if way.truncated else "connect.none")
        st.markdown(f"**{as_text(title)}**  \n{said}")
        return
    st.markdown(f"**{as_text(title)}**")
    st.write(_sentence(desk, way))
    if way.truncated:
        st.caption(words("connect.truncated"))
    names = {node.ref: node for node in way.nodes}
    lines = [(number, line) for number, step in enumerate(way.steps, start=1) for line in step]
    chosen = show_table(
        desk,
        [_step_row(desk, number, line, names) for number, line in lines],
        key=f"way-{place}",
        select=True,
    )
    if chosen is not None and chosen < len(lines):
        show_rows(desk, lines[chosen][1].rows, key=f"way-{place}-rows")
    st.button(words("connect.add", n=len(way.nodes)), key=f"way-{place}-add", icon=":material/add:",
              on_click=add_to_chart, args=(tuple(names),))  # fmt: skip


def _sentence(desk: Desk, way: Way) -> str:
    """A way in one sentence, with sums and times as far as it has them."""
    words = desk.words
    if len(way.nodes) == 1:
        return words("connect.same")
    steps = len(way.steps)
    if way.kind is WayKind.SHORTEST:
        return words("connect.said_shortest", n=steps)
    lines = [line for step in way.steps for line in step]
    firsts = [line.first_at for line in lines if line.first_at]
    lasts = [line.last_at for line in lines if line.last_at]
    weakest = money_text(way.weakest_fen or 0)
    return words(
        f"connect.said_{way.kind.value}", n=steps, sum=weakest, first=local_text(min(firsts)),
        last=local_text(max(lasts)), rows=sum(line.count for line in lines),
    )  # fmt: skip


def _step_row(desk: Desk, number: int, line: Line, names: dict[Ref, Node]) -> dict[str, Any]:
    words = desk.words
    return {
        words("connect.step"): f"{number} {words.type_label(line.relation)}",
        words("connect.sum"): line_label(desk, line),
        words("connect.ends"): f"{node_label(desk, names[line.start])} → {node_label(desk, names[line.end])}",
    }


def _common(desk: Desk, refs: Sequence[Ref]) -> None:
    words = desk.words
    if len(refs) < 2:
        st.info(words("connect.two"), icon=":material/info:")
        return
    least = 2
    if len(refs) > 2:
        least = int(st.number_input(words("connect.least"), 2, len(refs), 2, key="connect-least"))
    stamp = f"{desk.state} {least} {' '.join(desk.handle(ref) for ref in refs)}"
    found: SharedNeighbours = kept_while(
        "connection_common", stamp, words("connect.working"),
        lambda: common_neighbours(_reader(desk), refs, least, datetime.now(UTC)),
    )  # fmt: skip
    if not found.found:
        st.info(words("connect.no_common", n=least), icon=":material/info:")
        return
    st.caption(words("connect.counted", n=len(found.found), least=least, asked=len(refs)))
    if found.truncated:
        st.caption(words("connect.cut"))
    state = st.dataframe(
        [_shared_row(desk, one) for one in found.found], hide_index=True, key="common-table",
        on_select="rerun", selection_mode="multi-row",
    )  # fmt: skip
    picked = [found.found[n].node.ref for n in state["selection"]["rows"] if n < len(found.found)]
    few = picked or [one.node.ref for one in found.found if not one.hub]
    label = "connect.add" if picked else "connect.add_no_hubs"
    st.button(words(label, n=len(few)), key="common-add", icon=":material/add:", disabled=not few,
              on_click=add_to_chart, args=(tuple(few),))  # fmt: skip


def _shared_row(desk: Desk, one: Shared) -> dict[str, Any]:
    words = desk.words
    parts = []
    for link in one.links:
        arrow = "→" if link.direction is Direction.OUT else "←"
        money = f" {money_text(link.amount_fen)}" if link.amount_fen else ""
        parts.append(f"{words.type_label(link.relation)} {arrow} {link.linked}{money} ({link.count}×)")
    return {
        words("search.type"): words.type_label(one.node.ref.type),
        words("search.name"): node_label(desk, one.node),
        words("connect.linked"): one.linked,
        words("connect.how"): "; ".join(parts),
        words("connect.others"): one.others,
        words("connect.hub"): words("connect.is_hub") if one.hub else "",
    }


def _label(desk: Desk, ref: Ref) -> str:
    found = desk.engine.nodes([ref])
    return node_label(desk, found[0]) if found else desk.scope.key(ref)
