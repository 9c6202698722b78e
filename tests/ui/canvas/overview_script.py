"""A page with an overview of 3,000 invented nodes; the browser tests drive it and read what Python got."""

import streamlit as st

from bench.ui_graph import ring_graph
from cases.places import place_hints
from graph.contract import Ref
from ui.canvas.overview import WORDS, Kind, Mark, OverviewData, network_overview
from ui.words import Words

HOSTILE = '</script><img src=x onerror="window.canvasHacked=1">'


@st.cache_resource
def drawn() -> OverviewData:
    """Rings; every tenth node is a person, one has a hostile label."""
    graph = ring_graph(3000, 5000, 9)
    refs = [Ref("Account", str(n)) for n in range(graph.nodes)]
    hints = place_hints(refs, [(refs[a], refs[b]) for a, b in graph.edges])
    marks = [
        Mark(
            f"h{n}",
            HOSTILE if n == 7 else f"虚构{n:04d}",
            "Person" if n % 10 == 0 else "Account",
            30,
            *hints[refs[n]],
        )
        for n in range(graph.nodes)
    ]
    types = (Kind("Person", "人员", "#c4501b"), Kind("Account", "账户", "#1b7f5c"))
    return OverviewData(
        marks, [(a, b, "TRANSFER") for a, b in graph.edges], types, (Kind("TRANSFER", "转账", "#1b7f5c"),)
    )


st.set_page_config(layout="wide")
words = Words("en")
opened = st.session_state.setdefault("opened", [])
if not st.checkbox("Away"):
    chosen = network_overview(
        drawn(), key="overview", words={name: words(f"large.{name}") for name in WORDS}, on_open=opened.append
    )
    st.text(f"chosen: {chosen}")
st.text(f"opened: {opened}")
